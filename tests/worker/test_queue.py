"""Tickets: written in one go, served by arq, harmless when doubled, never lost for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio import Redis

from core.errors import Outage
from core.signals import connect
from worker import queue
from worker.waking import WakingWorker


class Bench:
    """Counts what ran; `wait` returns once that many did."""

    def __init__(self) -> None:
        self.ran = 0
        self._news = asyncio.Condition()

    async def run_next(self, ctx: object, *args: object, **kwargs: object) -> None:
        async with self._news:
            self.ran += 1
            self._news.notify_all()

    async def wait(self, count: int, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self.ran >= count)


@asynccontextmanager
async def serving(url: str, kind: type[Worker], bench: Bench) -> AsyncIterator[Worker]:
    redis = connect(url)
    worker = kind(
        functions=[func(bench.run_next, name=queue.RUN_NEXT)],
        redis_pool=ArqRedis(redis.connection_pool, job_serializer=queue.encode, job_deserializer=queue.decode),
        keep_result=0,
        handle_signals=False,
        job_serializer=queue.encode,
        job_deserializer=queue.decode,
        max_jobs=5,
    )
    running = asyncio.create_task(worker.main())
    try:
        yield worker
    finally:
        running.cancel()
        await asyncio.gather(running, *worker.tasks.values(), return_exceptions=True)
        await redis.aclose()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    await client.aclose()


@pytest.mark.parametrize("kind", [Worker, WakingWorker])
async def test_our_tickets_are_served_by_a_stock_arq_worker_and_by_ours(
    redis: Redis, redis_url: str, kind: type[Worker]
) -> None:
    bench = Bench()
    async with serving(redis_url, kind, bench):
        for _ in range(12):
            await queue.TicketQueue(redis).ring(uuid4())
        await bench.wait(12)
    assert await redis.zcard(queue.QUEUE) == 0


async def test_a_full_worker_goes_on_as_soon_as_a_slot_is_free(redis: Redis, redis_url: str) -> None:
    """Forty tickets over five slots: with a nap of a second after each five it would take eight seconds."""
    bench = Bench()
    for _ in range(40):
        await queue.TicketQueue(redis).ring(uuid4())
    async with serving(redis_url, WakingWorker, bench):
        await bench.wait(40, seconds=5)
    assert bench.ran == 40


async def test_the_sweep_s_tickets_do_not_pile_up(redis: Redis) -> None:
    one, tickets = uuid4(), queue.TicketQueue(redis)
    for _ in range(10):
        await tickets.ring_again(one)
    assert await redis.zcard(queue.QUEUE) == 1


async def test_a_delayed_ticket_waits_for_its_time(redis: Redis) -> None:
    await queue.TicketQueue(redis).ring(uuid4(), 3600)
    [(_, at)] = await redis.zrange(queue.QUEUE, 0, -1, withscores=True)
    seconds, _ = await redis.time()
    assert 3590 < at / 1000 - seconds < 3610


async def test_a_server_that_is_away_is_an_outage() -> None:
    redis = connect("redis://127.0.0.1:1")
    with pytest.raises(Outage):
        await queue.TicketQueue(redis).ring(uuid4())
    await redis.aclose()


@pytest.mark.parametrize(
    ("ticket", "body"),
    [
        (b"1:a", b"\x80 no json"),
        (b"1:b", b"[]"),
        (b"1:c", b'{"f":["run_next"],"a":[],"k":{},"t":null,"et":0}'),
        (b"1:d", b'{"f":"run_next","a":[],"k":{},"t":null,"et":"now"}'),
        (b"1:e", b'{"f":"unheard of","a":[],"k":{},"t":null,"et":0}'),
        (b"\xff\xfe", b"{}"),
    ],
)
async def test_a_bad_ticket_does_not_stand_in_the_way_of_good_ones(
    redis: Redis, redis_url: str, ticket: bytes, body: bytes
) -> None:
    bench = Bench()
    await redis.set(b"arq:job:" + ticket, body)
    await redis.zadd(queue.QUEUE, {ticket: float("-inf")})
    async with serving(redis_url, WakingWorker, bench):
        for _ in range(3):
            await queue.TicketQueue(redis).ring(uuid4())
        await bench.wait(3)
    assert bench.ran == 3


async def test_the_ticket_of_a_killed_worker_is_soon_free_for_another(redis: Redis, redis_url: str) -> None:
    """The row it was for is back in the queue within half a minute, and the sweep writes no second ticket for it."""
    begun, ended = asyncio.Event(), asyncio.Event()

    class Stuck(Bench):
        async def run_next(self, ctx: object, *args: object, **kwargs: object) -> None:
            begun.set()
            await ended.wait()

    async with serving(redis_url, WakingWorker, Stuck()):
        await queue.TicketQueue(redis).ring_again(uuid4())
        await begun.wait()
        [mark] = [key async for key in redis.scan_iter("arq:in-progress:*:sweep")]
        assert 0 < await redis.pttl(mark) <= 30_000
        ended.set()
