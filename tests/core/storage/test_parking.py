"""So many requests of one person at a time: of two hundred never more are claimed at once, and all get done."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import Fault
from core.generation import Generation, Requester
from core.policies import UNLIMITED
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from tests.core.material import ADA, BOB, LEASE, outcome, request, terms
from tests.core.stores import Stores

TOTAL = 200
WORKERS = 12

RUNNING = text("SELECT count(*) FROM generations WHERE user_id = :user AND status = 'running'")
STATUSES = text("SELECT status, count(*) AS total FROM generations GROUP BY status")


@dataclass(slots=True)
class Floor:
    """Workers that come only when a ticket was written for something, and what they saw of each person."""

    stores: Stores
    tickets: asyncio.Queue[UUID] = field(default_factory=asyncio.Queue)
    most: Counter[UUID] = field(default_factory=Counter)
    """Requests of a person that ran at the same time."""
    begun: int = 0
    done: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, who: Requester) -> None:
        accepted = await self.stores.requests.accept(request(who), terms(None))
        self.tickets.put_nowait(accepted.generation.id)

    async def work(self, name: str) -> None:
        while True:
            await self.tickets.get()
            generation = await self.stores.work.claim(name, LEASE)
            if generation is not None:
                async with self.stores.database.single() as connection:
                    running = (await connection.execute(RUNNING, {"user": generation.user_id})).scalar_one()
                self.most[generation.user_id] = max(self.most[generation.user_id], running)
                await self._end(generation, name)

    async def _end(self, generation: Generation, name: str) -> None:
        """In one way or another."""
        self.begun += 1
        if self.begun % 4 == 0:
            assert await self.stores.work.fail(generation, name, Fault.MODERATED, "")
        elif self.begun % 4 == 1:
            assert await self.stores.work.cancelled(generation, name)
        else:
            assert await self.stores.work.finish(generation, name, outcome())
        for freed in await self.stores.work.unpark(generation):
            self.tickets.put_nowait(freed)
        self.done += 1
        if self.done == TOTAL:
            self.over.set()


async def lay_down(stores: Stores, max_running: int) -> None:
    await PostgresPolicies(stores.database).lay_down(replace(UNLIMITED, max_running=max_running), "test")


async def all_done(stores: Stores, people: Sequence[Requester]) -> Floor:
    """Two hundred requests at once while workers are at it already; returns when every one has ended."""
    floor = Floor(stores)
    working = [asyncio.create_task(floor.work(f"w{n}")) for n in range(WORKERS)]
    try:
        await asyncio.gather(*(floor.ask(people[n % len(people)]) for n in range(TOTAL)))
        async with asyncio.timeout(120):
            await floor.over.wait()
    finally:
        for one in working:
            one.cancel()
        found = await asyncio.gather(*working, return_exceptions=True)
    assert [one for one in found if not isinstance(one, asyncio.CancelledError)] == []
    return floor


@pytest.mark.parametrize("max_running", [1, 3])
@pytest.mark.parametrize("people", [[ADA], [ADA, BOB]], ids=["one person", "two people"])
async def test_never_more_than_may_run_are_claimed_and_every_one_gets_done(
    stores: Stores, max_running: int, people: list[Requester]
) -> None:
    await lay_down(stores, max_running)
    floor = await all_done(stores, people)
    assert set(floor.most) == {await stores.accounts.user_id(who) for who in people}
    assert max(floor.most.values()) <= max_running
    async with stores.database.single() as connection:
        ended = {str(row.status): row.total for row in await connection.execute(STATUSES)}
    assert ended == {"finished": TOTAL // 2, "failed": TOTAL // 4, "cancelled": TOTAL // 4}
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.difference_micro) == (0, 0)


async def test_who_has_room_runs_at_once_and_the_others_wait_their_turn(stores: Stores) -> None:
    await lay_down(stores, 2)
    asked = [(await stores.requests.accept(request(), terms(None))).generation for _ in range(5)]
    assert [one.parked for one in asked] == [False, False, True, True, True]
    claimed = [await stores.work.claim("w", LEASE) for _ in range(3)]
    assert [one and one.id for one in claimed] == [asked[0].id, asked[1].id, None]
    assert await stores.work.waiting(10) == []


async def test_who_was_cancelled_while_parked_takes_nobody_s_place(stores: Stores) -> None:
    await lay_down(stores, 1)
    first, second, third = [(await stores.requests.accept(request(), terms(None))).generation for _ in range(3)]
    cancelled = await stores.requests.cancel(second.id)
    assert cancelled is not None
    assert await stores.requests.unpark(cancelled) == []
    await stores.requests.cancel(first.id)
    assert await stores.requests.unpark(first) == [third.id]


async def test_what_was_left_parked_by_a_process_that_died_is_found(stores: Stores) -> None:
    await lay_down(stores, 1)
    first, second = [(await stores.requests.accept(request(), terms(None))).generation for _ in range(2)]
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    assert await stores.work.unpark_forgotten() == []
    assert await stores.work.finish(running, "w", outcome())  # and its process dies before it lets the next one in
    assert await stores.work.unpark_forgotten() == [second.id]
    assert first.id == running.id


async def test_a_request_that_went_back_into_the_queue_keeps_its_place(stores: Stores) -> None:
    await lay_down(stores, 1)
    first, second = [(await stores.requests.accept(request(), terms(None))).generation for _ in range(2)]
    running = await stores.work.claim("gone", timedelta(seconds=-1))
    assert running is not None
    assert await stores.work.reclaim(5) == [first.id]
    assert await stores.work.unpark(running) == []
    assert await stores.work.waiting(10) == [first.id]
    assert second.parked


async def test_a_limit_that_was_raised_holds_for_new_requests_and_lets_the_others_in_as_they_were_taken(
    stores: Stores,
) -> None:
    await lay_down(stores, 1)
    first, second = [(await stores.requests.accept(request(), terms(None))).generation for _ in range(2)]
    await lay_down(stores, 3)
    third = (await stores.requests.accept(request(), terms(None))).generation
    assert [one.parked for one in (first, second, third)] == [False, True, False]
    await stores.requests.cancel(first.id)
    await stores.requests.cancel(third.id)
    assert await stores.requests.unpark(third) == [second.id]
