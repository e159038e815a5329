"""Accepting requests and asking after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import case, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.fairness import turn
from core.generation import Accepted, Generation, ImageRequest, Options, Reference, Status
from core.storage import rows
from core.storage.accounts import ensure_user
from core.storage.database import Database
from core.storage.tables import chat_threads, deliveries, generations, reference_images, users

FIRST_LEASE = timedelta(seconds=30)
"""How long the accepting process owns the message before its first renewal."""

LOOK_BACK = 50
"""Durations that the median is taken from."""

ENOUGH = 3
"""Durations below which no figure is given."""

FAR_BACK = 1000
"""Positions are counted up to here; nobody in that place cares for the exact number."""

# Locks the user's row: requests of one user are accepted one after another, so no limit can be raced.
FACTS = text("""
    SELECT u.id, u.virtual_finish,
           (SELECT coalesce(max(virtual_start), 0) FROM generations WHERE started_at IS NOT NULL) AS served,
           (SELECT id FROM chat_threads WHERE platform = :platform AND external_id = :thread) AS thread_id
      FROM users u
     WHERE u.id = (SELECT user_id FROM identities WHERE platform = :platform AND external_id = :external_id)
       FOR UPDATE OF u
""")


class PostgresRequests:
    """Implements `core.ports.RequestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        async with self._database.transaction() as connection:
            facts = await self._facts(connection, request)
            start, finish = turn(facts.served, facts.virtual_finish, turn_cost)
            row = await self._insert(connection, request, facts, provider, start, courier)
            if row is not None:
                await self._settle_in(connection, request, row.id, facts.id, finish)
        if row is None:
            return await self._duplicate(request.idempotency_key)
        accepted = rows.generation(row)
        typical = await self.typical_seconds(request.options, provider)
        return Accepted(accepted, await self.position(accepted), None if typical is None else round(typical))

    async def _facts(self, connection: AsyncConnection, request: ImageRequest) -> rows.AnyRow:
        values = {
            "platform": request.requester.platform,
            "external_id": request.requester.external_id,
            "thread": request.thread,
        }
        found = (await connection.execute(FACTS, values)).first()
        if found is None:
            await ensure_user(connection, request.requester)
            found = (await connection.execute(FACTS, values)).one()
        if request.thread is not None and found.thread_id is None:
            thread = insert(chat_threads).values(platform=values["platform"], external_id=request.thread)
            await connection.execute(thread.on_conflict_do_nothing())
            found = (await connection.execute(FACTS, values)).one()
        return found

    async def _insert(
        self,
        connection: AsyncConnection,
        request: ImageRequest,
        facts: rows.AnyRow,
        provider: str,
        start: float,
        courier: str | None,
    ) -> rows.AnyRow | None:
        """The request's row and its delivery in one statement; None when the key was known."""
        new = (
            insert(generations)
            .values(
                id=uuid4(),
                user_id=facts.id,
                thread_id=facts.thread_id,
                parent_image_id=request.parent_image_id,
                idempotency_key=request.idempotency_key,
                prompt=request.prompt,
                options=rows.options_json(request.options),
                provider=provider,
                kind=rows.kind_of(request.options),
                requester=rows.requester_json(request.requester),
                reply_to=rows.reply_to_json(request.reply_to),
                virtual_start=start,
            )
            .on_conflict_do_nothing(index_elements=["idempotency_key"])
            .returning(*rows.GENERATION)
            .cte("new")
        )
        query = select(new)
        if request.reply_to is not None:
            delivery = insert(deliveries).from_select(
                ["generation_id", "platform", "courier", "lease_until"],
                select(
                    new.c.id,
                    literal(request.reply_to.platform),
                    literal(courier),
                    func.now() + FIRST_LEASE,
                ),
            )
            query = query.add_cte(delivery.cte("delivery"))
        return (await connection.execute(query)).first()

    async def _settle_in(
        self, connection: AsyncConnection, request: ImageRequest, generation_id: UUID, user_id: UUID, finish: float
    ) -> None:
        await connection.execute(update(users).where(users.c.id == user_id).values(virtual_finish=finish))
        if request.references:
            values = [
                {"generation_id": generation_id, "position": n, "media_type": one.media_type, "data": one.data}
                for n, one in enumerate(request.references)
            ]
            await connection.execute(insert(reference_images), values)

    async def _duplicate(self, key: str) -> Accepted:
        query = select(*rows.GENERATION).where(generations.c.idempotency_key == key)
        async with self._database.read() as connection:
            first = rows.generation((await connection.execute(query)).one())
        return Accepted(first, await self.position(first), None, duplicate=True)

    async def generation(self, generation_id: UUID) -> Generation | None:
        query = select(*rows.GENERATION).where(generations.c.id == generation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else rows.generation(row)

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        query = (
            select(*rows.GENERATION)
            .where(generations.c.user_id == user_id)
            .order_by(generations.c.created_at.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(query)).all()
        return [rows.generation(row) for row in reversed(found)]

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return await references(self._database, generation_id)

    async def position(self, generation: Generation) -> int:
        if generation.status is not Status.QUEUED:
            return 0
        mine = (
            select(generations.c.virtual_start, generations.c.created_at)
            .where(generations.c.id == generation.id)
            .subquery()
        )
        ahead = (
            select(literal(1))
            .select_from(generations, mine)
            .where(
                generations.c.status == Status.QUEUED,
                func.row(generations.c.virtual_start, generations.c.created_at)
                < func.row(mine.c.virtual_start, mine.c.created_at),
            )
            .limit(FAR_BACK)
            .subquery()
        )
        async with self._database.read() as connection:
            count = (await connection.execute(select(func.count()).select_from(ahead))).scalar_one()
        return int(count) + 1

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
        async with self._database.transaction() as connection:
            await connection.execute(mark)
        return await self.generation(generation_id)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        return await typical_seconds(self._database, options, provider)


async def typical_seconds(database: Database, options: Options, provider: str) -> float | None:
    """Median duration in seconds of the latest requests of this kind; None below three."""
    latest = (
        select(generations.c.generation_time_ms)
        .where(
            generations.c.status == Status.FINISHED,
            generations.c.provider == provider,
            generations.c.kind == rows.kind_of(options),
        )
        .order_by(generations.c.finished_at.desc())
        .limit(LOOK_BACK)
        .subquery()
    )
    median = func.percentile_cont(0.5).within_group(latest.c.generation_time_ms)
    async with database.read() as connection:
        count, value = (await connection.execute(select(func.count(), median).select_from(latest))).one()
    return None if count < ENOUGH else float(value) / 1000


async def references(database: Database, generation_id: UUID) -> tuple[Reference, ...]:
    """The pictures that came with a request, in order."""
    query = (
        select(reference_images.c.data, reference_images.c.media_type)
        .where(reference_images.c.generation_id == generation_id)
        .order_by(reference_images.c.position)
    )
    async with database.read() as connection:
        return tuple(Reference(data, media_type) for data, media_type in await connection.execute(query))
