"""Who owns a placeholder message: one courier at a time, and never nobody for long."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from core.generation import ReplyTo
from tests.core.conftest import Stores
from tests.core.material import ADA, request

LEASE = timedelta(seconds=30)
GONE = timedelta(seconds=-1)


async def _open(stores: Stores, courier: str = "bot-1") -> UUID:
    accepted = await stores.requests.accept(request(ADA), provider="openai", turn_cost=1, courier=courier)
    return accepted.generation.id


async def test_who_accepted_a_request_owns_its_message(stores: Stores) -> None:
    ours = await _open(stores)
    assert await stores.deliveries.renew([ours], "bot-1", LEASE) == {ours}
    assert await stores.deliveries.renew([ours], "bot-2", LEASE) == frozenset()
    assert await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10) == []


async def test_an_orphaned_message_is_taken_over_by_exactly_one(stores: Stores) -> None:
    orphan = await _open(stores)
    await stores.deliveries.renew([orphan], "bot-1", GONE)
    every = await asyncio.gather(
        *(stores.deliveries.take_over(f"bot-{n}", ["discord"], LEASE, 10) for n in range(2, 12))
    )
    assert [one.id for found in every for one in found] == [orphan]


async def test_messages_of_platforms_that_are_not_served_here_are_left_alone(stores: Stores) -> None:
    orphan = await _open(stores)
    await stores.deliveries.renew([orphan], "bot-1", GONE)
    assert await stores.deliveries.take_over("bot-2", ["slack"], LEASE, 10) == []


async def test_what_was_delivered_is_never_taken_up_again(stores: Stores) -> None:
    done = await _open(stores)
    assert await stores.deliveries.delivered(done, "bot-1")
    assert not await stores.deliveries.delivered(done, "bot-1")
    assert await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10) == []


async def test_a_postponed_delivery_waits_for_its_time_and_goes_to_anybody(stores: Stores) -> None:
    late = await _open(stores)
    await stores.deliveries.postpone(late, "bot-1", timedelta(minutes=1), "away")
    assert await stores.deliveries.take_over("bot-1", ["discord"], LEASE, 10) == []
    later = await _open(stores)
    await stores.deliveries.postpone(later, "bot-1", GONE, "away")
    assert [one.id for one in await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10)] == [later]


async def test_a_courier_that_leaves_gives_its_messages_to_the_others_at_once(stores: Stores) -> None:
    left = await _open(stores)
    await stores.deliveries.release("bot-1")
    assert [one.id for one in await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10)] == [left]


async def test_a_message_that_moved_is_found_at_its_new_address(stores: Stores) -> None:
    moved = await _open(stores)
    await stores.deliveries.move(moved, ReplyTo("discord", {"message": "2"}))
    found = await stores.requests.generation(moved)
    assert found is not None
    assert found.reply_to == ReplyTo("discord", {"message": "2"})
