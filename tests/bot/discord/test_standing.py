"""/usage, /queue and /cancel: what people ask about their own requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.clock import now
from core.generation import Status
from core.limits import Tally
from core.periods import Span
from core.policies import FREE, Scope
from tests.bot.discord.conftest import Start
from tests.fakes.discord import FakeDiscord, Message, User
from tests.fakes.pictures import drawn
from tests.fakes.workshop import Workshop


async def _told(fake: FakeDiscord, command: str, user: User | None = None) -> Message:
    message = await (await fake.slash(user or fake.ada, command)).response()
    assert message.ephemeral
    return message


async def _ask(fake: FakeDiscord, prompt: str, user: User | None = None) -> Message:
    message = await (await fake.slash(user or fake.ada, "imagine", {"prompt": prompt})).response()
    return await message.until(lambda one: "in line" in one.now.text)


def _button(message: Message, verb: str, number: int = 1) -> str:
    return [one for one in message.custom_ids if one.startswith(f"limner:{verb}:")][number - 1]


async def test_usage_shows_a_bar_for_each_limit_its_reset_and_the_money(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    workshop.house = replace(workshop.house, upgrade_url="https://example.org/more")
    await start()
    workshop.store.policies = [FREE]
    workshop.store.last_accepted_at = now() - timedelta(seconds=10)
    workshop.store.tallies = [
        Tally(scope=Scope.USER, subject="", span=Span.HOUR, pictures=5),
        Tally(scope=Scope.USER, subject="", span=Span.MONTH, pictures=7, spent_micro=1_200_000, reserved_micro=50_000),
    ]
    text = (await _told(fake, "usage")).now.text.replace("\\", "")
    assert "Tier: **free**" in text
    assert "██████████░░░░░░░░░░` 5 of 10, resets <t:" in text
    assert "7 of 200" in text
    assert "$1.25 of $5.00" in text
    assert "$1.20 spent, $0.050 reserved" in text
    assert "You can ask again <t:" in text
    assert "0 of 10 waiting" in text
    assert "https://example.org/more" in text


async def test_usage_without_limits_says_so(fake: FakeDiscord, start: Start) -> None:
    await start()
    text = (await _told(fake, "usage")).now.text
    assert "No limit is set for you here" in text
    assert "This month" in text


async def test_the_queue_lists_ones_own_with_places_and_cancels_the_one_that_is_pressed(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    other = fake.add_user("bob", fake.guild)
    await _ask(fake, "bob's", other)
    first, second = await _ask(fake, "a *cat*"), await _ask(fake, "a dog")
    listed = await _told(fake, "queue")
    text = listed.now.text
    assert "a \\*cat\\*: 2nd in line" in text
    assert "a dog: 3rd in line" in text
    assert "bob's" not in text
    assert "3 requests of everybody wait in all" in text
    assert text.count("about $0.0") == 2
    await fake.press(fake.ada, listed, _button(listed, "cancel_listed", 2))
    await listed.until(lambda one: "a dog" not in one.now.text)
    assert "Cancelled\\. Nothing was charged" in listed.now.text or "Nothing was charged" in listed.now.text
    await second.until(lambda one: "Cancelled" in one.now.text)
    assert [one.status for one in workshop.requests] == [Status.QUEUED, Status.QUEUED, Status.CANCELLED]
    assert "Cancelled" not in first.now.text


async def test_cancel_all_cancels_ones_own_and_nobody_elses(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    other = fake.add_user("bob", fake.guild)
    await _ask(fake, "bob's", other)
    for prompt in ("a cat", "a dog"):
        await _ask(fake, prompt)
    listed = await _told(fake, "queue")
    await fake.press(fake.ada, listed, _button(listed, "cancel_all"))
    await listed.until(lambda one: "Nothing of yours is waiting or running" in one.now.text)
    assert [one.status for one in workshop.requests] == [Status.QUEUED, Status.CANCELLED, Status.CANCELLED]


async def test_twelve_waiting_still_fit_into_one_message(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    for number in range(12):
        await _ask(fake, f"{number} " + "*" * 200)
    listed = await _told(fake, "queue")
    assert len([one for one in listed.custom_ids if "cancel_listed" in one]) == 10
    assert "the first 10 are listed" in listed.now.text
    await workshop.finish(workshop.requests[0].id, [drawn()])
    await fake.press(fake.ada, listed, _button(listed, "refresh"))
    await listed.until(lambda one: "11 requests" in one.now.text)


async def test_cancel_takes_the_only_one_lists_several_and_says_when_there_is_none(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    assert "nothing to cancel" in (await _told(fake, "cancel")).now.text
    message = await _ask(fake, "a cat")
    assert "Nothing was charged" in (await _told(fake, "cancel")).now.text
    await message.until(lambda one: "Cancelled" in one.now.text)
    for prompt in ("a dog", "a fox"):
        await _ask(fake, prompt)
    listed = await _told(fake, "cancel")
    assert listed.now.text.replace("\\", "").count("Which one shall be cancelled?") == 1
    assert "a fox" in listed.now.text
    assert _button(listed, "cancel_listed", 2)
    assert [one.status for one in workshop.requests].count(Status.CANCELLED) == 1


async def test_what_runs_stops_in_a_moment(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    await _ask(fake, "a cat")
    [generation] = workshop.requests
    workshop.begin(generation.id)
    assert "Cancelling" in (await _told(fake, "cancel")).now.text
    assert workshop.signals.cancels == [generation.id]
    listed = await _told(fake, "queue")
    assert "Cancelling" in listed.now.text
    assert [one for one in listed.custom_ids if "cancel" in one] == []


async def test_a_picture_that_reached_nobody_is_sent_again_once(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    fake.ada.accepts_dms = False
    first = await _ask(fake, "a lost cat")
    [generation] = workshop.requests
    await fake.delete_message(first)
    await fake.revoke(fake.here, "send_messages")
    await workshop.finish(generation.id, [drawn()])
    assert "50007" in await workshop.deliveries.outcome(generation.id)

    await fake.grant(fake.here, "send_messages")
    listed = await _told(fake, "queue")
    assert "Made, but not delivered" in listed.now.text
    again = await (await fake.press(fake.ada, listed, _button(listed, "resend"))).response()
    await again.until(lambda one: bool(one.files))
    assert [file.data for file in again.files] == [drawn()]
    assert await workshop.deliveries.outcome(generation.id) == "delivered"
    assert len(workshop.requests) == 1

    twice = await (await fake.press(fake.ada, listed, _button(listed, "resend"))).response()
    assert "delivered already" in twice.now.text
    assert "not delivered" not in (await _told(fake, "queue")).now.text
