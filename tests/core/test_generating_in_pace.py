"""Two workers and a provider that takes only so many pictures at a time: all get made, and it never has to refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from core.catalogue import load_catalogue
from core.clock import now
from core.errors import Fault
from core.generating import Easel, Generating
from core.generation import Status
from core.pace import SLACK, RedisPace
from core.ports import Headroom, ImageProvider, Pace, Upcoming
from core.providers.openai import OpenAIProvider
from core.signals import connect
from core.storage.work import PostgresWork
from core.styles import load_styles
from tests.core.material import ADA, BOB, OPTIONS, request, terms
from tests.core.stores import Stores
from tests.core.test_generating import Painter, draws, fails
from tests.eventually import until
from tests.fakes.openai import FakeOpenAI, Quota, faults
from tests.fakes.ports import MemorySignals
from tests.fakes.ports.pace import MemoryPace

WINDOW = 0.3
"""Seconds of the provider's window, so that a test lives through several."""


@dataclass(slots=True)
class Tickets:
    """Implements the doorbell's port as a queue does: a ticket can be taken when it is due."""

    due: asyncio.Queue[UUID] = field(default_factory=asyncio.Queue)
    late: list[float] = field(default_factory=list)
    """Seconds for which tickets were put off."""

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        if delay_seconds:
            self.late.append(delay_seconds)
        asyncio.get_running_loop().call_later(delay_seconds, self.due.put_nowait, generation_id)


def generating(stores: Stores, tickets: Tickets, provider: ImageProvider, pace: Pace, name: str) -> Generating:
    easel = Easel({"openai": provider}, load_catalogue(), load_styles(), 50_000_000, 3)
    return Generating(
        work=stores.work, signals=MemorySignals(), doorbell=tickets, easel=easel, worker=name, clock=now, pace=pace
    )


@asynccontextmanager
async def workers(stores: Stores, fake: FakeOpenAI, redis_url: str, tickets: Tickets) -> AsyncIterator[None]:
    """Two processes' worth, each with four hands that take a ticket after another."""
    async with AsyncExitStack() as stack:
        hands = []
        for name in ("one", "two"):
            redis = connect(redis_url)
            stack.push_async_callback(redis.aclose)
            pace = RedisPace(redis, WINDOW + SLACK)
            provider = OpenAIProvider(
                api_key=fake.api_key,
                base_url=fake.base_url,
                catalogue=load_catalogue(),
                timeout_seconds=30,
                pace=pace,
            )
            stack.push_async_callback(provider.close)
            worker = generating(stores, tickets, provider, pace, name)
            hands += [asyncio.create_task(_work(worker, tickets)) for _ in range(4)]
        try:
            yield
        finally:
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)


async def _work(worker: Generating, tickets: Tickets) -> None:
    while True:
        await tickets.due.get()
        await worker.run_next()


async def asked(stores: Stores, tickets: Tickets, *counts: int) -> list[UUID]:
    ids = []
    for n, count in enumerate(counts):
        options = replace(OPTIONS, count=count)
        accepted = await stores.requests.accept(request(ADA if n % 2 else BOB, options=options), terms(None))
        ids.append(accepted.generation.id)
        await tickets.ring(ids[-1])
    return ids


async def ended(stores: Stores, ids: list[UUID]) -> list[Status]:
    """How they stand once all of them are over."""

    async def standing() -> list[Status]:
        rows = [await stores.requests.generation(one) for one in ids]
        return [row.status for row in rows if row is not None]

    async def over() -> bool:
        found = await standing()
        return len(found) == len(ids) and all(one.final for one in found)

    await until(over, 60)
    return await standing()


async def test_two_workers_keep_the_pace_and_everything_gets_made(stores: Stores, redis_url: str) -> None:
    tickets = Tickets()
    async with FakeOpenAI() as fake:
        fake.quota = Quota(limit=4, window_seconds=WINDOW)
        async with workers(stores, fake, redis_url, tickets):
            assert await ended(stores, await asked(stores, tickets, 1)) == [Status.FINISHED]
            ids = await asked(stores, tickets, 1, 1, 2, 1, 4, 1)
            assert set(await ended(stores, ids)) == {Status.FINISHED}
        assert [one.status for one in fake.calls] == [200] * (1 + 10)
        assert fake.quota.refused == 0
    rows = [await stores.requests.generation(one) for one in ids]
    assert [row.attempts for row in rows if row] == [1] * 6  # none was claimed to be put back
    assert tickets.late


