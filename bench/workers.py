"""What a second worker process brings where the provider is the limit, not the processor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

import asyncpg

from bench import intake, obvious
from bench.report import Goal, Row, Table
from bench.stage import Stage
from limner import wiring
from limner.settings import Settings, secret

LATENCY = 0.05
"""Seconds that the provider takes."""

EACH = 2
"""Requests at once in one worker: so few that two workers leave the processor idle for a part of the time."""

IDEAL = EACH / LATENCY
SECONDS = 4.0
"""A multiple of arq's poll."""

WARM = 1.0
WAITING = {"obvious": 150, "limner": 1200}
"""Requests that wait when the workers start: more than two can make while they are looked at."""

MODULE = {"obvious": "bench.obvious", "limner": "bench.product"}
FINISHED = {
    "obvious": "SELECT count(*) FROM obvious_requests WHERE status = 'finished'",
    "limner": "SELECT count(*) FROM generations WHERE status = 'finished'",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What so many worker processes did."""

    rate: float
    """Pictures a second, of all together."""
    cpu: float
    """Per cent of a core that each took."""


async def measure(stage: Stage) -> Table:
    obvious_way = {count: await _way(stage, "obvious", count) for count in (1, 2)}
    limner = {count: await _way(stage, "limner", count) for count in (1, 2)}
    ideal = {count: Found(count * IDEAL, 0) for count in (1, 2)}
    return Table(
        f"workers: a provider of {LATENCY * 1000:.0f} ms, {EACH} requests at once in each worker process, tiny picture",
        [
            Row("obvious", "stock arq, poll 0.5 s", _figures(obvious_way)),
            Row("floor", "nothing but waiting", _figures(ideal)),
            Row("limner", "claimed, made, checked, stored", _figures(limner)),
        ],
        [
            Goal("of one worker's pictures a second, with two", _gain(limner), 1.9, at_least=True),
            Goal("of the obvious way's, with two", limner[2].rate / obvious_way[2].rate, 1, at_least=True),
        ],
        ["all requests wait before the workers start, so that the bot takes no part of the processor"],
    )


def _figures(found: Mapping[int, Found]) -> dict[str, float]:
    return {
        "one: images/s": found[1].rate,
        "two: images/s": found[2].rate,
        "two to one": _gain(found),
        "CPU % of each": found[2].cpu,
    }


def _gain(found: Mapping[int, Found]) -> float:
    return found[2].rate / found[1].rate


async def _way(stage: Stage, name: str, count: int) -> Found:
    """Of so many worker processes, once all of them are under way."""
    settings = await stage.fresh(concurrency=EACH)
    await (_ask_obviously if name == "obvious" else _ask)(settings, WAITING[name])
    latency = (LATENCY,) if name == "obvious" else ("--latency", LATENCY)
    connection = await asyncpg.connect(secret(settings.database_url))
    with ExitStack() as stack:
        workers = [stack.enter_context(stage.child(settings, MODULE[name], stage.tiny, *latency)) for _ in range(count)]
        await asyncio.sleep(WARM)
        cpu = sum(one.cpu_seconds() for one in workers)
        begun, before = time.perf_counter(), await connection.fetchval(FINISHED[name])
        await asyncio.sleep(SECONDS)
        spent, after = time.perf_counter() - begun, await connection.fetchval(FINISHED[name])
        cpu = sum(one.cpu_seconds() for one in workers) - cpu
    await connection.close()
    assert after + EACH * count < WAITING[name], "too few were waiting"
    return Found((after - before) / spent, cpu / spent / count * 100)


async def _ask(settings: Settings, count: int) -> None:
    async with wiring.servers(settings, "bench-bot") as on:
        studio = wiring.studio(settings, on)
        for number in range(count):
            await studio.requesting.submit(replace(intake.request(studio, number), reply_to=None))


async def _ask_obviously(settings: Settings, count: int) -> None:
    sessions, queue = await obvious.connect(settings)
    for number in range(count):
        await obvious.submit(sessions, queue, "one", f"key {number}")
