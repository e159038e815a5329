"""News over a real Valkey: newest wins, the end is heard, an outage only delays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from core.errors import Outage
from core.generation import Progress, Stage
from core.ports import Settled
from core.signals import RedisSignals, connect
from tests.eventually import until


@asynccontextmanager
async def signals(url: str) -> AsyncIterator[RedisSignals]:
    redis = connect(url)
    made = RedisSignals(redis)
    running = asyncio.create_task(made.run())
    await made.started()
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await redis.aclose()


async def test_the_newest_progress_replaces_what_was_not_seen(redis_url: str) -> None:
    one = uuid4()
    async with signals(redis_url) as here, signals(redis_url) as there, here.watch(one) as watch:
        for number in range(1, 20):
            await there.publish(Progress(one, number, Stage.GENERATING, 60, 12, b"jpeg", number))
        await there.settled(one)
        heard = []
        while not isinstance(news := await watch.next(5), Settled):
            assert news is not None
            heard.append(news.sequence)
        assert heard == sorted(heard)
        assert await there.latest(one) == Progress(one, 19, Stage.GENERATING, 60, 12, b"jpeg", 19)


async def test_one_watcher_s_end_does_not_deafen_another(redis_url: str) -> None:
    one = uuid4()
    async with signals(redis_url) as here, here.watch(one) as first:
        async with here.watch(one):
            pass
        await here.publish(Progress(one, 1, Stage.SAVING, 90))
        news = await first.next(5)
        assert isinstance(news, Progress)
        assert news.percent == 90


async def test_silence_ends_after_its_time(redis_url: str) -> None:
    async with signals(redis_url) as here, here.watch(uuid4()) as watch:
        assert await watch.next(0.01) is None


async def test_a_wish_to_cancel_reaches_every_worker(redis_url: str) -> None:
    one, heard = uuid4(), asyncio.Event()
    async with signals(redis_url) as here, signals(redis_url) as worker:
        worker.on_cancel(lambda asked: heard.set() if asked == one else None)
        await here.ask_to_cancel(one)
        async with asyncio.timeout(5):
            await heard.wait()
    assert heard.is_set()


async def test_a_cut_connection_is_mended_and_the_watcher_told_to_look(redis_url: str) -> None:
    one = uuid4()
    async with signals(redis_url) as here, signals(redis_url) as there, here.watch(one) as watch:
        redis = connect(redis_url)
        await redis.client_kill_filter(_type="pubsub", skipme=True)
        assert await watch.next(10) is None

        async def heard_by_one() -> bool:
            return bool(await redis.publish(f"limner:news:{one.hex}", b'{"end":true}') == 1)

        await until(heard_by_one)
        assert await watch.next(10) == Settled(one)
        await there.ping()
        await redis.aclose()


async def test_a_server_that_is_away_is_an_outage() -> None:
    redis = connect("redis://127.0.0.1:1")
    away = RedisSignals(redis)
    for call in (away.ping(), away.settled(uuid4()), away.latest(uuid4()), away.ask_to_cancel(uuid4())):
        with pytest.raises(Outage):
            await call
    await redis.aclose()
