"""SIGTERM in the middle of a call, and a worker that was held still for longer than its lease."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.accounts import balanced
from tests.faults.asking import everywhere, said
from tests.faults.stage import Stage, stage
from tests.journeys.provider import calls, dropped, reached

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs, workers=0) as raised:
        yield raised


async def test_within_its_grace_a_worker_finishes_what_it_began(on: Stage) -> None:
    first, hold = await on.worker(WORKER_GRACE_SECONDS="60"), on.openai.hold("completed", times=3)
    asked = await everywhere(on, "finished in its grace")
    await reached(hold)
    await on.worker()
    first.process.send_signal(signal.SIGTERM)
    await said(first, "draining")
    hold.release()
    await asked.finished()
    assert await first.process.wait() == 0
    assert len(calls(on.openai, asked.prompt)) == 3
    assert (await balanced(on, "worker stopped, with grace")).lost == 0
    await on.workers[-1].stop()


async def test_without_grace_it_hands_back_what_it_began_and_books_the_call(on: Stage) -> None:
    first, hold = await on.worker(), on.openai.hold("completed", times=3)
    asked = await everywhere(on, "handed back")
    await reached(hold)
    await on.worker()
    await first.stop()
    await asyncio.gather(*(dropped(call) for call in hold.calls))
    await asked.finished()
    assert len(calls(on.openai, asked.prompt)) == 6
    assert (await balanced(on, "worker stopped, without grace")).lost == 3
    await on.workers[-1].stop()


async def test_a_worker_that_slept_through_its_leases_gives_way(on: Stage) -> None:
    """Half of its calls are answered in its sleep, half never: what comes late is dropped or refused."""
    before = await balanced(on, "before the sleep")
    sleeper, late = await on.worker(), on.openai.hold("completed", times=3)
    asked = [await everywhere(on, "held before its answer")]
    await reached(late)
    never = on.openai.hold("partial", times=3)
    asked.append(await everywhere(on, "held before its preview"))
    await reached(never)
    sleeper.process.send_signal(signal.SIGSTOP)
    late.release()
    await on.worker()
    for one in asked:
        await one.finished()
    sleeper.process.send_signal(signal.SIGCONT)
    await asyncio.gather(*(dropped(call) for call in never.calls))
    await said(sleeper, "call_dropped", "finished_but_lost", times=6)
    now = await balanced(on, "worker slept through its leases")
    assert (now.finished, now.calls, now.lost) == (before.finished + 6, before.calls + 12, before.lost + 6)
    await asyncio.gather(sleeper.stop(), on.workers[-1].stop())
