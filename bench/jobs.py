"""Jobs of 50 ms on one worker that may run 100 at once: what the queue itself lets through, and the whole product."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from arq.connections import ArqRedis
from redis.asyncio import Redis

from bench import bells, whole
from bench.report import Goal, Row, Table
from bench.stage import Stage
from worker.queue import RUN_NEXT, TicketQueue

SECONDS = 0.05
AT_ONCE = 100
IDEAL = AT_ONCE / SECONDS
JOBS = {"arq": 800, "limner": 4000}
PICTURES = 400


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
    """Jobs a second from the first body to the last, all of them waiting at the start."""
    settings = await stage.fresh(concurrency=AT_ONCE)
    count = JOBS[name]
    async with Redis.from_url(stage.local.redis_url) as redis:
        with stage.child(settings, "bench.bells", name, SECONDS):
            await asyncio.gather(*(_ring(redis, name) for _ in range(count)))
            loop = asyncio.get_running_loop()
            deadline = loop.time() + 60
            while await redis.llen(bells.REACHED) < count:
                assert loop.time() < deadline, "not every job was run"
                await asyncio.sleep(0.1)
            moments = sorted(int(one) for one in await redis.lrange(bells.REACHED, 0, -1))
    assert len(moments) == count, "a job was run twice"
    return count / ((moments[-1] - moments[0]) / 1e9 + SECONDS)


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
