"""The queue as the worker sees it: claimed in fair order, held under a lease, written only while it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Update, bindparam, case, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from core.errors import Fault
from core.generation import Generation, Options, Reference, Status
from core.ports import Made, Outcome, StoredImage
from core.storage import forecasts, requests, rows
from core.storage.database import Database
from core.storage.tables import generations

RELEASED: Mapping[str, Any] = {"worker": None, "lease_until": None}

# Statuses and the limit are written out, not bound: only so can a cached plan use the partial index.
CLAIM = text(f"""
    UPDATE generations
       SET status = 'running', worker = :worker, lease_until = now() + :lease, attempts = attempts + 1,
           started_at = coalesce(started_at, now()), not_before = NULL
     WHERE id = (SELECT id FROM generations
                  WHERE status = 'queued' AND (not_before IS NULL OR not_before <= now())
                  ORDER BY virtual_start, created_at
                  LIMIT 1
                  FOR UPDATE SKIP LOCKED)
    RETURNING {", ".join(rows.GENERATION_NAMES)}
""").columns(*rows.GENERATION)  # noqa: S608  put together from constants

# Pictures that were made are kept even when the lease ran out meanwhile, as long as nobody began anew.
_STILL_OURS = "id = :id AND status IN ('running', 'queued') AND attempts = :attempts"

# Sent before the picture was looked at; what is found then, FINISH fills in within the same transaction.
ADD_IMAGE = text(f"""
    WITH image AS (
        INSERT INTO generated_images (user_id, thread_id, generation_id, position, prompt_text, image_data, metadata,
                                      byte_count, media_type, width, height, sha256)
        SELECT user_id, thread_id, id, :position, prompt, :image_data, :metadata, :byte_count, '', 0, 0, ''
          FROM generations
         WHERE {_STILL_OURS}
        RETURNING id, prompt_text
    )
    INSERT INTO image_metadata (image_id, original_prompt, revised_prompt, provider_metadata, generation_time_ms)
    SELECT id, prompt_text, :revised_prompt, :provider_metadata, :generation_time_ms FROM image
""").bindparams(  # noqa: S608  put together from constants
    bindparam("metadata", type_=JSONB), bindparam("provider_metadata", type_=JSONB)
)

FINISH = text(f"""
    WITH request AS (
        UPDATE generations
           SET status = 'finished', worker = NULL, lease_until = NULL, finished_at = now(),
               provider_prompt = :provider_prompt, revised_prompt = :revised_prompt, cost_micro = :cost_micro,
               generation_time_ms = :generation_time_ms
         WHERE {_STILL_OURS}
        RETURNING id
    )
    UPDATE generated_images AS image
       SET thumbnail_data = found.thumbnail_data, media_type = found.media_type, width = found.width,
           height = found.height, sha256 = found.sha256, cost_micro = found.cost_micro
      FROM request, jsonb_to_recordset(:images) AS found (position smallint, thumbnail_data text, media_type text,
                                                          width int, height int, sha256 text, cost_micro bigint)
     WHERE image.generation_id = request.id AND image.position = found.position
""").bindparams(bindparam("images", type_=JSONB))  # noqa: S608  put together from constants


class PostgresWork:
    """Implements `core.ports.WorkStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, worker: str, lease: timedelta) -> Generation | None:
        async with self._database.single() as connection:
            row = (await connection.execute(CLAIM, {"worker": worker, "lease": lease})).first()
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
            kept = (await connection.execute(FINISH, ending)).rowcount > 0
            if not kept:
                await connection.rollback()
        return kept

    async def fail(self, generation: Generation, worker: str, fault: Fault, detail: str) -> bool:
        return await self._end(
            generation, worker, status=Status.FAILED, fault=fault, fault_detail=detail[:2000], finished_at=func.now()
        )

    async def cancelled(self, generation: Generation, worker: str) -> bool:
        return await self._end(generation, worker, status=Status.CANCELLED, finished_at=func.now())

    async def hand_back(self, generation: Generation, worker: str, not_before: datetime | None) -> bool:
        return await self._end(generation, worker, status=Status.QUEUED, not_before=not_before)

    async def reclaim(self, max_attempts: int) -> Sequence[UUID]:
        spent = generations.c.attempts >= max_attempts
        statement = (
            update(generations)
            .where(generations.c.status == Status.RUNNING, generations.c.lease_until < func.now())
            .values(
                **RELEASED,
                status=case(
                    (generations.c.cancel_requested, Status.CANCELLED), (spent, Status.FAILED), else_=Status.QUEUED
                ),
                fault=case((spent & ~generations.c.cancel_requested, Fault.INTERRUPTED)),
                finished_at=case((spent | generations.c.cancel_requested, func.now())),
            )
            .returning(generations.c.id)
        )
        async with self._database.single() as connection:
            return list((await connection.execute(statement)).scalars())

    async def waiting(self, limit: int) -> Sequence[UUID]:
        ready = generations.c.not_before.is_(None) | (generations.c.not_before <= func.now())
        query = (
            select(generations.c.id)
            .where(generations.c.status == Status.QUEUED, ready)
            .order_by(generations.c.virtual_start, generations.c.created_at)
            .limit(limit)
        )
        async with self._database.single() as connection:
            return list((await connection.execute(query)).scalars())

    async def _end(self, generation: Generation, worker: str, **values: Any) -> bool:
        async with self._database.single() as connection:
            done = await connection.execute(_held(generation, worker).values(**RELEASED, **values))
        return bool(done.rowcount)


def _held(generation: Generation, worker: str) -> Update:
    """Only while the row runs under this worker's name; the attempt tells a second claim of ours from the first."""
    return update(generations).where(
        generations.c.id == generation.id,
        generations.c.status == Status.RUNNING,
        generations.c.worker == worker,
        generations.c.attempts == generation.attempts,
    )


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
        "generation_time_ms": outcome.generation_time_ms,
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
