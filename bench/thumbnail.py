"""What it costs to prove that a picture is one and to make its thumbnail, and what the event loop feels of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from io import BytesIO

from PIL import Image

from bench import obvious
from bench.report import Goal, Row, Table, quantile
from bench.stage import Stage
from core import imaging

TIMES = 30
PICTURES = 40


async def measure(stage: Stage) -> Table:
    data = stage.large.read_bytes()
    ways: dict[str, Callable[[], object]] = {
        "obvious": lambda: obvious.thumbnail(data),
        "floor": lambda: Image.open(BytesIO(data)).load(),
        "limner": lambda: imaging.check(data, max_bytes=len(data)),
    }
    spent = _in_turns(ways)
    inline = await _lag(lambda: _inline(data))
    threaded = await _lag(lambda: asyncio.to_thread(imaging.check, data, max_bytes=len(data)))
    return Table(
        "thumbnail: a 1024 x 1024 PNG of 1.5 MB decoded, checked and made a 256 px WebP",
        [
            Row("obvious", "Pillow's thumbnail and defaults, on the loop", {"ms": spent["obvious"], **inline}),
            Row("floor", "decoding alone", {"ms": spent["floor"]}),
            Row("limner", "imaging.check, in a thread", {"ms": spent["limner"], **threaded}),
        ],
        [
            Goal("of the decoding alone", spent["limner"] / spent["floor"], 1.2),
            Goal("the loop's lag meanwhile (p99)", threaded["lag p99 ms"], 3, " ms"),
        ],
    )


def _in_turns(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each; they take turns, so that noise meets all alike."""
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TIMES):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            samples[name].append((time.perf_counter() - begun) * 1000)
    return {name: quantile(found, 0.5) for name, found in samples.items()}


async def _inline(data: bytes) -> None:
    await asyncio.sleep(0.002)
    obvious.thumbnail(data)


async def _lag(work: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """How late a timer of 1 ms rings while pictures are made one after another."""
    late: list[float] = []

    async def clock() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - due) * 1000)

    ticking = asyncio.create_task(clock())
    for _ in range(PICTURES):
        await work()
    ticking.cancel()
    await asyncio.wait([ticking])
    return {"lag p50 ms": quantile(late, 0.5), "lag p99 ms": quantile(late, 0.99)}
