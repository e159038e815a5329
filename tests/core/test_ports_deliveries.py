"""Who owns a placeholder message: one courier at a time and never nobody for long, in memory as by PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from core.generation import ReplyTo
from tests.core.implementations import Ports
from tests.core.material import BOB, GONE, LEASE


async def _taken(ports: Ports, courier: str, *platforms: str, limit: int = 10) -> list[UUID]:
    found = await ports.deliveries.take_over(courier, platforms or ["discord"], LEASE, limit)
    return [one.id for one in found]


async def test_who_accepted_a_request_owns_its_message(ports: Ports) -> None:
    ours = await ports.asked()
    assert await ports.deliveries.renew([ours, uuid4()], "bot-1", LEASE) == {ours}
    assert await ports.deliveries.renew([ours], "bot-2", LEASE) == frozenset()
    assert not await ports.deliveries.delivered(ours, "bot-2")
    assert await _taken(ports, "bot-2") == []


async def test_a_request_without_a_message_is_nobodys_to_deliver(ports: Ports) -> None:
    silent = await ports.asked(courier=None, reply_to=None)
    assert await ports.deliveries.renew([silent], "bot-1", GONE) == frozenset()
    assert not await ports.deliveries.delivered(silent, "bot-1")
    assert await _taken(ports, "bot-1") == []


async def test_a_message_whose_lease_ran_out_goes_to_another_and_is_lost_to_the_first(ports: Ports) -> None:
    orphan = await ports.asked()
    await ports.deliveries.renew([orphan], "bot-1", GONE)
    assert await _taken(ports, "bot-2") == [orphan]
    assert await _taken(ports, "bot-3") == []
    assert await ports.deliveries.renew([orphan], "bot-1", LEASE) == frozenset()
    assert not await ports.deliveries.delivered(orphan, "bot-1")
    assert await ports.deliveries.delivered(orphan, "bot-2")


async def test_only_as_many_are_taken_over_as_are_asked_for_and_only_of_the_platforms_named(ports: Ports) -> None:
    orphans = {await ports.asked() for _ in range(3)}
    slack = await ports.asked(BOB)
    await ports.deliveries.renew([*orphans, slack], "bot-1", GONE)
    assert await _taken(ports, "bot-2", "slack") == [slack]
    some = await _taken(ports, "bot-2", limit=2)
    assert len(some) == 2
    assert {*some, *await _taken(ports, "bot-2")} == orphans


async def test_what_was_delivered_is_never_taken_up_again(ports: Ports) -> None:
    done = await ports.asked()
    await ports.deliveries.renew([done], "bot-1", GONE)
    assert await ports.deliveries.delivered(done, "bot-1")
    assert not await ports.deliveries.delivered(done, "bot-1")
    assert await ports.deliveries.renew([done], "bot-1", LEASE) == frozenset()
    assert await _taken(ports, "bot-2") == []


async def test_what_was_given_up_is_never_taken_up_again(ports: Ports) -> None:
    gone = await ports.asked()
    await ports.deliveries.renew([gone], "bot-1", GONE)
    await ports.deliveries.give_up(gone, "bot-1", "the channel was deleted")
    assert not await ports.deliveries.delivered(gone, "bot-1")
    assert await _taken(ports, "bot-2") == []


async def test_a_postponed_delivery_waits_for_its_time_and_goes_to_anybody(ports: Ports) -> None:
    late, due = await ports.asked(), await ports.asked()
    await ports.deliveries.postpone(late, "bot-1", timedelta(minutes=1), "away")
    await ports.deliveries.postpone(due, "bot-1", GONE, "away")
    assert await ports.deliveries.renew([late], "bot-1", LEASE) == frozenset()
    assert await _taken(ports, "bot-2") == [due]


async def test_a_stranger_can_neither_postpone_nor_give_up(ports: Ports) -> None:
    ours = await ports.asked()
    await ports.deliveries.postpone(ours, "bot-2", GONE, "away")
    await ports.deliveries.give_up(ours, "bot-2", "gone")
    assert await _taken(ports, "bot-2") == []
    assert await ports.deliveries.delivered(ours, "bot-1")


async def test_a_courier_that_leaves_gives_its_messages_to_the_others_at_once(ports: Ports) -> None:
    left, kept = await ports.asked(), await ports.asked(courier="bot-3")
    await ports.deliveries.release("bot-1")
    assert await _taken(ports, "bot-2") == [left]
    assert await ports.deliveries.renew([kept], "bot-3", LEASE) == {kept}


async def test_a_message_that_moved_is_found_at_its_new_address(ports: Ports) -> None:
    moved, place = await ports.asked(), ReplyTo("discord", {"message": "2"})
    await ports.deliveries.move(moved, place)
    assert (await ports.row(moved)).reply_to == place
