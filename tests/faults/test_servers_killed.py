"""Redis and PostgreSQL killed, emptied or held still while requests run and wait: it only delays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.eventually import until
from tests.fakes.openai import Hold, faults
from tests.faults.accounts import balanced, count
from tests.faults.asking import Asked, everywhere, said
from tests.faults.stage import Stage, stage
from tests.journeys.provider import calls, reached

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROUND = "arq:queue:health-check"
"""What an arq worker leaves in Redis at the end of its first round."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs, WORKER_CONCURRENCY="2") as raised:
        yield raised


async def two_run_one_waits(on: Stage, prompt: str) -> tuple[Asked, Hold]:
    """The two stand before their answers."""
    hold = on.openai.hold("completed", times=2)
    asked = await everywhere(on, prompt)
    await reached(hold)
    return asked, hold


async def paid_once(on: Stage, asked: Asked, fault: str) -> None:
    await asked.finished()
    assert len(calls(on.openai, asked.prompt)) == 3
    assert (await balanced(on, fault)).lost == 0


async def test_lost_tickets_are_written_anew(on: Stage) -> None:
    asked, hold = await two_run_one_waits(on, "rung for again")
    async with Redis.from_url(on.valkey.url) as redis:
        await redis.flushall()
    hold.release()
    await paid_once(on, asked, "tickets lost")


async def test_redis_killed_and_started_empty(on: Stage) -> None:
    """What runs goes on, and takes up the slots of the worker that arq begins anew."""
    asked, hold = await two_run_one_waits(on, "without a doorbell")
    await on.valkey.kill()
    [worker] = on.workers
    await said(worker, "queue_lost")
    await on.valkey.start()
    async with Redis.from_url(on.valkey.url) as redis:

        async def serves() -> bool:
            return bool(await redis.exists(ROUND))

        await until(serves, 30)
        looked_for_tickets = "cmdstat_zrangebyscore" in await redis.info("commandstats")
    assert not looked_for_tickets
    hold.release()
    await paid_once(on, asked, "Redis killed, empty again")


async def test_redis_that_takes_connections_and_says_nothing(on: Stage) -> None:
    [worker] = on.workers
    before = (await asyncio.to_thread(worker.words)).count("queue_lost")
    on.valkey.hold_still()
    await said(worker, "queue_lost", times=before + 1)
    on.valkey.go_on()
    await paid_once(on, await everywhere(on, "after a silence"), "Redis held still")


async def test_postgres_killed_before_an_answer_could_be_stored(on: Stage) -> None:
    asked, hold = await two_run_one_waits(on, "stored in the end")
    await on.postgres.kill()
    hold.release()
    for call in calls(on.openai, asked.prompt):
        await call.answered.wait()
    [worker] = on.workers
    await said(worker, "writing_postponed", times=2)
    await on.postgres.start()
    await paid_once(on, asked, "PostgreSQL killed")


async def test_postgres_killed_before_a_refusal_could_be_noted(on: Stage) -> None:
    """A call that was refused is not taken for one whose worker vanished."""
    before = await count(on)
    on.openai.script(faults.rate_limit({"retry-after": "1"}), times=2)
    hold = on.openai.hold("answer", times=2)
    asked = await everywhere(on, "refused meanwhile")
    await reached(hold)
    await on.postgres.kill()
    [worker] = on.workers
    postponed = (await asyncio.to_thread(worker.words)).count("writing_postponed")
    hold.release()
    await said(worker, "writing_postponed", times=postponed + 2)
    await on.postgres.start()
    await asked.finished()
    now = await balanced(on, "PostgreSQL killed, provider busy")
    assert (now.calls - before.calls, now.refused - before.refused, now.lost) == (5, 2, 0)


async def test_postgres_away_for_longer_than_the_leases(on: Stage) -> None:
    """Nobody could renew, so nobody is taken for dead."""
    asked, hold = await two_run_one_waits(on, "nobody is given up")
    await on.postgres.kill()
    [worker] = on.workers
    before = (await asyncio.to_thread(worker.words)).count("leases_not_renewed")
    await said(worker, "leases_not_renewed", times=before + 6)  # four in the course of a lease
    await on.postgres.start()
    hold.release()
    await paid_once(on, asked, "PostgreSQL away for longer than a lease")
