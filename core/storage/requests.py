"""Accepting requests and asking after them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Double, Integer, bindparam, column, select, text

from core.errors import Outage
from core.generation import Accepted, Generation, ImageRequest, Options, Reference, Requester, Status, Venue
from core.limits import Facts
from core.ports import Terms
from core.storage import limit_facts, proposals, rows
from core.storage.accepting import accept
from core.storage.accounts import ensure_known
from core.storage.database import Database
from core.storage.ending import CANCEL
from core.storage.forecasts import FAR_BACK, PLACE, SIDE_BY_SIDE, TYPICAL, measured, placed, typical_seconds
from core.storage.parking import unpark
from core.storage.tables import generations, reference_images

_columns = select(*rows.GENERATION)
BY_ID = _columns.where(generations.c.id == bindparam("id"))
ID_BY_KEY = select(generations.c.id).where(generations.c.idempotency_key == bindparam("key"))
REFERENCES = (
    select(reference_images.c.data, reference_images.c.media_type)
    .where(reference_images.c.generation_id == bindparam("id"))
    .order_by(reference_images.c.position)
)
OPEN_OF = _columns.where(
    generations.c.user_id == bindparam("user_id"), text("status IN ('queued', 'running')")
).order_by(generations.c.created_at, generations.c.id)
LINE = text(
    f"SELECT count(*) FROM (SELECT FROM generations WHERE status = 'queued' LIMIT {FAR_BACK}) AS line"  # noqa: S608
)
MINE = "(SELECT {} FROM generations WHERE id = :id)"
AHEAD = PLACE.format(start=MINE.format("virtual_start"), created=MINE.format("created_at"))
STANDING = text(f"""
    SELECT {", ".join(f"g.{name}" for name in rows.GENERATION_NAMES)},
           CASE WHEN g.status = 'queued'
                THEN ({PLACE.format(start="g.virtual_start", created="g.created_at")}) ELSE 0 END AS place,
           typical.ms, ({measured(SIDE_BY_SIDE, "g.provider", "g.kind", "typical.ms")}) AS side_by_side
      FROM generations AS g
      LEFT JOIN LATERAL ({measured(TYPICAL, "g.provider", "g.kind")}) AS typical (ms) ON g.status = 'queued'
     WHERE g.id = :id
""").columns(*rows.GENERATION, column("place", Integer), column("ms", Double), column("side_by_side", Integer))  # noqa: S608  put together from constants
POSITION = text(f"SELECT CASE WHEN {MINE.format('status')} = 'queued' THEN ({AHEAD}) ELSE 0 END")


class PostgresRequests:
    """Implements `core.ports.RequestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, request: ImageRequest, terms: Terms) -> Accepted:
        accepted = await accept(self._database, request, terms) or await self.known(request.idempotency_key)
        if accepted is None:
            raise Outage("The request that was asked for before has just been erased.")
        return accepted

    async def facts(self, requester: Requester, venue: Venue, terms: Terms) -> Facts:
        async with self._database.locked() as connection:
            found = await limit_facts.of(connection, requester, venue, terms)
        if found is not None:
            return found.facts
        await ensure_known(self._database, requester)
        return await self.facts(requester, venue, terms)

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        return await unpark(self._database, generation)

    async def propose(self, request: ImageRequest) -> UUID:
        return await proposals.propose(self._database, request)

    async def proposal(self, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
        return await proposals.proposal(self._database, proposal_id, requester)

    async def known(self, idempotency_key: str) -> Accepted | None:
        async with self._database.single() as connection:
            known = (await connection.execute(ID_BY_KEY, {"key": idempotency_key})).scalar()
            row = None if known is None else (await connection.execute(STANDING, {"id": known})).first()
        return None if row is None else _placed(row, duplicate=True)

    async def generation(self, generation_id: UUID) -> Generation | None:
        async with self._database.single() as connection:
            row = (await connection.execute(BY_ID, {"id": generation_id})).first()
        return None if row is None else rows.generation(row)

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        query = (
            select(*rows.GENERATION)
            .where(generations.c.user_id == user_id)
            .order_by(generations.c.created_at.desc())
            .limit(limit)
        )
        async with self._database.single() as connection:
            found = (await connection.execute(query)).all()
        return [rows.generation(row) for row in reversed(found)]

    async def open_of(self, user_id: UUID) -> Sequence[Generation]:
        async with self._database.single() as connection:
            return [rows.generation(row) for row in await connection.execute(OPEN_OF, {"user_id": user_id})]

    async def line(self) -> int:
        async with self._database.single() as connection:
            return int((await connection.execute(LINE)).scalar_one())

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return await references(self._database, generation_id)

    async def standing(self, generation_id: UUID) -> Accepted | None:
        async with self._database.single() as connection:
            row = (await connection.execute(STANDING, {"id": generation_id})).first()
        return None if row is None else _placed(row)

    async def position(self, generation: Generation) -> int:
        if generation.status is not Status.QUEUED:
            return 0
        async with self._database.single() as connection:
            return int((await connection.execute(POSITION, {"id": generation.id})).scalar_one())

    async def cancel(self, generation_id: UUID) -> Generation | None:
        async with self._database.single() as connection:
            await connection.execute(CANCEL, {"id": generation_id})
        return await self.generation(generation_id)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        return await typical_seconds(self._database, options, provider)


def _placed(row: rows.AnyRow, *, duplicate: bool = False) -> Accepted:
    """A row of STANDING."""
    return placed(rows.generation(row), row.place, row.ms, row.side_by_side, duplicate=duplicate)


async def references(database: Database, generation_id: UUID) -> tuple[Reference, ...]:
    """The pictures that came with a request, in order."""
    async with database.single() as connection:
        found = await connection.execute(REFERENCES, {"id": generation_id})
    return tuple(Reference(data, media_type) for data, media_type in found)
