"""A whole worker on real servers: tickets may be lost, connections may break, work is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from core.catalogue import load_catalogue
from core.clock import now
from core.generating import Easel, Generating
from core.generation import Generation, Status
from core.signals import RedisSignals, connect
from core.styles import load_styles
from core.sweeping import Sweeping
from tests.core.conftest import stores as stores
from tests.core.material import request, terms
from tests.core.stores import Stores
from tests.core.test_generating import Painter, draws
from tests.eventually import until
from worker.process import WorkerProcess
from worker.queue import TicketQueue


@asynccontextmanager
async def worker(stores: Stores, redis_url: str) -> AsyncIterator[WorkerProcess]:
    redis = connect(redis_url)
    generating = Generating(
        work=stores.work,
        signals=RedisSignals(redis),
        doorbell=TicketQueue(redis),
        easel=Easel({"openai": Painter([draws])}, load_catalogue(), load_styles(), 10_000_000, 0),
        worker="w",
        clock=now,
    )
    sweeping = Sweeping(stores.work, RedisSignals(redis))
    process = WorkerProcess(generating, sweeping, redis, concurrency=5, grace_seconds=0)
    running = asyncio.create_task(process.run())
    try:
        yield process
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await redis.aclose()


async def _finished(stores: Stores, asked: UUID) -> None:
    async def is_finished() -> bool:
        found: Generation | None = await stores.requests.generation(asked)
        return found is not None and found.status is Status.FINISHED

    await until(is_finished, 30)


async def _accepted(stores: Stores) -> UUID:
    accepted = await stores.requests.accept(request(), terms(None))
    return accepted.generation.id


async def test_losing_all_of_redis_loses_no_work(stores: Stores, redis_url: str) -> None:
    asked = await _accepted(stores)
    redis = connect(redis_url)
    await TicketQueue(redis).ring(asked)
    await redis.flushall()
    async with worker(stores, redis_url):
        await _finished(stores, asked)
    await redis.aclose()


async def test_a_worker_whose_connections_all_break_goes_on(stores: Stores, redis_url: str) -> None:
    async with worker(stores, redis_url) as process:
        await process.ready.wait()
        redis = connect(redis_url)
        for kind in ("normal", "pubsub"):
            await redis.client_kill_filter(_type=kind, skipme=True)
        asked = await _accepted(stores)
        await TicketQueue(redis).ring(asked)
        await _finished(stores, asked)
        await redis.aclose()


async def test_the_request_of_a_dead_worker_is_taken_up_by_the_sweep(stores: Stores, redis_url: str) -> None:
    asked = await _accepted(stores)
    await stores.work.claim("dead", timedelta(seconds=-1))
    async with worker(stores, redis_url):
        await _finished(stores, asked)
    row = await stores.requests.generation(asked)
    assert row is not None
    assert row.attempts == 2
