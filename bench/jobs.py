"""Jobs of 50 ms on one worker that may run 100 at once: what the queue itself lets through, and the whole product."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

from arq.connections import ArqRedis
from redis.asyncio import Redis

from bench import whole
from bench.report import Goal, Row, Table
from bench.stage import Stage
from worker.queue import QUEUE, RUN_NEXT, TicketQueue

SECONDS = 0.05
AT_ONCE = 100
IDEAL = AT_ONCE / SECONDS
JOBS = {"arq": 800, "limner": 8000}
PICTURES = 400
LAST = AT_ONCE
"""Tickets at which the clock stops: from there on slots stay empty, and the schedule puts in tickets of its own."""


async def measure(stage: Stage) -> Table:
    arq, ours = await _queue(stage, "arq"), await _queue(stage, "limner")
    slow, whole_way = await _obvious(stage), await _product(stage)
    return Table(
        "jobs: 50 ms each, 100 at once, one worker process",
        [
            Row("obvious", "stock arq: the queue alone", {"jobs/s": arq, "of ideal %": arq / IDEAL * 100}),
            Row("floor", "nothing but waiting", {"jobs/s": IDEAL, "of ideal %": 100}),
            Row("limner", "the queue alone", {"jobs/s": ours, "of ideal %": ours / IDEAL * 100}),
            Row("obvious", "asked -> picture, tiny picture", {"jobs/s": slow, "of ideal %": slow / IDEAL * 100}),
            Row("limner", "the same", {"jobs/s": whole_way, "of ideal %": whole_way / IDEAL * 100}),
        ],
        [
            Goal("of the ideal 2,000/s, the queue alone", ours / IDEAL * 100, 90, " %", at_least=True),
            Goal("of the obvious way's pictures a second", whole_way / slow, 1, at_least=True),
        ],
        ["the queue alone: the body of the task waits 50 ms and does nothing else"],
    )


async def _queue(stage: Stage, name: str) -> float:
    """Jobs a second from the start of the worker, with all of them waiting, to the empty queue."""
    settings = await stage.fresh(concurrency=AT_ONCE)
    count = JOBS[name]
    async with Redis.from_url(stage.local.redis_url) as redis:
        await asyncio.gather(*(_ring(redis, name) for _ in range(count)))
        with stage.child(settings, "bench.bells", name, SECONDS):
            begun = time.perf_counter()
            async with asyncio.timeout(60):
                while await redis.zcard(QUEUE) > LAST:  # noqa: ASYNC110  the worker under measurement tells nobody
                    await asyncio.sleep(0.02)
            return (count - LAST) / (time.perf_counter() - begun)


async def _ring(redis: Redis, name: str) -> None:
    if name == "arq":
        await ArqRedis(connection_pool=redis.connection_pool).enqueue_job(RUN_NEXT)
    else:
        await TicketQueue(redis).ring(uuid4())


async def _product(stage: Stage) -> float:
    settings = await stage.fresh(concurrency=AT_ONCE)
    with stage.child(settings, "bench.product", stage.tiny, "--latency", SECONDS):
        async with whole.bot(settings) as ask:
            return await whole.rate(ask, PICTURES, AT_ONCE)


async def _obvious(stage: Stage) -> float:
    settings = await stage.fresh(concurrency=AT_ONCE)
    ask = await whole.obvious_bot(settings)
    with stage.child(settings, "bench.obvious", stage.tiny, SECONDS):
        await ask(-1)  # two at once would both make its user
        return await whole.rate(ask, PICTURES, AT_ONCE)
