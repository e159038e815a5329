"""The transaction that accepts a request: two statements, the second of which does all the writing.

It is walked at every request, so it speaks to asyncpg itself: SQLAlchemy would double what it costs of the processor.
"""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql import insert

from core.fairness import turn
from core.generation import Accepted, Generation, ImageRequest, Status
from core.storage import rows
from core.storage.accounts import ensure_user
from core.storage.database import Database
from core.storage.forecasts import PLACE, TYPICAL
from core.storage.tables import chat_threads

FIRST_LEASE = timedelta(seconds=30)
"""How long the accepting process owns the message before its first renewal."""

# Locks the user's row: requests of one user are accepted one after another, so no limit can be raced.
FACTS = """
    SELECT u.id, u.virtual_finish,
           (SELECT coalesce(max(virtual_start), 0) FROM generations WHERE started_at IS NOT NULL) AS served,
           (SELECT id FROM chat_threads WHERE platform = $1 AND external_id = $3) AS thread_id
      FROM users u
     WHERE u.id = (SELECT user_id FROM identities WHERE platform = $1 AND external_id = $2)
       FOR UPDATE OF u
"""

# No row comes back when the idempotency key was known; then nothing is written either.
ACCEPT = f"""
    WITH new AS (
        INSERT INTO generations (user_id, thread_id, parent_image_id, idempotency_key, prompt, options, provider, kind,
                                 requester, reply_to, virtual_start)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING id, user_id, reply_to, created_at
    ), turn AS (
        UPDATE users SET virtual_finish = $12 FROM new WHERE users.id = new.user_id
    ), delivery AS (
        INSERT INTO deliveries (generation_id, platform, courier, lease_until)
        SELECT id, reply_to ->> 'platform', $13, now() + $14 FROM new WHERE reply_to IS NOT NULL
    )
    SELECT id, created_at,
           ({PLACE.format(start="$11", created="now()")}) AS position,
           ({TYPICAL.replace(":provider", "$7").replace(":kind", "$8")}) AS typical
      FROM new
"""  # noqa: S608  put together from constants

REFERENCE = "INSERT INTO reference_images (generation_id, position, media_type, data) VALUES ($1, $2, $3, $4)"


async def accept(
    database: Database, request: ImageRequest, provider: str, turn_cost: float, courier: str | None
) -> Accepted | None:
    """None when the idempotency key was known."""
    while True:
        async with database.direct() as connection:
            facts = await _facts(connection, request)
            if facts is not None:
                return await _write(connection, request, facts, provider, turn_cost, courier)
        await _introduce(database, request)


async def _facts(connection: asyncpg.Connection, request: ImageRequest) -> asyncpg.Record | None:
    """None for a user or a conversation that is seen for the first time."""
    who = request.requester
    found = await connection.fetchrow(FACTS, who.platform, who.external_id, request.thread)
    return None if found is None or (request.thread is not None and found["thread_id"] is None) else found


async def _introduce(database: Database, request: ImageRequest) -> None:
    """Makes the user and the conversation; made for nothing if the request is then refused, which harms nobody."""
    async with database.transaction() as connection:
        await ensure_user(connection, request.requester)
        if request.thread is not None:
            thread = insert(chat_threads).values(platform=request.requester.platform, external_id=request.thread)
            await connection.execute(thread.on_conflict_do_nothing())


async def _write(
    connection: asyncpg.Connection,
    request: ImageRequest,
    facts: asyncpg.Record,
    provider: str,
    turn_cost: float,
    courier: str | None,
) -> Accepted | None:
    start, finish = turn(facts["served"], facts["virtual_finish"], turn_cost)
    row = await connection.fetchrow(
        ACCEPT,
        facts["id"],
        facts["thread_id"],
        request.parent_image_id,
        request.idempotency_key,
        request.prompt,
        _json(request.options),
        provider,
        rows.kind_of(request.options),
        _json(request.requester),
        None if request.reply_to is None else _json(rows.reply_to_json(request.reply_to)),
        start,
        finish,
        courier,
        FIRST_LEASE,
    )
    if row is None:
        return None
    if request.references:
        pictures = [(row["id"], n, one.media_type, one.data) for n, one in enumerate(request.references)]
        await connection.executemany(REFERENCE, pictures)
    typical = row["typical"]
    return Accepted(_accepted(request, facts, row, provider), row["position"], typical and round(typical / 1000))


def _accepted(request: ImageRequest, facts: asyncpg.Record, row: asyncpg.Record, provider: str) -> Generation:
    """As a read of the row would give it."""
    return Generation(
        id=row["id"],
        user_id=facts["id"],
        status=Status.QUEUED,
        prompt=request.prompt,
        options=request.options,
        provider=provider,
        reply_to=request.reply_to,
        requester=request.requester,
        created_at=row["created_at"],
        thread_id=facts["thread_id"],
        parent_image_id=request.parent_image_id,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
