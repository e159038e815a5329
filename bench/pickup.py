"""How long a worker takes from the ring to the body of the task, and what it costs while nobody rings."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

from arq.connections import ArqRedis
from redis.asyncio import Redis

from bench import bells
from bench.report import Goal, Row, Table, spread
from bench.stage import Child, Stage
from worker.queue import RUN_NEXT, TicketQueue

IDLE_SECONDS = 10.0
"""Two rounds of the schedule, which runs every 5 s."""


async def _push(redis: Redis) -> None:
    await redis.rpush(bells.LIST, b"1")  # type: ignore[misc]  # typed for sync, too


Ring = Callable[[Redis], Awaitable[object]]
RINGS: dict[str, Ring] = {
    "arq": lambda redis: ArqRedis(connection_pool=redis.connection_pool).enqueue_job(RUN_NEXT),
    "blpop": _push,
    "limner": lambda redis: TicketQueue(redis).ring(uuid4()),
}


async def measure(stage: Stage) -> Table:
    arq = await _way(stage, "arq", rings=30, apart=0.5)
    blpop = await _way(stage, "blpop", rings=300, apart=0.02)
    limner = await _way(stage, "limner", rings=300, apart=0.02)
    return Table(
        "pickup: from the ring to the body of the task, in another process",
        [
            Row("obvious", "stock arq, poll 0.5 s", arq),
            Row("floor", "BLPOP loop", blpop),
            Row("limner", "arq, woken", limner),
        ],
        [
            Goal("faster than stock arq (p50)", arq["p50 ms"] / limner["p50 ms"], 100, at_least=True),
            Goal("of a BLPOP loop's time (p50)", limner["p50 ms"] / blpop["p50 ms"], 4),
            Goal("of stock arq's idle commands", limner["idle cmd/s"] / arq["idle cmd/s"], 1),
            Goal("idle, of a core", limner["idle CPU %"], 1, " %"),
        ],
        ["both arq workers serve the same schedule: one job every 5 s"],
    )


async def _way(stage: Stage, name: str, *, rings: int, apart: float) -> dict[str, float]:
    settings = await stage.fresh()
    async with Redis.from_url(stage.local.redis_url) as redis:
        with stage.child(settings, "bench.bells", name, 0) as child:
            await asyncio.sleep(1)
            waits = [await _once(redis, RINGS[name], apart) for _ in range(rings)]
            await asyncio.sleep(1)
            return spread(waits) | await _idle(redis, child)


async def _once(redis: Redis, ring: Ring, apart: float) -> float:
    """Seconds. The pause before it is random and as long as a poll, if there is one, so that none keeps step."""
    await asyncio.sleep(random.uniform(0, apart))
    begun = time.monotonic_ns()
    await ring(redis)
    found = await redis.blpop([bells.REACHED], timeout=5)  # type: ignore[misc]  # typed for sync, too
    assert found is not None, "the worker was never reached"
    return (int(found[1]) - begun) / 1e9


async def _idle(redis: Redis, child: Child) -> dict[str, float]:
    commands, cpu = await _commands(redis), child.cpu_seconds()
    await asyncio.sleep(IDLE_SECONDS)
    made = await _commands(redis) - commands - 1  # ours to INFO
    return {
        "idle cmd/s": made / IDLE_SECONDS,
        "idle CPU %": (child.cpu_seconds() - cpu) / IDLE_SECONDS * 100,
    }


async def _commands(redis: Redis) -> int:
    """All that Valkey has carried out so far."""
    statistics = await redis.info("commandstats")
    return sum(int(one["calls"]) for one in statistics.values())
