"""`python -m bench` runs all, `python -m bench pickup intake` those named; exit code 1 if a goal is missed."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop

from bench import claim, fairness, intake, jobs, limits, memory, pickup, text, thumbnail, whole, workers
from bench.report import Table
from bench.stage import Stage, stage
from limner import processes
from limner.embedded import MALLOC

BENCHMARKS: dict[str, Callable[[Stage], Awaitable[Table]]] = {
    "pickup": pickup.measure,
    "intake": intake.measure,
    "limits": limits.measure,
    "claim": claim.measure,
    "fairness": fairness.measure,
    "whole": whole.measure,
    "jobs": jobs.measure,
    "workers": workers.measure,
    "text": text.measure,
    "thumbnail": thumbnail.measure,
    "memory": memory.measure,
}


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark called {', '.join(unknown)}. Choose from: {', '.join(BENCHMARKS)}.")
        return 2
    missed = 0
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as directory, stage(Path(directory)) as ready:
        for name in names or BENCHMARKS:
            processes.keep_what_is_loaded()
            begun = time.monotonic()
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                table = runner.run(_measured(BENCHMARKS[name], ready))
            print(f"{table.text()}\n  ({time.monotonic() - begun:.0f} s)\n", flush=True)
            missed += sum(not goal.met for goal in table.goals)
    return 1 if missed else 0


async def _measured(benchmark: Callable[[Stage], Awaitable[Table]], on: Stage) -> Table:
    return await benchmark(on)


def _with_the_products_memory() -> None:
    """glibc reads these once, at the start: so this process begins again with them, for it plays the bot."""
    if any(name not in os.environ for name in MALLOC):
        os.execve(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]], {**os.environ, **MALLOC})  # noqa: S606


if __name__ == "__main__":
    _with_the_products_memory()
    sys.exit(main(sys.argv[1:]))
