"""The queue as the worker sees it: nothing twice, nothing written after the lease was lost."""

from __future__ import annotations

import asyncio
import base64
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import UUID

from core.errors import Fault
from core.generation import Generation, Status
from tests.core.material import GONE, LEASE, made, outcome, picture, request, terms
from tests.core.stores import Stores


async def _accepted(stores: Stores, count: int = 1) -> list[UUID]:
    every = [await stores.requests.accept(request(), terms(None)) for _ in range(count)]
    return [one.generation.id for one in every]


async def _claimed(stores: Stores, lease: timedelta = LEASE, worker: str = "w") -> Generation:
    running = await stores.work.claim(worker, lease)
    assert running is not None
    return running


async def _status(stores: Stores, generation: Generation) -> Status:
    found = await stores.requests.generation(generation.id)
    assert found is not None
    return found.status


async def test_many_workers_at_once_claim_each_row_once(stores: Stores) -> None:
    ids = await _accepted(stores, 30)
    claimed = await asyncio.gather(*(stores.work.claim(f"w{n % 3}", LEASE) for n in range(45)))
    got = [one.id for one in claimed if one is not None]
    assert sorted(got) == sorted(ids)


async def test_a_finished_request_keeps_the_provider_s_own_bytes_and_text(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores)
    first, second = made(0, picture("red")), made(1, picture("blue"), revised_prompt="a taller lighthouse")
    assert await stores.work.finish(running, "w", outcome(first, second))
    pictures = await stores.images.pictures(running.id)
    assert [one.position for one in pictures] == [0, 1]
    assert [await stores.images.data(one.id) for one in pictures] == [first.data, second.data]
    assert await stores.images.base64(pictures[0].id) == first.base64
    assert await stores.images.thumbnail(pictures[0].id) == base64.b64decode(first.base64)
    assert pictures[1].revised_prompt == "a taller lighthouse"


async def test_a_worker_that_lost_its_lease_to_another_cannot_write(stores: Stores) -> None:
    await _accepted(stores)
    late = await _claimed(stores, GONE)
    await stores.work.reclaim(5)
    again = await _claimed(stores, worker="other")
    assert again.id == late.id
    assert not await stores.work.finish(late, "w", outcome())
    assert not await stores.work.fail(late, "w", Fault.TIMEOUT, "")
    assert await _status(stores, late) is Status.RUNNING
    assert await stores.work.finish(again, "other", outcome())


async def test_pictures_made_while_the_lease_ran_out_are_kept_if_nobody_began_anew(stores: Stores) -> None:
    await _accepted(stores)
    late = await _claimed(stores, GONE)
    await stores.work.reclaim(5)
    assert await stores.work.finish(late, "w", outcome())
    assert await _status(stores, late) is Status.FINISHED
    assert await stores.work.claim("other", LEASE) is None


async def test_a_lost_worker_s_row_waits_again_and_is_given_up_after_too_many(stores: Stores) -> None:
    await _accepted(stores)
    for _ in range(2):
        running = await _claimed(stores, GONE)
        assert await stores.work.reclaim(3) == [running.id]
        assert await _status(stores, running) is Status.QUEUED
    running = await _claimed(stores, GONE)
    await stores.work.reclaim(3)
    found = await stores.requests.generation(running.id)
    assert found is not None
    assert (found.status, found.fault) == (Status.FAILED, Fault.INTERRUPTED)


async def test_nobody_is_given_up_before_the_database_has_been_up_for_the_length_of_a_lease(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores, GONE)
    assert await stores.work.reclaim(3, timedelta(days=1)) == []
    assert await _status(stores, running) is Status.RUNNING
    assert await stores.work.reclaim(3, timedelta(0)) == [running.id]


async def test_a_live_lease_is_not_reclaimed_and_its_renewal_tells_of_a_cancellation(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores)
    assert await stores.work.reclaim(3) == []
    assert await stores.work.renew([running.id], "w", LEASE) == {running.id: False}
    await stores.requests.cancel(running.id)
    assert await stores.work.renew([running.id], "w", LEASE) == {running.id: True}
    assert await stores.work.renew([running.id], "other", LEASE) == {}


async def test_a_row_handed_back_for_later_is_not_claimed_before_its_time(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores)
    assert await stores.work.hand_back(running, "w", timedelta(minutes=1))
    assert await stores.work.claim("w", LEASE) is None
    assert await stores.work.waiting(10) == []


async def test_a_failed_request_says_why_and_costs_nothing(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores)
    assert await stores.work.fail(running, "w", Fault.MODERATED, "violence")
    found = await stores.requests.generation(running.id)
    assert found is not None
    assert (found.status, found.fault, found.fault_detail) == (Status.FAILED, Fault.MODERATED, "violence")
    assert found.cost_micro is None
    assert await stores.images.pictures(running.id) == []


async def test_a_lease_is_renewed_while_every_other_connection_is_busy(stores: Stores) -> None:
    await _accepted(stores)
    running = await _claimed(stores)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(stores.database.transaction())
        assert await stores.work.renew([running.id], "w", LEASE) == {running.id: False}
