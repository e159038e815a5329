"""The promises of the stores of requests, pictures and accounts, kept in memory exactly as by PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from core import imaging
from core.generation import Reference, Status
from tests.core.implementations import Ports
from tests.core.material import ADA, BOB, LEASE, OPTIONS, picture


async def test_an_accepted_request_is_a_row_before_anyone_is_told(ports: Ports) -> None:
    accepted = await ports.accept()
    assert await ports.row(accepted.generation.id) == accepted.generation
    assert accepted.generation.status is Status.QUEUED
    assert accepted.generation.user_id == await ports.accounts.user_id(ADA)
    assert (accepted.position, accepted.eta_seconds, accepted.duplicate) == (1, None, False)


async def test_a_key_that_was_accepted_before_gives_the_first_row_and_stores_nothing(ports: Ports) -> None:
    first = await ports.accept(idempotency_key="discord:1")
    again = await ports.accept(BOB, "bot-2", idempotency_key="discord:1", prompt="another")
    assert again == replace(first, duplicate=True)
    assert await ports.requests.recent(await ports.accounts.user_id(BOB), 10) == []
    assert await ports.deliveries.renew([first.generation.id], "bot-2", LEASE) == frozenset()


async def test_what_was_never_asked_is_not_found(ports: Ports) -> None:
    assert await ports.requests.generation(uuid4()) is None
    assert await ports.requests.cancel(uuid4()) is None
    assert await ports.requests.references(uuid4()) == ()


async def test_one_user_with_many_requests_does_not_keep_another_from_the_front(ports: Ports) -> None:
    for _ in range(20):
        await ports.asked()
    late = await ports.accept(BOB)
    assert late.position <= 2


async def test_who_asked_nothing_for_long_has_no_turns_saved_up(ports: Ports) -> None:
    busy = [await ports.asked() for _ in range(5)]
    for one in busy[:3]:
        await ports.hand.begin(one)
    late = [(await ports.accept(BOB)).position for _ in range(3)]
    assert late == [1, 3, 5]


async def test_the_place_in_the_queue_counts_down_and_is_0_from_the_beginning_on(ports: Ports) -> None:
    first, second, third = [await ports.asked() for _ in range(3)]
    await ports.hand.begin(first)
    await ports.requests.cancel(second)
    places = [await ports.requests.position(await ports.row(one)) for one in (first, second, third)]
    assert places == [0, 0, 1]


async def test_pictures_that_came_with_a_request_are_kept_in_order(ports: Ports) -> None:
    references = (Reference(b"one", "image/png"), Reference(b"two", "image/jpeg"))
    assert await ports.requests.references(await ports.asked(references=references)) == references


async def test_a_conversation_is_one_thread_and_another_platforms_is_not_it(ports: Ports) -> None:
    same = [(await ports.accept(ADA, thread="a/b")).generation.thread_id for _ in range(2)]
    other = (await ports.accept(BOB, thread="a/b")).generation.thread_id
    assert same[0] == same[1] != other
    assert None not in {*same, other}
    assert (await ports.accept(thread=None)).generation.thread_id is None


async def test_a_waiting_request_is_cancelled_at_once(ports: Ports) -> None:
    after = await ports.requests.cancel(await ports.asked())
    assert after is not None
    assert (after.status, after.cancel_requested, after.finished_at is None) == (Status.CANCELLED, True, False)


async def test_a_running_request_that_is_cancelled_is_only_marked(ports: Ports) -> None:
    asked = await ports.asked()
    await ports.hand.begin(asked)
    after = await ports.requests.cancel(asked)
    assert after is not None
    assert (after.status, after.cancel_requested, after.attempts) == (Status.RUNNING, True, 1)


async def test_a_finished_request_stays_as_it_is_when_it_is_cancelled(ports: Ports) -> None:
    asked = await ports.asked()
    await ports.hand.begin(asked)
    await ports.hand.finish(asked, picture())
    before = await ports.row(asked)
    assert await ports.requests.cancel(asked) == before
    assert (before.status, before.cancel_requested) == (Status.FINISHED, False)


async def test_the_usual_duration_is_the_median_of_such_requests_and_unknown_below_three(ports: Ports) -> None:
    for took_ms in (9_000, 1_000, 2_400):
        assert await ports.requests.typical_seconds(OPTIONS, "openai") is None, took_ms
        asked = await ports.asked()
        await ports.hand.begin(asked)
        await ports.hand.finish(asked, picture(), took_ms=took_ms)
    assert await ports.requests.typical_seconds(OPTIONS, "openai") == 2.4
    assert await ports.requests.typical_seconds(OPTIONS, "demo") is None
    assert await ports.requests.typical_seconds(replace(OPTIONS, count=2), "openai") is None
    assert (await ports.accept()).eta_seconds == 2


async def test_recent_requests_are_ones_own_and_come_oldest_first(ports: Ports) -> None:
    ids = [await ports.asked() for _ in range(4)]
    await ports.asked(BOB)
    assert [one.id for one in await ports.requests.recent(await ports.accounts.user_id(ADA), 3)] == ids[1:]


async def test_pictures_are_kept_byte_for_byte_and_in_order(ports: Ports) -> None:
    asked, files = await ports.asked(), [picture("red"), picture("blue")]
    await ports.hand.begin(asked)
    await ports.hand.finish(asked, *files)
    stored = await ports.images.pictures(asked)
    assert [one.position for one in stored] == [0, 1]
    assert [await ports.images.data(one.id) for one in stored] == files
    assert [imaging.decode(await ports.images.base64(one.id) or "") for one in stored] == files
    assert [await ports.images.picture(one.id) for one in stored] == stored
    first = stored[0]
    assert (first.media_type, first.width, first.height, first.byte_count) == ("image/png", 64, 64, len(files[0]))
    assert (first.generation_id, first.user_id) == (asked, await ports.accounts.user_id(ADA))
    assert imaging.inspect(await ports.images.thumbnail(first.id) or b"", max_bytes=10_000).width <= 256


async def test_a_picture_that_never_was_is_not_found(ports: Ports) -> None:
    assert await ports.images.pictures(await ports.asked()) == []
    for read in (ports.images.picture, ports.images.data, ports.images.base64, ports.images.thumbnail):
        assert await read(uuid4()) is None


async def test_a_user_is_made_at_first_sight_and_the_same_ever_after(ports: Ports) -> None:
    ada = await ports.accounts.user_id(ADA)
    assert await ports.accounts.user_id(replace(ADA, name="Countess")) == ada
    assert await ports.accounts.requester(ada) == ADA
    assert await ports.accounts.user_id(replace(ADA, platform="slack")) != ada
    assert await ports.accounts.requester(uuid4()) is None


async def test_a_token_acts_for_its_user_and_an_unknown_one_for_nobody(ports: Ports) -> None:
    for _ in range(2):
        await ports.accounts.add_token(ADA, b"first")
    await ports.accounts.add_token(ADA, b"second")
    await ports.accounts.add_token(BOB, b"third")
    found = [await ports.accounts.requester_for_token(one) for one in (b"first", b"second", b"third", b"fourth")]
    assert found == [ADA, ADA, BOB, None]
