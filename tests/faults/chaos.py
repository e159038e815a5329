"""Everything goes wrong at once while a crowd asks for pictures: `python -m tests.faults.chaos --seed 1`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from core.accounts import Accounts
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from tests.faults.crowd import PEOPLE, Act, Crowd, acts
from tests.faults.reckoning import Reckoning, reckon
from tests.faults.servers import prepared
from tests.faults.stage import Stage, stage
from tests.faults.weather import Weather
from tests.journeys.processes import Process

REQUESTS, SECONDS = 300, 45.0
DRAINED = 150.0
"""Seconds in which everything that was accepted must have ended and been shown, once the storm is over."""

SETTINGS = {"LEASE_SECONDS": "8", "IMAGE_TIMEOUT_SECONDS": "15", "WORKER_CONCURRENCY": "12"}
LOOK_AGAIN = 0.5
PACE = 0.15
"""Seconds of the provider for each partial and for the picture."""

OPEN = """
    SELECT (SELECT count(*) FROM generations WHERE status IN ('queued', 'running'))
         + (SELECT count(*) FROM deliveries WHERE state = 'open')
"""

COLUMNS = {
    "seed": "seed",
    "requests": "asked",
    "accepted": "accepted",
    "delivered": "delivered",
    "failed": "failed",
    "cancelled": "cancelled",
    "duplicated": "twice",
    "lost": "lost",
    "calls": "calls",
    "charged": "charged µ$",
    "billed": "billed µ$",
    "lost_calls": "lost calls",
    "lost_micro": "lost µ$",
    "unaccounted": "unknown",
    "difference": "ledger ±",
    "seconds": "seconds",
}


async def storm(template: Path, logs: Path, seed: int, requests: int, seconds: float) -> tuple[Reckoning, Weather]:
    """One seed, from the first request to the count."""
    begun = time.monotonic()
    rng = random.Random(seed)
    async with (
        stage(template, logs, bots=2, workers=2, **SETTINGS) as on,
        AsyncExitStack() as processes,
        aiohttp.ClientSession() as session,
    ):
        on.openai.pace, on.openai.heavy = PACE, False
        addresses = [bot.address for bot in on.bots]
        crowd = Crowd(on.discord, on.slack, addresses, await _tokens(on), session)
        crowd.arrive()
        weather = Weather(on, rng, seconds, processes)
        people = acts(rng, requests, seconds, seed)
        async with asyncio.TaskGroup() as group:
            group.create_task(weather.storm())
            for act in people:
                group.create_task(_in_time(crowd, act))
        drained = await _drained(on)
        result = await reckon(people, crowd, on.openai, on.archive)
        if not drained:
            result.remarks.append(f"not everything had ended after {DRAINED:.0f} s")
        result.remarks += [f"against Discord's description: {one}" for one in on.discord.violations[:5]]
        result.remarks += [f"against Slack's description: {one}" for one in on.slack.violations[:5]]
        result.remarks += [one for process in (*on.bots, *on.workers) for one in await _stopped(process)]
    result.seconds = time.monotonic() - begun
    return result, weather


async def _in_time(crowd: Crowd, act: Act) -> None:
    await asyncio.sleep(act.at)
    await crowd.ask(act)


async def _stopped(process: Process) -> list[str]:
    """What there is to say of its end."""
    try:
        await process.stop()
    except (AssertionError, TimeoutError) as wrong:
        lines = str(wrong).splitlines() or ["it did not end in time"]
        found = next((number for number, line in enumerate(lines) if "Traceback" in line), 0)
        return [f"{process.name} did not end well: {' / '.join(lines[max(0, found - 2) : found + 1])[:400]}"]
    return []


async def _tokens(on: Stage) -> list[str]:
    database = Database(on.postgres.url, pool_size=1)
    try:
        return [await Accounts(PostgresAccounts(database)).new_token(f"program-{n}") for n in range(PEOPLE)]
    finally:
        await database.close()


async def _drained(on: Stage) -> bool:
    """False when something is still open after all that time."""
    try:
        async with asyncio.timeout(DRAINED):
            while int((await on.archive.rows(OPEN))[0][0]) > 0:  # noqa: ASYNC110  what is waited for lives elsewhere
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        return False
    return True


def row(seed: int, result: Reckoning) -> list[str]:
    """One line of the table."""
    known = asdict(result) | {"seed": seed, "seconds": round(result.seconds)}
    return [f"{known[name]}" for name in COLUMNS]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Markdown, its columns as wide as they must be."""
    whole = [list(COLUMNS.values()), *rows]
    widths = [max(len(line[n]) for line in whole) for n in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in whole
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|")
    return "\n".join(lines)


def run(seeds: Sequence[int], requests: int, seconds: float, logs: Path) -> bool:
    """Each seed in turn, then the table. Whether every one of them held."""
    rows, held = [], True
    with (
        TemporaryDirectory(prefix="limner-chaos-", ignore_cleanup_errors=True) as made,
        prepared(Path(made)) as template,
    ):
        for seed in seeds:
            of_seed = logs / f"seed-{seed}"
            of_seed.mkdir(parents=True, exist_ok=True)
            try:
                result, weather = asyncio.run(storm(template, of_seed, seed, requests, seconds))
            except Exception as broken:  # noqa: BLE001  the edge: the other seeds have their turn all the same
                held = False
                print(f"seed {seed} could not be counted: {str(broken)[-500:] or type(broken).__name__}", flush=True)  # noqa: T201
                continue
            told = ", ".join(f"{what} {often} times" for what, often in sorted(weather.struck.items()))
            print(f"seed {seed}: {told}")  # noqa: T201
            for remark in result.remarks:
                print(f"  {remark}")  # noqa: T201
            rows.append(row(seed, result))
            print(table(rows[-1:]), flush=True)  # noqa: T201
            held &= result.holds
    if len(rows) > 1:
        print(f"\n{table(rows)}")  # noqa: T201
    print("Every promise held." if held else "A promise was broken; the remarks say which.")  # noqa: T201
    return held


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many are sent (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="in which time (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance (default %(default)s)")
    parser.add_argument("--seeds", help="several, one after another, such as 1-10")
    parser.add_argument("--logs", type=Path, help="where the processes' logs are kept (default: nowhere)")
    asked = parser.parse_args()
    # The fakes' clients are killed in the middle of an answer: that is what this is about.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    first, _, last = (asked.seeds or str(asked.seed)).partition("-")
    seeds = range(int(first), int(last or first) + 1)
    with TemporaryDirectory(prefix="limner-chaos-logs-", ignore_cleanup_errors=True) as passing:
        held = run(seeds, asked.requests, asked.seconds, asked.logs or Path(passing))
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