async def test_a_pause_that_one_worker_was_told_holds_for_the_other(stores: Stores, redis_url: str) -> None:
    tickets = Tickets()
    async with FakeOpenAI() as fake:
        fake.script(faults.rate_limit({"retry-after-ms": "400"}))
        async with workers(stores, fake, redis_url, tickets):
            await asked(stores, tickets, 1)
            await fake.arrived(1)
            (refused,) = fake.calls
            ids = await asked(stores, tickets, 1, 1, 1, 1)
            assert set(await ended(stores, ids)) == {Status.FINISHED}
        assert refused.status == 429
        assert [one.status for one in fake.calls[1:]] == [200] * (len(fake.calls) - 1)


async def test_what_may_not_be_asked_for_is_not_claimed_and_one_late_ticket_is_rung(stores: Stores) -> None:
    tickets, pace = Tickets(), MemoryPace()
    await pace.heard("openai", Headroom(limit=1, remaining=0, reset_seconds=40))
    worker = generating(stores, tickets, Painter([draws]), pace, "w")
    ids = await asked(stores, Tickets(), 1, 1, 1)
    assert [await worker.run_next() for _ in range(5)] == [False] * 5
    rows = [await stores.requests.generation(one) for one in ids]
    assert [(row.status, row.attempts) for row in rows if row] == [(Status.QUEUED, 0)] * 3
    (late,) = tickets.late
    assert 39 < late <= 40


async def test_a_large_request_at_the_head_is_not_overtaken_by_small_ones(stores: Stores) -> None:
    tickets, pace = Tickets(), MemoryPace()
    await pace.heard("openai", Headroom(limit=4, remaining=1, reset_seconds=40))
    worker = generating(stores, tickets, Painter([draws]), pace, "w")
    ids = await asked(stores, Tickets(), 4, 1)
    assert not await worker.run_next()
    rows = [await stores.requests.generation(one) for one in ids]
    assert {row.status for row in rows if row} == {Status.QUEUED}
    assert await pace.wait("openai", 1) == 0  # and nothing was kept back for it


async def test_a_claim_rings_for_whoever_is_next_and_an_empty_queue_is_left_alone(stores: Stores) -> None:
    tickets, pace = Tickets(), MemoryPace()
    worker = generating(stores, tickets, Painter([draws]), pace, "w")
    first, second = await asked(stores, Tickets(), 1, 1)
    assert await worker.run_next()
    assert await tickets.due.get() == second != first
    assert await worker.run_next()
    assert not await worker.run_next()
    assert tickets.due.empty()
    assert not pace.ends["openai"][2:]  # the pictures of both, and nothing for the empty queue


async def test_a_call_that_failed_counts_all_the_same(stores: Stores) -> None:
    tickets, pace = Tickets(), MemoryPace()
    await pace.heard("openai", Headroom(limit=1, remaining=1))
    worker = generating(stores, tickets, Painter([fails(Fault.MODERATED)]), pace, "w")
    await asked(stores, Tickets(), 1, 1)
    assert [await worker.run_next() for _ in range(2)] == [True, False]


class Overtaken(PostgresWork):
    """Tells what came next a moment ago: somebody else has claimed it since."""

    gone: Upcoming | None = None

    async def upcoming(self) -> Upcoming | None:
        told, self.gone = self.gone, None
        return told or await super().upcoming()


async def test_a_head_that_somebody_else_took_costs_nothing_of_the_pace(stores: Stores) -> None:
    tickets, pace, work = Tickets(), MemoryPace(), Overtaken(stores.database)
    await pace.heard("openai", Headroom(limit=5, remaining=5))
    (large,) = await asked(stores, Tickets(), 4)
    work.gone = Upcoming(uuid4(), "openai", 1)
    worker = generating(replace(stores, work=work), tickets, Painter([draws]), pace, "w")
    assert await worker.run_next()
    row = await stores.requests.generation(large)
    assert row is not None
    assert row.status is Status.FINISHED
    assert [await pace.wait("openai", 1) == 0 for _ in range(2)] == [True, False]


async def test_a_head_that_was_smaller_gives_back_what_it_does_not_need(stores: Stores) -> None:
    tickets, pace, work = Tickets(), MemoryPace(), Overtaken(stores.database)
    await pace.heard("openai", Headroom(limit=4, remaining=4))
    await asked(stores, Tickets(), 1)
    work.gone = Upcoming(uuid4(), "openai", 4)
    assert await generating(replace(stores, work=work), tickets, Painter([draws]), pace, "w").run_next()
    assert await pace.wait("openai", 3) == 0
