"""Accepting requests and asking after them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, case, func, select, text, update

from core.generation import Accepted, Generation, ImageRequest, Options, Reference, Status
from core.storage import rows
from core.storage.accepting import accept
from core.storage.database import Database
from core.storage.forecasts import PLACE, typical_seconds
from core.storage.tables import generations, reference_images

_columns = select(*rows.GENERATION)
BY_ID = _columns.where(generations.c.id == bindparam("id"))
BY_KEY = _columns.where(generations.c.idempotency_key == bindparam("key"))
REFERENCES = (
    select(reference_images.c.data, reference_images.c.media_type)
    .where(reference_images.c.generation_id == bindparam("id"))
    .order_by(reference_images.c.position)
)
MINE = "(SELECT {} FROM generations WHERE id = :id)"
AHEAD = PLACE.format(start=MINE.format("virtual_start"), created=MINE.format("created_at"))
POSITION = text(f"SELECT CASE WHEN {MINE.format('status')} = 'queued' THEN ({AHEAD}) ELSE 0 END")


class PostgresRequests:
    """Implements `core.ports.RequestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        accepted = await accept(self._database, request, provider, turn_cost, courier)
        return accepted or await self._duplicate(request.idempotency_key)

    async def _duplicate(self, key: str) -> Accepted:
        async with self._database.single() as connection:
            first = rows.generation((await connection.execute(BY_KEY, {"key": key})).one())
        return Accepted(first, await self.position(first), None, duplicate=True)

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

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return await references(self._database, generation_id)

    async def position(self, generation: Generation) -> int:
        if generation.status is not Status.QUEUED:
            return 0
        async with self._database.single() as connection:
            return int((await connection.execute(POSITION, {"id": generation.id})).scalar_one())

    async def cancel(self, generation_id: UUID) -> Generation | None:
        waits = generations.c.status == Status.QUEUED
        mark = (
            update(generations)
            .where(generations.c.id == generation_id, generations.c.status.in_([Status.QUEUED, Status.RUNNING]))
            .values(
                cancel_requested=True,
                status=case((waits, Status.CANCELLED), else_=generations.c.status),
                finished_at=case((waits, func.now())),
            )
        )
        async with self._database.single() as connection:
            await connection.execute(mark)
        return await self.generation(generation_id)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        return await typical_seconds(self._database, options, provider)


async def references(database: Database, generation_id: UUID) -> tuple[Reference, ...]:
    """The pictures that came with a request, in order."""
    async with database.single() as connection:
        found = await connection.execute(REFERENCES, {"id": generation_id})
    return tuple(Reference(data, media_type) for data, media_type in found)
