"""From asking to having the picture's bytes in the bot, where the provider itself takes no time."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from bench import intake, obvious
from bench.report import Goal, Row, Table, spread
from bench.stage import Stage
from core import imaging
from core.generation import ReplyTo
from core.views import Finished, View
from limner import wiring
from limner.settings import Settings, secret

ONE_AT_A_TIME = 40
UNDER_LOAD = 120
AT_ONCE = 32
APART = 0.5
"""Seconds at most between two that come alone; as long as arq's poll, so that none keeps step with it."""

Ask = Callable[[int], Awaitable[bytes]]


@dataclass(slots=True)
class Noting:
    """Implements `core.ports.Courier`: a platform that takes no time and notes what it was shown last."""

    platform: str = "bench"
    ends: dict[UUID, asyncio.Future[bytes]] = field(default_factory=dict)

    def interval(self, in_flight: int) -> float:
        return 1.0

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        if isinstance(view, Finished):
            self.ends.pop(view.generation.id).set_result(view.images[0].data)
        return None


async def measure(stage: Stage) -> Table:
    slow = await _obvious(stage)
    floor = await _floor(stage)
    ours = await _limner(stage)
    return Table(
        "whole: asked -> the picture's bytes in the bot; provider of zero latency, 1.5 MB; worker and bot apart",
        [
            Row("obvious", "ORM, stock arq, Pillow on the loop, poll", slow),
            Row("floor", "decode, INSERT and SELECT bytea, no queue", floor),
            Row("limner", "the whole way, with progress", ours),
        ],
        [
            Goal("faster than the obvious way (p50)", slow["p50 ms"] / ours["p50 ms"], 12, at_least=True),
            Goal("of the obvious way's images a second", ours["images/s"] / slow["images/s"], 2, at_least=True),
        ],
        [f"p50 and p99 one at a time; images a second with {AT_ONCE} in flight"],
    )


async def _limner(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh()
    with stage.child(settings, "bench.product", stage.large):
        async with bot(settings) as ask:
            return await _measured(ask, stage.large.read_bytes())


async def _obvious(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh(concurrency=10)  # arq's default
    ask = await obvious_bot(settings)
    with stage.child(settings, "bench.obvious", stage.large, 0):
        return await _measured(ask, stage.large.read_bytes())


async def obvious_bot(settings: Settings) -> Ask:
    """This process as the bot of the obvious way."""
    sessions, queue = await obvious.connect(settings)

    async def ask(number: int) -> bytes:
        return await obvious.result(sessions, await obvious.submit(sessions, queue, "one", f"key {number}"))

    return ask


@asynccontextmanager
async def bot(settings: Settings) -> AsyncIterator[Ask]:
    """This process as the bot: the product's use cases, and a platform that only notes."""
    courier = Noting()
    async with wiring.servers(settings, "bench-bot") as on, asyncio.TaskGroup() as group:
        studio = wiring.studio(settings, on)
        studio.delivering.serve(courier)
        listening = group.create_task(on.signals.run())
        await on.signals.started()
        delivering = group.create_task(studio.delivering.run())

        async def ask(number: int) -> bytes:
            accepted = await studio.requesting.submit(intake.request(studio, number))
            end: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            courier.ends[accepted.generation.id] = end
            studio.delivering.follow(accepted)
            return await end

        yield ask
        delivering.cancel()
        await asyncio.wait([delivering])
        listening.cancel()


async def _measured(ask: Ask, data: bytes) -> dict[str, float]:
    for number in range(-5, 0):
        assert await ask(number) == data
    waits = []
    for number in range(ONE_AT_A_TIME):
        await asyncio.sleep(random.uniform(0, APART))
        begun = time.perf_counter()
        await ask(number)
        waits.append(time.perf_counter() - begun)
    return spread(waits) | {"images/s": await rate(ask, UNDER_LOAD, AT_ONCE)}


async def rate(ask: Ask, count: int, at_once: int) -> float:
    """Pictures a second while so many are always asked for."""
    numbers = iter(range(1_000_000, 1_000_000 + count))
    begun = time.perf_counter()

    async def asker() -> None:
        for number in numbers:
            await ask(number)

    await asyncio.gather(*(asker() for _ in range(at_once)))
    return count / (time.perf_counter() - begun)


async def _floor(stage: Stage) -> dict[str, float]:
    """What cannot be left out, in one process and without any queue."""
    settings = await stage.fresh()
    data = stage.large.read_bytes()
    async with asyncpg.create_pool(secret(settings.database_url), min_size=10, max_size=20) as pool:
        await pool.execute("CREATE TABLE bare (id int PRIMARY KEY, data bytea)")
        await pool.execute("ALTER TABLE bare ALTER COLUMN data SET STORAGE EXTERNAL")
        numbers = itertools.count()

        async def ask(_: int) -> bytes:
            number = next(numbers)
            decode = asyncio.to_thread(imaging.inspect, data, max_bytes=len(data))
            await asyncio.gather(decode, pool.execute("INSERT INTO bare VALUES ($1, $2)", number, data))
            found: bytes = await pool.fetchval("SELECT data FROM bare WHERE id = $1", number)
            return found

        return await _measured(ask, data)
