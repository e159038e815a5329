"""How long a worker takes to claim a request when 10,000 of them wait."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
from sqlalchemy import func, select

from bench import obvious
from bench.obvious import Request, Sessions
from bench.report import Goal, Row, Table, quantile, spread
from bench.stage import Stage
from core.storage.database import Database
from core.storage.work import PostgresWork
from limner.settings import Settings, secret

WAITING = 10_000
USERS = 1_000
HISTORY = 20_000
"""Requests that ended before."""

CLAIMS = 400
AT_ONCE = 8
WARM_UP = 8
"""Rounds, after which every connection stands and has planned its statements."""

LEASE = timedelta(hours=1)

PEOPLE = "INSERT INTO users (display_name) SELECT 'user ' || n FROM generate_series(1, $1::int) AS n"

# $1 how many, of $2 people; the first $3 of them wait, of which all but the first $4 are parked; the others ended.
REQUESTS = """
    INSERT INTO generations (user_id, idempotency_key, prompt, options, provider, kind, requester, virtual_start,
                             status, started_at, finished_at, created_at, parked, max_running)
    SELECT person.id, 'key ' || n, 'a lighthouse at dusk',
           '{"model": "demo", "width": 1024, "height": 1024, "quality": "auto"}', 'demo', 'demo/1024x1024/auto/1',
           '{"platform": "bench", "external_id": "one", "name": "One"}', n / $2::int + random(),
           CASE WHEN n <= $3::int THEN 'queued' ELSE 'finished' END,
           CASE WHEN n > $3::int THEN now() END, CASE WHEN n > $3::int THEN now() END,
           now() - random() * interval '1 day', n > $4::int AND n <= $3::int, 1
      FROM generate_series(1, $1::int) AS n
      JOIN (SELECT id, row_number() OVER () AS number FROM users) AS person ON person.number = n % $2::int + 1
"""
OBVIOUS_PEOPLE = "INSERT INTO obvious_users (name) SELECT n FROM generate_series(1, $1::int) AS n"
OBVIOUS_REQUESTS = """
    INSERT INTO obvious_requests (id, user_id, key, prompt, status, created_at)
    SELECT gen_random_uuid(), n % $2::int + 1, n, 'a lighthouse at dusk',
           CASE WHEN n <= $3::int THEN 'queued' ELSE 'finished' END, now() - random() * interval '1 day'
      FROM generate_series(1, $1::int) AS n
"""
TIDY = "VACUUM ANALYZE"
BY_KEY = "SELECT id FROM generations WHERE id = $1 FOR UPDATE SKIP LOCKED"

Claim = Callable[[], Awaitable[object]]


async def measure(stage: Stage) -> Table:
    obvious_way, floor = await _obvious(stage), await _floor(stage)
    few, many = await _limner(stage, parked=3_000), await _limner(stage, parked=9_000)
    return Table(
        f"claim: {WAITING:,} requests of {USERS:,} users wait, {HISTORY:,} ended before",
        [
            Row("obvious", "ORM: ORDER BY created_at, runs per user counted", obvious_way),
            Row("floor", "SELECT by primary key FOR UPDATE SKIP LOCKED", floor),
            Row("limner", "PostgresWork.claim, 3,000 parked", few),
            Row("limner", "the same, 9,000 parked", many),
        ],
        [
            Goal("p99, 3,000 parked", few["p99 ms"], 5, " ms"),
            Goal("p99, 9,000 parked", many["p99 ms"], 5, " ms"),
            Goal("faster than the obvious way (p50)", obvious_way["p50 ms"] / few["p50 ms"], 1, at_least=True),
        ],
        [f"one after another; and {AT_ONCE} at once, as many workers would"],
    )


async def _limner(stage: Stage, parked: int) -> dict[str, float]:
    database = Database(_url(await _filled(stage, parked)))
    work = PostgresWork(database)
    try:
        return await _claimed(lambda: work.claim("bench", LEASE))
    finally:
        await database.close()


async def _floor(stage: Stage) -> dict[str, float]:
    settings = await _filled(stage, parked=0)
    async with asyncpg.create_pool(_url(settings), min_size=AT_ONCE, max_size=AT_ONCE) as pool:
        found = await pool.fetch("SELECT id FROM generations WHERE status = 'queued' ORDER BY random()")
        ids = iter([row["id"] for row in found])
        return await _claimed(lambda: pool.fetchval(BY_KEY, next(ids)))


async def _obvious(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh()
    sessions, _ = await obvious.connect(settings)
    connection = await asyncpg.connect(_url(settings))
    await connection.execute(OBVIOUS_PEOPLE, USERS)
    await connection.execute(OBVIOUS_REQUESTS, WAITING + HISTORY, USERS, WAITING)
    await connection.execute(TIDY)
    await connection.close()
    return await _claimed(lambda: _first_in_first_out(sessions))


async def _first_in_first_out(sessions: Sessions) -> Request | None:
    """The oldest request of somebody for whom nothing runs."""
    counted = select(Request.user_id, func.count().label("runs")).where(Request.status == "running")
    busy = counted.group_by(Request.user_id).subquery()
    oldest = (
        select(Request)
        .outerjoin(busy, busy.c.user_id == Request.user_id)
        .where(Request.status == "queued", func.coalesce(busy.c.runs, 0) < 1)
        .order_by(Request.created_at)
        .limit(1)
        .with_for_update(of=Request, skip_locked=True)
    )
    async with sessions() as session:
        found = await session.scalar(oldest)
        if found is not None:
            found.status = "running"
        await session.commit()
    return found


async def _filled(stage: Stage, parked: int) -> Settings:
    settings = await stage.fresh()
    connection = await asyncpg.connect(_url(settings))
    await connection.execute(PEOPLE, USERS)
    await connection.execute(REQUESTS, WAITING + HISTORY, USERS, WAITING, WAITING - parked)
    await connection.execute(TIDY)
    await connection.close()
    return settings


async def _claimed(claim: Claim) -> dict[str, float]:
    """Every claim must find something."""
    for _ in range(WARM_UP):
        await asyncio.gather(*(claim() for _ in range(AT_ONCE)))

    async def timed(_: int) -> float:
        begun = time.perf_counter()
        assert await claim() is not None
        return time.perf_counter() - begun

    alone = [await timed(number) for number in range(CLAIMS)]
    numbers = iter(range(CLAIMS))

    async def worker() -> list[float]:
        return [await timed(number) for number in numbers]

    together = list(itertools.chain(*await asyncio.gather(*(worker() for _ in range(AT_ONCE)))))
    return spread(alone) | {f"{AT_ONCE} at once p99": quantile(together, 0.99) * 1000}


def _url(settings: Settings) -> str:
    return secret(settings.database_url) or ""
