"""The transaction that accepts a request: the facts, a pure decision, and one statement that does all the writing.

It is walked at every request, so it speaks to asyncpg itself: SQLAlchemy would double what it costs of the processor.

**Why no limit can be raced.** Requests of one person hold a lock on that person from before their facts are read until
they are committed, so they are decided one after another. A budget that many people share would be a queue for all of
them; so requests hold a shared lock on it, which keeps nobody waiting, as long as it has more room than all requests
that can be under way together could take. With less room than that they are decided anew, one after another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql import insert

from core.fairness import turn
from core.generation import Accepted, Generation, ImageRequest, Requester, Status
from core.limits import Verdict, decide, surely_tight, tight
from core.policies import Scope
from core.ports import Terms
from core.storage import limit_facts, rows
from core.storage.accounts import ensure_user
from core.storage.database import Database, Lock
from core.storage.forecasts import PLACE, SIDE_BY_SIDE, TYPICAL, measured, placed
from core.storage.ledger import POSTED
from core.storage.tables import chat_threads

# No row comes back when the idempotency key was known; then nothing is written either.
ACCEPT = f"""
    WITH new AS (
        INSERT INTO generations (user_id, thread_id, parent_image_id, idempotency_key, prompt, options, provider, kind,
                                 requester, reply_to, virtual_start, parked, max_running, counted, reserved_micro,
                                 tier, workspace, hour, day, quota_left)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING id, user_id, reply_to, created_at, counted, reserved_micro, workspace, tier, hour, day
    ), person AS (
        UPDATE users SET virtual_finish = $12,
                         last_accepted_at = CASE WHEN new.counted THEN $24 ELSE last_accepted_at END
          FROM new WHERE users.id = new.user_id
    ), delivery AS (
        INSERT INTO deliveries (generation_id, platform, courier, lease_until)
        SELECT id, reply_to ->> 'platform', $13, now() + $14 FROM new WHERE reply_to IS NOT NULL
    ), booked (id, user_id, workspace, tier, hour, day, attempt, kind,
               pictures, reserved_micro, spent_micro, lost_micro) AS (
        SELECT id, user_id, workspace, tier, hour, day, 0, 'reserve', $25::int, reserved_micro, 0, 0
          FROM new WHERE counted
    ), {POSTED}
    SELECT new.id, new.created_at,
           ({PLACE.format(start="$11", created="now()")}) AS position,
           typical.ms AS typical,
           ({measured(SIDE_BY_SIDE, "$7", "$8", "typical.ms")}) AS side_by_side
      FROM new CROSS JOIN ({measured(TYPICAL, "$7", "$8")}) AS typical (ms)
"""  # noqa: S608  put together from constants

REFERENCE = "INSERT INTO reference_images (generation_id, position, media_type, data) VALUES ($1, $2, $3, $4)"

NOTICE = """
    INSERT INTO notices (key, platform, address, title, body) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key, platform, address) DO NOTHING
"""


async def accept(database: Database, request: ImageRequest, terms: Terms) -> Accepted | None:
    """None when the idempotency key was known. Raises a Refusal; then nothing was written."""
    slack = terms.slack_micro if terms.price.counted else -1  # what costs nothing fits into any budget
    alone = surely_tight(terms.ceiling, slack)
    while True:
        async with database.locked(person_lock(request.requester), *_pool_locks(request, alone)) as connection:
            found = await limit_facts.read(connection, request, terms)
            if found is not None:
                if found.known:
                    return None
                narrow = tight(found.facts, terms.periods, slack) - alone
                if not narrow:
                    verdict = decide(found.facts, terms.price, terms.periods, terms.upgrade)
                    return await _write(connection, request, found, verdict, terms)
        if found is None:
            await _introduce(database, request)
        else:
            alone |= narrow


def person_lock(requester: Requester) -> Lock:
    """What changes how many requests a person has running holds it, alone."""
    return Lock(_number("person", requester.platform, requester.external_id))


def _pool_locks(request: ImageRequest, alone: frozenset[Scope]) -> Sequence[Lock]:
    """In one order for everybody. A tier is not known before the facts, so all tiers have one lock between them."""
    pools = {
        Scope.INSTALLATION: _number("pool", "installation"),
        Scope.WORKSPACE: _number("pool", "workspace", request.venue.workspace),
        Scope.TIER: _number("pool", "tiers"),
    }
    return sorted(Lock(number, shared=scope not in alone) for scope, number in pools.items())


def _number(*name: str) -> int:
    digest = hashlib.blake2b("\x1f".join(name).encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def _introduce(database: Database, request: ImageRequest) -> None:
    """Makes the user and the conversation; made for nothing if the request is then refused, which harms nobody."""
    async with database.transaction() as connection:
        await ensure_user(connection, request.requester)
        if request.thread is not None:
            thread = insert(chat_threads).values(platform=request.requester.platform, external_id=request.thread)
            await connection.execute(thread.on_conflict_do_nothing())


async def _write(
    connection: asyncpg.Connection, request: ImageRequest, found: limit_facts.Found, verdict: Verdict, terms: Terms
) -> Accepted | None:
    start, finish = turn(found.served, found.virtual_finish, float(terms.price.pictures), verdict.weight)
    row = await connection.fetchrow(
        ACCEPT,
        found.user_id,
        found.thread_id,
        request.parent_image_id,
        request.idempotency_key,
        request.prompt,
        _json(request.options),
        terms.provider,
        rows.kind_of(request.options),
        _json(request.requester),
        None if request.reply_to is None else _json(rows.reply_to_json(request.reply_to)),
        start,
        finish,
        terms.courier,
        terms.lease,
        verdict.parked,
        verdict.max_running,
        terms.price.counted,
        terms.price.micro if terms.price.counted else 0,
        found.facts.tier,
        request.venue.workspace,
        terms.periods.hour,
        terms.periods.day,
        None if verdict.left is None else _json(verdict.left),
        terms.periods.at,
        terms.price.pictures,
    )
    if row is None:
        return None
    if request.references:
        pictures = [(row["id"], n, one.media_type, one.data) for n, one in enumerate(request.references)]
        await connection.executemany(REFERENCE, pictures)
    if notices := terms.notices(verdict.alerts, found.user_id):
        told = [(one.key, one.platform, one.address, one.title, one.body) for one in notices]
        await connection.executemany(NOTICE, told)
    generation = _accepted(request, found, row, verdict, terms)
    return placed(generation, row["position"], row["typical"], row["side_by_side"])


def _accepted(
    request: ImageRequest, found: limit_facts.Found, row: asyncpg.Record, verdict: Verdict, terms: Terms
) -> Generation:
    """As a read of the row would give it."""
    return Generation(
        id=row["id"],
        user_id=found.user_id,
        status=Status.QUEUED,
        prompt=request.prompt,
        options=request.options,
        provider=terms.provider,
        reply_to=request.reply_to,
        requester=request.requester,
        created_at=row["created_at"],
        thread_id=found.thread_id,
        parent_image_id=request.parent_image_id,
        counted=terms.price.counted,
        reserved_micro=terms.price.micro if terms.price.counted else 0,
        parked=verdict.parked,
        max_running=verdict.max_running,
        left=verdict.left,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
