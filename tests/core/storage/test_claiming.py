"""Claiming no more pictures than may be asked for: the head of the queue is waited for, never passed by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.policies import UNLIMITED
from core.ports import Upcoming
from core.storage.governing import PostgresPolicies
from tests.core.material import ADA, BOB, LEASE, OPTIONS, request, terms
from tests.core.stores import Stores


async def asked(stores: Stores, count: int = 1, provider: str = "openai") -> Upcoming:
    options = replace(OPTIONS, count=count)
    accepted = await stores.requests.accept(request(ADA, options=options), terms(None, provider=provider))
    return Upcoming(accepted.generation.id, provider, count)


async def test_what_comes_next_is_told_without_being_taken(stores: Stores) -> None:
    assert await stores.work.upcoming() is None
    first, second = await asked(stores, 3), await asked(stores, 1, "comfyui")
    assert await stores.work.upcoming() == await stores.work.upcoming() == first
    await stores.work.claim("w", LEASE)
    assert await stores.work.upcoming() == second


async def test_a_large_request_is_not_claimed_by_who_may_ask_for_less_nor_is_what_follows(stores: Stores) -> None:
    large, _ = await asked(stores, 3), await asked(stores, 1)
    assert await stores.work.claim("w", LEASE, 2) is None
    claimed = await stores.work.claim("w", LEASE, 3)
    assert claimed is not None
    assert claimed.id == large.generation_id


async def test_what_is_put_off_or_parked_does_not_come_next(stores: Stores) -> None:
    await PostgresPolicies(stores.database).lay_down(replace(UNLIMITED, max_running=1), "test")
    await asked(stores)
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    await asked(stores)
    assert await stores.work.upcoming() is None  # the second one is parked
    assert await stores.work.hand_back(running, "w", timedelta(hours=1))
    assert await stores.work.upcoming() is None
    other = await stores.requests.accept(request(BOB), terms(None))
    upcoming = await stores.work.upcoming()
    assert upcoming is not None
    assert upcoming.generation_id == other.generation.id
