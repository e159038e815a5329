"""Accepting: a committed row, once per key, in its turn."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.errors import Outage
from core.generation import Reference, Status
from core.storage.database import Database
from tests.core.conftest import Stores
from tests.core.material import ADA, BOB, OPTIONS, outcome, request

LEASE = timedelta(seconds=30)


async def test_an_accepted_request_is_a_row_before_anyone_is_told(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(), provider="openai", turn_cost=1, courier="bot")
    found = await stores.requests.generation(accepted.generation.id)
    assert found == accepted.generation
    assert found.status is Status.QUEUED
    assert (accepted.position, accepted.duplicate) == (1, False)


async def test_a_hundred_simultaneous_deliveries_of_one_event_make_one_request(stores: Stores) -> None:
    same = request(idempotency_key="discord:1")
    every = await asyncio.gather(
        *(stores.requests.accept(same, provider="openai", turn_cost=1, courier="bot") for _ in range(100))
    )
    assert len({one.generation.id for one in every}) == 1
    assert [one.duplicate for one in every].count(False) == 1


async def test_two_identities_seen_for_the_first_time_at_once_become_one_user_each(stores: Stores) -> None:
    every = await asyncio.gather(*(stores.accounts.user_id(who) for who in [ADA, BOB] * 20))
    assert len(set(every)) == 2
    assert set(every[::2]) == {await stores.accounts.user_id(ADA)}


async def test_one_user_with_many_requests_does_not_starve_another_with_one(stores: Stores) -> None:
    for _ in range(20):
        await stores.requests.accept(request(ADA), provider="openai", turn_cost=1, courier=None)
    late = await stores.requests.accept(request(BOB), provider="openai", turn_cost=1, courier=None)
    assert late.position <= 2
    claimed = [await stores.work.claim("w", LEASE) for _ in range(2)]
    assert late.generation.id in {one.id for one in claimed if one}


async def test_pictures_that_came_with_a_request_are_kept_in_order(stores: Stores) -> None:
    references = (Reference(b"one", "image/png"), Reference(b"two", "image/jpeg"))
    accepted = await stores.requests.accept(
        request(references=references), provider="openai", turn_cost=1, courier=None
    )
    assert await stores.requests.references(accepted.generation.id) == references


async def test_a_waiting_request_is_cancelled_at_once_and_never_claimed(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(), provider="openai", turn_cost=1, courier=None)
    after = await stores.requests.cancel(accepted.generation.id)
    assert after is not None
    assert after.status is Status.CANCELLED
    assert await stores.work.claim("w", LEASE) is None


async def test_a_finished_request_stays_finished_when_it_is_cancelled(stores: Stores) -> None:
    await stores.requests.accept(request(), provider="openai", turn_cost=1, courier=None)
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    assert await stores.work.finish(running, "w", outcome())
    after = await stores.requests.cancel(running.id)
    assert after is not None
    assert after.status is Status.FINISHED


async def test_the_usual_duration_is_the_median_of_such_requests_and_unknown_below_three(stores: Stores) -> None:
    for count in range(3):
        assert await stores.requests.typical_seconds(OPTIONS, "openai") is None, count
        await stores.requests.accept(request(), provider="openai", turn_cost=1, courier=None)
        running = await stores.work.claim("w", LEASE)
        assert running is not None
        await stores.work.finish(running, "w", outcome())
    assert await stores.requests.typical_seconds(OPTIONS, "openai") == 0.005
    assert await stores.requests.typical_seconds(OPTIONS, "demo") is None


async def test_recent_requests_come_oldest_first(stores: Stores) -> None:
    ids = [
        (await stores.requests.accept(request(), provider="openai", turn_cost=1, courier=None)).generation.id
        for _ in range(4)
    ]
    user = await stores.accounts.user_id(ADA)
    assert [one.id for one in await stores.requests.recent(user, 3)] == ids[1:]


async def test_a_server_that_is_away_is_an_outage() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Outage):
        await database.ping()
    await database.close()
