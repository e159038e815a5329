"""`kill -9` of the worker at each stage of a request: another one finishes it, and no call goes unbooked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.eventually import until
from tests.faults.accounts import balanced
from tests.faults.asking import everywhere
from tests.faults.stage import Stage, stage
from tests.journeys.processes import Process
from tests.journeys.provider import calls, reached

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs, workers=0, WORKER_CONCURRENCY="9") as raised:
        yield raised


@pytest_asyncio.fixture(loop_scope="module")
async def doomed(on: Stage) -> AsyncIterator[Process]:
    """The worker that is killed; the one that comes after it does not live on into the next test."""
    yield await on.worker()
    await on.workers[-1].stop()


async def test_before_the_commit(on: Stage, doomed: Process) -> None:
    """One kill, twelve requests: some queued, some claimed, some in the provider's call, some answered."""
    hold = on.openai.hold("completed", times=3)
    in_call = await everywhere(on, "killed in its call")
    await reached(hold)
    async with on.locked("generated_images"):
        answered = await everywhere(on, "killed before its commit")
        await _waiting_for_a_lock(on, 3)
        async with on.locked("reference_images"):
            await claimed_at_once(on, "killed before its call")
            queued = await everywhere(on, "killed before its turn")
            await _all(on, queued.prompt, "queued")
            await doomed.kill()
    await on.leases_run_out()
    await on.worker()
    for asked in (in_call, answered, queued):
        await asked.finished()
    hold.release()
    now = await balanced(on, "worker killed before the commit")
    assert (now.finished, now.calls, now.lost) == (12, 18, 6)
    prompts = (queued.prompt, "killed before its call", in_call.prompt, answered.prompt)
    assert [len(calls(on.openai, prompt)) for prompt in prompts] == [3, 3, 6, 6]


async def test_after_the_commit_before_the_signal(on: Stage, doomed: Process) -> None:
    hold = on.openai.hold("completed", times=3)
    asked = await everywhere(on, "killed before its signal")
    await reached(hold)
    await on.valkey.kill()  # the signal has nowhere to go; held still, it would cost three seconds at each try
    hold.release()
    await _all(on, asked.prompt, "finished")
    await doomed.kill()
    await on.valkey.start()
    await asked.finished()
    now = await balanced(on, "worker killed before the signal")
    assert len(calls(on.openai, asked.prompt)) == 3
    assert now.finished == now.accepted


async def claimed_at_once(on: Stage, prompt: str) -> None:
    """Three requests over REST, which has no placeholder to wait for: it would be filled with the first progress."""
    async with on.caller() as rest:
        for _ in range(3):
            await rest.ask(prompt)
    await _all(on, prompt, "running")


async def _all(on: Stage, prompt: str, status: str) -> None:
    async def are() -> bool:
        rows = await on.archive.rows("SELECT status FROM generations WHERE prompt = $1", prompt)
        return [row["status"] for row in rows] == [status] * 3

    await until(are, 30)


async def _waiting_for_a_lock(on: Stage, count: int) -> None:
    async def are() -> bool:
        rows = await on.archive.rows("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
        return len(rows) >= count

    await until(are, 30)
