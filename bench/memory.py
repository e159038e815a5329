"""The most memory that one worker process holds while 50 pictures are in flight in it at once."""

from __future__ import annotations

import asyncio

from bench import whole
from bench.report import Goal, Row, Table
from bench.stage import Stage

IN_FLIGHT = 50
ROUNDS = 2
MEGABYTE = 1024 * 1024


async def measure(stage: Stage) -> Table:
    size = stage.large.stat().st_size / MEGABYTE
    obvious = await _obvious(stage)
    idle, peak = await _limner(stage)
    held = IN_FLIGHT * size * (1 + 4 / 3)
    return Table(
        f"memory: {IN_FLIGHT} pictures of {size:.1f} MB in flight at once in one worker process",
        [
            Row("obvious", "ORM, stock arq", {"peak MB": obvious}),
            Row("floor", "an idle worker, and each picture's bytes and Base64 once", {"peak MB": idle + held}),
            Row("limner", "all held at the same time, checked and stored", {"peak MB": peak}),
        ],
        [Goal("peak", peak, 400, " MB")],
        [f"{ROUNDS} rounds; an idle worker holds {idle:.0f} MB"],
    )


async def _limner(stage: Stage) -> tuple[float, float]:
    settings = await stage.fresh(concurrency=IN_FLIGHT)
    with stage.child(settings, "bench.product", stage.large, "--together", IN_FLIGHT) as worker:
        idle = worker.peak_bytes() / MEGABYTE
        async with whole.bot(settings) as ask:
            for number in range(ROUNDS):
                await asyncio.gather(*(ask(number * IN_FLIGHT + n) for n in range(IN_FLIGHT)))
            return idle, worker.peak_bytes() / MEGABYTE


async def _obvious(stage: Stage) -> float:
    settings = await stage.fresh(concurrency=IN_FLIGHT)
    ask = await whole.obvious_bot(settings)
    with stage.child(settings, "bench.obvious", stage.large, 0) as worker:
        await ask(-1)  # two at once would both make its user
        for number in range(ROUNDS):
            await asyncio.gather(*(ask(number * IN_FLIGHT + n) for n in range(IN_FLIGHT)))
        return worker.peak_bytes() / MEGABYTE
