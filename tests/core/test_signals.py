"""News over a real Valkey, beyond what the port promises: wishes to cancel are heard, an outage only delays."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from core.errors import Outage
from core.generation import Progress, Stage
from core.ports import Settled, Watch
from core.signals import RedisSignals, connect
from tests.core.implementations import signals
from tests.eventually import until


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


async def test_watches_that_begin_in_an_outage_all_hear(redis_url: str) -> None:
    """Whoever subscribes then must not connect: two who do so at once read each other's answers."""
    many, redis = [uuid4() for _ in range(40)], connect(redis_url)
    async with signals(redis_url) as here, signals(redis_url) as there, AsyncExitStack() as stack:
        await redis.client_kill_filter(_type="pubsub", skipme=True)
        await redis.ping()
        watches = await asyncio.gather(*(stack.enter_async_context(here.watch(one)) for one in many))
        for one in many:
            await there.settled(one)
        heard = await asyncio.gather(*(_the_end(watch) for watch in watches))
    await redis.aclose()
    assert heard == [Settled(one) for one in many]


async def _the_end(watch: Watch) -> object:
    async with asyncio.timeout(10):
        while True:
            if (news := await watch.next(10)) is not None:
                return news


async def test_a_server_that_is_away_is_an_outage() -> None:
    redis = connect("redis://127.0.0.1:1")
    away = RedisSignals(redis)
    for call in (away.ping(), away.settled(uuid4()), away.latest(uuid4()), away.ask_to_cancel(uuid4())):
        with pytest.raises(Outage):
            await call
    await redis.aclose()


@pytest.mark.parametrize("nonsense", [b"zz", b"\xff", b"{", b'{"stage":"not ours"}', b'{"sequence":"x"}', b"[]"])
async def test_a_message_that_nobody_understands_deafens_nobody(redis_url: str, nonsense: bytes) -> None:
    one, heard = uuid4(), asyncio.Event()
    async with signals(redis_url) as here, here.watch(one) as watch:
        here.on_cancel(lambda asked: heard.set() if asked == one else None)
        redis = connect(redis_url)
        for channel in ("limner:cancel", f"limner:news:{one.hex}"):
            await redis.publish(channel, nonsense)
        await redis.set(f"limner:latest:{one.hex}", nonsense)
        assert await here.latest(one) is None
        await here.ask_to_cancel(one)
        await here.settled(one)
        assert await watch.next(5) == Settled(one)
        async with asyncio.timeout(5):
            await heard.wait()
        await redis.aclose()


async def test_progress_that_comes_with_a_change_of_status_is_told_after_it(redis_url: str) -> None:
    one = uuid4()
    async with signals(redis_url) as here, here.watch(one) as watch:
        progress = Progress(one, 1, Stage.QUEUED, 60)
        watch.put(progress)
        watch.put(Settled(one))
        assert await watch.next(1) == Settled(one)
        assert await watch.next(1) == progress


async def test_a_server_that_takes_connections_and_says_nothing_is_an_outage() -> None:
    closing = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await closing.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        redis = connect(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with asyncio.timeout(30):
            with pytest.raises(Outage):
                await RedisSignals(redis).settled(uuid4())
        closing.set()
        await redis.aclose()
