"""The queue as the worker sees it: claimed in fair order, held under a lease, written only while it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from core.errors import Fault
from core.generation import Generation, Options, Reference, Status
from core.ports import Made, Outcome, StoredImage, Upcoming
from core.storage import forecasts, requests, rows
from core.storage.database import Database
from core.storage.ending import BEGIN_CALL, END, FINISH, RECLAIM, STILL_OURS
from core.storage.parking import unpark, unpark_forgotten
from core.storage.retention import forget
from core.storage.tables import generations

# Statuses and the limit are written out, not bound: only so can a cached plan use the partial index.
CLAIM = text(f"""
    UPDATE generations
       SET status = 'running', worker = :worker, lease_until = now() + :lease, attempts = attempts + 1,
           started_at = coalesce(started_at, now()), not_before = NULL, calling = false
     WHERE id = (SELECT id FROM generations
                  WHERE status = 'queued' AND NOT parked AND (not_before IS NULL OR not_before <= now())
                  ORDER BY virtual_start, created_at
                  LIMIT 1
                  FOR UPDATE SKIP LOCKED)
       AND (CAST(:most AS int) IS NULL OR (options ->> 'count')::int <= :most)
    RETURNING {", ".join(rows.GENERATION_NAMES)}
""").columns(*rows.GENERATION)  # noqa: S608  put together from constants

UPCOMING = text("""
    SELECT id, provider, (options ->> 'count')::int FROM generations
     WHERE status = 'queued' AND NOT parked AND (not_before IS NULL OR not_before <= now())
     ORDER BY virtual_start, created_at
     LIMIT 1
""")

# Sent before the picture was looked at; what is found then, FINISH fills in within the same transaction.
ADD_IMAGE = text(f"""
    WITH image AS (
        INSERT INTO generated_images (user_id, thread_id, generation_id, position, prompt_text, image_data, metadata,
                                      byte_count, media_type, width, height, sha256)
        SELECT user_id, thread_id, id, :position, prompt, :image_data, :metadata, :byte_count, '', 0, 0, ''
          FROM generations
         WHERE {STILL_OURS}
        RETURNING id, prompt_text
    )
    INSERT INTO image_metadata (image_id, original_prompt, revised_prompt, provider_metadata, generation_time_ms)
    SELECT id, prompt_text, :revised_prompt, :provider_metadata, :generation_time_ms FROM image
