"""Accepting at the same moment, and what was accepted as the queue of workers sees it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from core.errors import Outage
from core.storage.database import Database
from tests.core.material import ADA, BOB, LEASE, request, terms
from tests.core.stores import Stores


async def test_a_hundred_simultaneous_deliveries_of_one_event_make_one_request(stores: Stores) -> None:
    same = request(idempotency_key="discord:1")
    every = await asyncio.gather(*(stores.requests.accept(same, terms("bot")) for _ in range(100)))
    assert len({one.generation.id for one in every}) == 1
    assert [one.duplicate for one in every].count(False) == 1


async def test_two_identities_seen_for_the_first_time_at_once_become_one_user_each(stores: Stores) -> None:
    every = await asyncio.gather(*(stores.accounts.user_id(who) for who in [ADA, BOB] * 20))
    assert len(set(every)) == 2
    assert set(every[::2]) == {await stores.accounts.user_id(ADA)}


async def test_one_user_with_many_requests_does_not_starve_another_with_one(stores: Stores) -> None:
    for _ in range(20):
        await stores.requests.accept(request(ADA), terms(None))
    late = await stores.requests.accept(request(BOB), terms(None))
    claimed = [await stores.work.claim("w", LEASE) for _ in range(2)]
    assert late.generation.id in {one.id for one in claimed if one}


async def test_a_request_that_was_cancelled_while_it_waited_is_never_claimed(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(), terms(None))
    await stores.requests.cancel(accepted.generation.id)
    assert await stores.work.claim("w", LEASE) is None


async def test_a_server_that_is_away_is_an_outage() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Outage):
        await database.ping()
    await database.close()


async def test_a_server_that_dropped_every_connection_costs_one_request_at_most(stores: Stores) -> None:
    every = [stores.requests.accept(request(), terms(None)) for _ in range(20)]
    await asyncio.gather(*every)
    async with stores.database.urgent() as connection:
        drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        await connection.execute(text(drop + "pg_backend_pid()"))
    tried: list[object] = []
    for _ in range(5):  # one by one: the first may find its connection gone in the middle
        one = stores.requests.accept(request(), terms(None))
        tried += await asyncio.gather(one, return_exceptions=True)
    assert [type(result).__name__ for result in tried].count("Outage") <= 1
    assert not isinstance(tried[-1], BaseException)
