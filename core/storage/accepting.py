"""The transaction that accepts a request: two statements, the second of which does all the writing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, column, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.fairness import turn
from core.generation import Accepted, ImageRequest
from core.storage import rows
from core.storage.accounts import ensure_user
from core.storage.forecasts import PLACE, TYPICAL
from core.storage.tables import chat_threads, reference_images

FIRST_LEASE = timedelta(seconds=30)
"""How long the accepting process owns the message before its first renewal."""

# Locks the user's row: requests of one user are accepted one after another, so no limit can be raced.
FACTS = text("""
    SELECT u.id, u.virtual_finish,
           (SELECT coalesce(max(virtual_start), 0) FROM generations WHERE started_at IS NOT NULL) AS served,
           (SELECT id FROM chat_threads WHERE platform = :platform AND external_id = :thread) AS thread_id
      FROM users u
     WHERE u.id = (SELECT user_id FROM identities WHERE platform = :platform AND external_id = :external_id)
       FOR UPDATE OF u
""")

# No row comes back when the idempotency key was known; then nothing is written either.
ACCEPT = (
    text(f"""
    WITH new AS (
        INSERT INTO generations (user_id, thread_id, parent_image_id, idempotency_key, prompt, options, provider, kind,
                                 requester, reply_to, virtual_start)
        VALUES (:user_id, :thread_id, :parent_image_id, :idempotency_key, :prompt, :options, :provider, :kind,
                :requester, :reply_to, :start)
        ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING {", ".join(rows.GENERATION_NAMES)}
    ), turn AS (
        UPDATE users SET virtual_finish = :finish FROM new WHERE users.id = new.user_id
    ), delivery AS (
        INSERT INTO deliveries (generation_id, platform, courier, lease_until)
        SELECT id, reply_to ->> 'platform', :courier, now() + :lease FROM new WHERE reply_to IS NOT NULL
    )
    SELECT new.*, ({PLACE.format(start=":start", created="now()")}), ({TYPICAL}) FROM new
""")  # noqa: S608  put together from constants
    .bindparams(*(bindparam(name, type_=JSONB(none_as_null=True)) for name in ("options", "requester", "reply_to")))
    .columns(*rows.GENERATION, column("position"), column("typical"))
)


async def accept(
    connection: AsyncConnection, request: ImageRequest, provider: str, turn_cost: float, courier: str | None
) -> Accepted | None:
    """None when the idempotency key was known."""
    facts = await _facts(connection, request)
    start, finish = turn(facts.served, facts.virtual_finish, turn_cost)
    values = {
        "user_id": facts.id,
        "thread_id": facts.thread_id,
        "parent_image_id": request.parent_image_id,
        "idempotency_key": request.idempotency_key,
        "prompt": request.prompt,
        "options": rows.options_json(request.options),
        "provider": provider,
        "kind": rows.kind_of(request.options),
        "requester": rows.requester_json(request.requester),
        "reply_to": rows.reply_to_json(request.reply_to),
        "start": start,
        "finish": finish,
        "courier": courier,
        "lease": FIRST_LEASE,
    }
    row = (await connection.execute(ACCEPT, values)).first()
    if row is None:
        return None
    accepted = rows.generation(row)
    if request.references:
        pictures = [
            {"generation_id": accepted.id, "position": n, "media_type": one.media_type, "data": one.data}
            for n, one in enumerate(request.references)
        ]
        await connection.execute(insert(reference_images), pictures)
    return Accepted(accepted, row.position, None if row.typical is None else round(row.typical / 1000))


async def _facts(connection: AsyncConnection, request: ImageRequest) -> rows.AnyRow:
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
