"""How requests end when several things end them at once, and what is booked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.errors import Fault
from core.generation import Generation, Status
from core.policies import UNLIMITED
from core.ports import LostCall
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from tests.core.material import GONE, LEASE, OPTIONS, outcome, request, terms
from tests.core.stores import Stores

PRICE = 13_220


async def claimed(stores: Stores, lease: timedelta = LEASE) -> Generation:
    await stores.requests.accept(request(options=replace(OPTIONS, count=2)), terms())
    found = await stores.work.claim("w", lease)
    assert found is not None
    return found


async def status(stores: Stores, generation: Generation) -> Status:
    found = await stores.requests.generation(generation.id)
    assert found is not None
    return found.status


async def lost(stores: Stores) -> Sequence[LostCall]:
    ledger = PostgresLedger(stores.database)
    assert (await ledger.balance()).difference_micro == 0
    return await ledger.lost(None, 10)


async def test_the_provider_is_not_asked_for_what_was_cancelled_since_it_was_claimed(stores: Stores) -> None:
    generation = await claimed(stores)
    await stores.requests.cancel(generation.id)
    assert not await stores.work.begin_call(generation, "w")
    assert await stores.work.cancelled(generation, "w", lost_micro=PRICE)
    assert await lost(stores) == []


async def test_what_was_to_be_cancelled_does_not_wait_in_the_queue_for_it(stores: Stores) -> None:
    generation = await claimed(stores)
    assert await stores.work.begin_call(generation, "w")
    await stores.requests.cancel(generation.id)
    assert await stores.work.hand_back(generation, "w", timedelta(seconds=60))
    assert await status(stores, generation) is Status.CANCELLED
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.difference_micro) == (0, 0)


async def test_whoever_lost_a_request_to_lost_workers_need_not_wait_before_the_next(stores: Stores) -> None:
    await PostgresPolicies(stores.database).lay_down(replace(UNLIMITED, cooldown_seconds=300), "test")
    generation = await claimed(stores, GONE)
    await stores.work.reclaim(max_attempts=1)
    assert await status(stores, generation) is Status.FAILED
    assert (await stores.requests.accept(request(), terms())).position == 1


async def test_pictures_whose_answers_never_came_are_lost_beside_those_that_were_made(stores: Stores) -> None:
    generation = await claimed(stores)
    await stores.work.begin_call(generation, "w")
    assert await stores.work.finish(generation, "w", replace(outcome(), lost_micro=PRICE // 2))
    (call,) = await lost(stores)
    assert (call.generation_id, call.attempt, call.lost_micro) == (generation.id, 1, PRICE // 2)
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.spent_micro, balance.lost_micro) == (0, PRICE, PRICE // 2)


async def test_an_answer_that_came_after_all_is_no_lost_call_any_more(stores: Stores) -> None:
    generation = await claimed(stores, GONE)
    await stores.work.begin_call(generation, "w")
    await stores.work.reclaim(max_attempts=5)
    assert [one.lost_micro for one in await lost(stores)] == [PRICE]
    assert await stores.work.finish(generation, "w", replace(outcome(), lost_micro=PRICE // 2))
    assert [one.lost_micro for one in await lost(stores)] == [PRICE // 2]


async def test_an_answer_that_came_whole_after_all_leaves_nothing_lost(stores: Stores) -> None:
    generation = await claimed(stores, GONE)
    await stores.work.begin_call(generation, "w")
    await stores.work.reclaim(max_attempts=5)
    assert await stores.work.finish(generation, "w", outcome())
    assert await lost(stores) == []
    assert not await stores.work.fail(generation, "w", Fault.INTERNAL, "late", lost_micro=PRICE)