""").bindparams(  # noqa: S608  put together from constants
    bindparam("metadata", type_=JSONB), bindparam("provider_metadata", type_=JSONB)
)


class PostgresWork:
    """Implements `core.ports.WorkStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upcoming(self) -> Upcoming | None:
        async with self._database.single() as connection:
            row = (await connection.execute(UPCOMING)).first()
        return None if row is None else Upcoming(*row)

    async def claim(self, worker: str, lease: timedelta, most: int | None = None) -> Generation | None:
        async with self._database.single() as connection:
            row = (await connection.execute(CLAIM, {"worker": worker, "lease": lease, "most": most})).first()
        return None if row is None else rows.generation(row)

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return await requests.references(self._database, generation_id)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        return await forecasts.typical_seconds(self._database, options, provider)

    async def renew(self, ids: Sequence[UUID], worker: str, lease: timedelta) -> Mapping[UUID, bool]:
        statement = (
            update(generations)
            .where(generations.c.id.in_(ids), generations.c.status == Status.RUNNING, generations.c.worker == worker)
            .values(lease_until=func.now() + lease)
            .returning(generations.c.id, generations.c.cancel_requested)
        )
        async with self._database.urgent() as connection:
            return {row.id: row.cancel_requested for row in await connection.execute(statement)}

    async def finish(self, generation: Generation, worker: str, outcome: Outcome) -> bool:
        async with self._database.transaction() as connection:
            for one in outcome.made:
                # One statement a picture: a single one for all would hold every copy in memory at once.
                if (await connection.execute(ADD_IMAGE, _image(generation, one, outcome))).rowcount == 0:
                    return False
            ending = _ending(generation, outcome, await outcome.checked)
            kept = bool((await connection.execute(FINISH, ending)).scalar_one())
            if not kept:
                await connection.rollback()
        return kept

    async def begin_call(self, generation: Generation, worker: str) -> bool:
        async with self._database.single() as connection:
            done = await connection.execute(BEGIN_CALL, _held(generation, worker))
        return bool(done.rowcount)

    async def fail(
        self, generation: Generation, worker: str, fault: Fault, detail: str, *, lost_micro: int | None = None
    ) -> bool:
        values = {"status": Status.FAILED, "fault": fault, "detail": detail[:2000]}
        return await self._end(generation, worker, lost_micro, **values)

    async def cancelled(self, generation: Generation, worker: str, *, lost_micro: int | None = None) -> bool:
        return await self._end(generation, worker, lost_micro, status=Status.CANCELLED)

    async def hand_back(
        self, generation: Generation, worker: str, pause: timedelta | None, *, lost_micro: int | None = None
    ) -> bool:
        return await self._end(generation, worker, lost_micro, status=Status.QUEUED, pause=pause)

    async def reclaim(self, max_attempts: int, grace: timedelta = timedelta(0)) -> Sequence[UUID]:
        async with self._database.single() as connection:
            return list((await connection.execute(RECLAIM, {"max_attempts": max_attempts, "grace": grace})).scalars())

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        return await unpark(self._database, generation)

    async def unpark_forgotten(self) -> Sequence[UUID]:
        return await unpark_forgotten(self._database)

    async def forget(self) -> int:
        return await forget(self._database)

    async def waiting(self, limit: int) -> Sequence[UUID]:
        ready = generations.c.not_before.is_(None) | (generations.c.not_before <= func.now())
        query = (
            select(generations.c.id)
            .where(generations.c.status == Status.QUEUED, ~generations.c.parked, ready)
            .order_by(generations.c.virtual_start, generations.c.created_at)
            .limit(limit)
        )
        async with self._database.single() as connection:
            return list((await connection.execute(query)).scalars())

    async def _end(self, generation: Generation, worker: str, lost_micro: int | None, **values: Any) -> bool:
        given = {"fault": None, "detail": "", "pause": None, **values, **_held(generation, worker)}
        async with self._database.single() as connection:
            done = await connection.execute(END, given | {"lost_micro": lost_micro})
        return bool(done.scalar_one())


def _held(generation: Generation, worker: str) -> dict[str, object]:
    """The attempt tells a second claim of ours from the first."""
    return {"id": generation.id, "worker": worker, "attempts": generation.attempts}


def _image(generation: Generation, made: Made, outcome: Outcome) -> dict[str, object]:
    return {
        "id": generation.id,
        "attempts": generation.attempts,
        "position": made.position,
        "image_data": made.base64,
        "metadata": {
            **rows.options_json(generation.options),
            "provider": generation.provider,
            "revised_prompt": made.revised_prompt,
        },
        "byte_count": len(made.data),
        "revised_prompt": made.revised_prompt,
        "provider_metadata": dict(made.metadata),
        "generation_time_ms": outcome.generation_time_ms,
    }


def _ending(generation: Generation, outcome: Outcome, images: Sequence[StoredImage]) -> dict[str, object]:
    return {
        "id": generation.id,
        "attempts": generation.attempts,
        "provider_prompt": outcome.provider_prompt,
        "revised_prompt": next((one.revised_prompt for one in outcome.made if one.revised_prompt), None),
        "cost_micro": outcome.cost_micro,
        "lost_micro": outcome.lost_micro,
        "generation_time_ms": outcome.generation_time_ms,
        "pictures": len(images),
        "images": [
            {
                "position": one.made.position,
                "thumbnail_data": one.thumbnail_base64,
                "media_type": one.media_type,
                "width": one.width,
                "height": one.height,
                "sha256": one.sha256,
                "cost_micro": one.cost_micro,
            }
            for one in images
        ],
    }
