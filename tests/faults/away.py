"""Both servers away for a minute, killed and then held still, while requests run and wait.

    python -m tests.faults.away [--seconds 60] [--requests 10]

Prints the count after each and ends with 1 if anything was lost, doubled, paid for twice or left open.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.accounts import Count, balanced
from tests.faults.asking import everywhere
from tests.faults.servers import prepared
from tests.faults.stage import Stage, stage
from tests.journeys.provider import reached

AT_ONCE = 6
"""Requests that run when the servers go; the others wait."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long both are away")
    parser.add_argument("--requests", type=int, default=10, help="prompts, each asked on all three platforms")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="limner-away-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        with prepared(directory) as template:
            sys.exit(asyncio.run(_play(template, directory, asked.seconds, asked.requests)))


async def _play(template: Path, directory: Path, seconds: float, requests: int) -> int:
    """0 when all is well. With the lease that is the default, which a minute outlasts thrice."""
    logs = directory / "logs"
    logs.mkdir()
    async with stage(template, logs, workers=2, WORKER_CONCURRENCY=str(AT_ONCE // 2), LEASE_SECONDS="20") as on:
        try:
            for how in ("killed", "held still"):
                now = await _away(on, how, seconds, requests)
                assert now.finished == now.accepted, now
                assert now.unseen == 0, now
        except AssertionError as wrong:
            print(wrong, *(process.words() for process in (*on.workers, *on.bots)), sep="\n")  # noqa: T201  a script
            return 1
    return 0


async def _away(on: Stage, how: str, seconds: float, requests: int) -> Count:
    hold = on.openai.hold("completed", times=AT_ONCE)
    asked = await asyncio.gather(*(everywhere(on, f"{how} {n}") for n in range(requests)))
    await reached(hold)
    if how == "killed":
        await asyncio.gather(on.valkey.kill(), on.postgres.kill())
    else:
        on.valkey.hold_still()
        on.postgres.hold_still()
    await asyncio.sleep(seconds / 2)
    hold.release()  # half of the time is over, and there is nowhere to put the pictures
    await asyncio.sleep(seconds / 2)
    if how == "killed":
        await asyncio.gather(on.valkey.start(), on.postgres.start())
    else:
        on.valkey.go_on()
        on.postgres.go_on()
    await asyncio.gather(*(one.finished() for one in asked))
    return await balanced(on, f"both away for {seconds:.0f} s, {how}")


if __name__ == "__main__":
    main()
