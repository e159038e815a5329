"""Every kind of refusal says what happened, until when, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import now
from core.limits import Tally
from core.periods import Span
from core.policies import FREE, Policy, Scope
from tests.bot.discord.conftest import Start
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.workshop import Workshop


async def _told(fake: FakeDiscord, prompt: str = "a cat") -> Message:
    """What only the asker reads; nothing is left in the channel."""
    asked = await fake.slash(fake.ada, "imagine", {"prompt": prompt})
    message = await asked.followup()
    assert message.ephemeral
    assert (await asked.placeholder()).deleted
    return message


async def _refused(fake: FakeDiscord, workshop: Workshop) -> str:
    message = await _told(fake)
    assert workshop.requests == []
    return message.now.text


async def test_a_pause_between_two_requests_is_counted_down_by_the_client(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    workshop.store.policies = [FREE]
    workshop.store.last_accepted_at = asked = now() - timedelta(seconds=2)
    text = await _refused(fake, workshop)
    assert "Please wait" not in text
    assert f"<t:{int((asked + timedelta(seconds=30)).timestamp())}:R>" in text


@pytest.mark.parametrize(
    ("tally", "says"),
    [
        (Tally(scope=Scope.USER, subject="", span=Span.HOUR, pictures=10), "10 of 10 pictures this hour"),
        (Tally(scope=Scope.USER, subject="", span=Span.DAY, pictures=50), "50 of 50 pictures today"),
        (Tally(scope=Scope.USER, subject="", span=Span.MONTH, pictures=200), "200 of 200 pictures this month"),
        (Tally(scope=Scope.USER, subject="", span=Span.MONTH, spent_micro=4_999_999), "of your $5.00 left this month"),
    ],
)
async def test_a_quota_that_is_used_up_says_when_it_resets_and_how_to_get_more(
    tally: Tally, says: str, fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    workshop.house = replace(workshop.house, upgrade_url="https://example.org/more_of_it")
    await start()
    workshop.store.policies, workshop.store.tallies = [FREE], [tally]
    text = await _refused(fake, workshop)
    assert says in text.replace("\\", "")
    assert ":R>" in text
    assert "https://example.org/more_of_it" in text


async def test_a_shared_budget_that_is_used_up_sends_to_an_admin(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    subject = f"discord:{fake.guild.id}"
    workshop.store.policies.append(Policy(scope=Scope.WORKSPACE, subject=subject, pool_day_micro=1_000_000))
    workshop.store.tallies = [Tally(scope=Scope.WORKSPACE, subject=subject, span=Span.DAY, spent_micro=999_000)]
    text = await _refused(fake, workshop)
    assert "The budget that everybody here shares today has no room" in text
    assert "Ask an admin" in text
    assert ":R>" in text


async def test_with_too_many_waiting_the_queue_is_named(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    workshop.store.policies = [replace(FREE, cooldown_seconds=None, max_waiting=1)]
    await (await fake.slash(fake.ada, "imagine", {"prompt": "first"})).response()
    message = await _told(fake, "second")
    assert "already have 1 request waiting" in message.now.text
    assert "/queue" in message.now.text
    assert [one.prompt for one in workshop.requests] == ["first"]


@pytest.mark.parametrize(
    ("policy", "title", "says"),
    [
        (Policy(scope=Scope.INSTALLATION, subject="", paused=True, reason="Back *soon*"), "Paused", "\\*soon\\*"),
        (Policy(scope=Scope.USER, subject="u", allowed=False), "Not allowed", "You may not ask for pictures"),
        (Policy(scope=Scope.MEMBER, subject="w|u", allowed=False), "Not allowed", "You may not ask for pictures here"),
        (Policy(scope=Scope.CHANNEL, subject="c", allowed=False), "Not allowed", "in this place"),
    ],
)
async def test_who_is_shut_out_reads_why_without_anybodys_markup(
    policy: Policy, title: str, says: str, fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    workshop.store.policies.append(policy)
    message = await _told(fake)
    text = message.now.text
    assert workshop.requests == []
    assert message.custom_ids == []
    assert title in text
    assert says in text


async def test_what_was_typed_can_be_sent_again_after_the_pause(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    workshop.store.policies = [FREE]
    workshop.store.last_accepted_at = now()
    refused = await _told(fake, "a cat --count 2")
    assert "Try again…" in str(refused.components)
    workshop.store.last_accepted_at = None
    modal = await (await fake.press(fake.ada, refused, refused.custom_ids[0])).modal()
    await (await fake.submit_modal(fake.ada, modal, {})).response()
    assert [(one.prompt, one.options.count) for one in workshop.requests] == [("a cat", 2)]
