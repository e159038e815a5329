"""What limits say in Slack, before a request, beside it and after it; and for whom they are decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import now
from core.generation import Left, Venue
from core.house import House
from core.limits import Tally
from core.periods import Span
from core.policies import FREE, Policy, Scope
from tests.bot.slack.bot import Bot, running, text_of, whispers
from tests.bot.slack.test_courier import asked, delivered
from tests.fakes.pictures import drawn
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.workshop import Workshop

UPGRADE = "https://limner.example/more"


@pytest.fixture
def workshop() -> Workshop:
    """Where a tier has limits, and there is a way to get more."""
    made = Workshop()
    made.house = House(catalogue=made.catalogue, upgrade_url=UPGRADE)
    made.store.policies = [FREE]
    return made


def used(span: Span, pictures: int = 0, spent_micro: int = 0) -> Tally:
    return Tally(scope=Scope.USER, subject="", span=span, pictures=pictures, spent_micro=spent_micro)


async def answer(slack: FakeSlack, text: str = "a fox") -> Message:
    before = len(whispers(slack))
    await slack.slash(slack.alice, "/imagine", text, channel=slack.channel)
    return (await slack.wait_for(lambda: whispers(slack)[before:]))[0]


def buttons(message: Message) -> list[str]:
    return [one["text"]["text"] for block in message.blocks for one in block.get("elements", []) if "action_id" in one]


async def test_a_pause_between_two_requests_names_the_seconds_and_keeps_the_words(
    slack: FakeSlack, workshop: Workshop
) -> None:
    workshop.store.last_accepted_at = now()
    async with running(slack, workshop) as bot:
        said = await answer(slack, "a fox --count 2")
        assert "Please wait " in text_of(said)
        assert "<!date^" in text_of(said)
        assert "{time_secs}" in text_of(said)
        await slack.press(slack.alice, said, "limner:reword")
        assert (await bot.form(slack.alice)).content["blocks"][0]["element"]["initial_value"] == "a fox --count 2"
        assert workshop.requests == []


async def test_a_full_quota_says_how_much_when_it_resets_and_how_to_get_more(
    slack: FakeSlack, workshop: Workshop
) -> None:
    workshop.store.tallies = [used(Span.DAY, 50)]
    async with running(slack, workshop):
        said = await answer(slack)
        assert text_of(said).startswith("You have used 50 of 50 pictures today.\n")
        assert "To get more" not in said.text + text_of(said), "the button says so"
        ends = int(workshop.house.periods.end(Span.DAY).timestamp())
        assert f"<!date^{ends}^{{date_short_pretty}} at {{time}}|" in text_of(said)
        assert buttons(said) == ["Try again…", "Get more"]
        links = [one["url"] for block in said.blocks for one in block.get("elements", []) if "url" in one]
        assert links == [UPGRADE]


async def test_the_link_to_more_is_acknowledged_and_says_nothing(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.tallies = [used(Span.DAY, 50)]
    async with running(slack, workshop):
        said = await answer(slack)
        pressed = await slack.press(slack.alice, said, "limner:link")
        assert pressed.acked
        await answer(slack)
        assert len(whispers(slack)) == 2


REFUSALS: dict[str, tuple[list[Policy], list[Tally], str]] = {
    "money": (
        [replace(FREE, spend_month_micro=10_000)],
        [used(Span.MONTH, 0, 9_999)],
        "under $0.001 of your $0.010 left this month",
    ),
    "hour": ([FREE], [used(Span.HOUR, 10)], "10 of 10 pictures this hour"),
    "pool": (
        [FREE, Policy(scope=Scope.WORKSPACE, subject="slack:T0LIMNER", pool_day_micro=0)],
        [],
        "The budget that everybody here shares today has no room",
    ),
    "paused": (
        [FREE, Policy(scope=Scope.WORKSPACE, subject="slack:T0LIMNER", paused=True, reason="Until Monday.")],
        [],
        "paused here. Until Monday.",
    ),
    "blocked": (
        [FREE, Policy(scope=Scope.MEMBER, subject="m", allowed=False)],
        [],
        "You may not ask for pictures here",
    ),
    "channel": ([FREE, Policy(scope=Scope.CHANNEL, subject="c", allowed=False)], [], "Try another channel"),
}


@pytest.mark.parametrize("kind", REFUSALS)
async def test_each_refusal_is_told_to_the_asker_alone_and_nothing_is_stored(
    slack: FakeSlack, workshop: Workshop, kind: str
) -> None:
    workshop.store.policies, workshop.store.tallies, words = REFUSALS[kind]
    async with running(slack, workshop):
        said = await answer(slack)
        assert words in text_of(said)
        assert said.ephemeral_to == slack.alice
        assert workshop.requests == []


async def test_a_refused_mention_is_whispered_in_its_thread(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.tallies = [used(Span.DAY, 50)]
    async with running(slack, workshop):
        told = await slack.mention(slack.alice, slack.channel, "a fox", copies=3)
        said = (await slack.wait_for(lambda: whispers(slack)))[0]
        assert told.message is not None
        assert said.thread_ts == told.message.ts
        assert said.ephemeral_to == slack.alice
        assert "50 of 50" in text_of(said)


async def test_a_refused_direct_message_is_answered_there(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.tallies = [used(Span.DAY, 50)]
    async with running(slack, workshop):
        await slack.message_im(slack.alice, "a fox")
        said = (await slack.wait_for(lambda: slack.bot_messages(slack.workspace.direct_channel(slack.alice).id)))[0]
        assert "50 of 50" in text_of(said)


async def test_a_form_shows_a_limit_in_its_field(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.tallies = [used(Span.DAY, 50)]
    async with running(slack, workshop) as bot:
        await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
        form = await bot.form(slack.alice)
        await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
        assert "You have used 50 of 50 pictures today." in form.errors["prompt"]
        assert "00:00 UTC" in form.errors["prompt"]


async def test_the_placeholder_estimates_and_the_picture_says_what_is_left(
    slack: FakeSlack, workshop: Workshop
) -> None:
    async with running(slack, workshop) as bot:
        generation, message = await asked(bot)
        assert "about $0.0" in text_of(message)
        assert generation.left == Left(9, 10, "hour")
        await workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        assert "9 of 10 left this hour" in text_of(message)


async def test_a_request_says_where_it_was_made_and_in_which_groups_its_asker_is(bot: Bot, slack: FakeSlack) -> None:
    designers = slack.workspace.add_group("designers", [slack.alice])
    slack.workspace.add_group("writers", [slack.bob])
    await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
    await bot.placeholder()
    await slack.mention(slack.bob, slack.channel, "a hen")
    await slack.message_im(slack.alice, "a cow")
    await bot.asked(3)
    here = "slack:T0LIMNER", (f"slack:T0LIMNER/{slack.channel}",)
    assert bot.workshop.store.venues[:2] == [Venue(*here, (designers,)), Venue(*here, ("S0WRITERS",))]
    assert bot.workshop.store.venues[2] == Venue("slack:T0LIMNER", (), (designers,)), "a direct message, too"
    assert len(slack.calls("usergroups.list")) == 1, "asked once for all"


async def test_without_the_scope_nobody_is_in_a_group_and_requests_go_on(bot: Bot, slack: FakeSlack) -> None:
    slack.tokens.scopes.discard("usergroups:read")
    slack.workspace.add_group("designers", [slack.alice])
    await asked(bot)
    assert bot.workshop.store.venues[0].roles == ()


async def test_variations_are_preflighted_and_know_their_place(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    await slack.press(slack.bob, message, "limner:again")
    await bot.asked(2)
    slack.workspace.channels[slack.channel].members.discard(slack.bot_user)
    await slack.press(slack.bob, message, "limner:again")
    said = await slack.wait_for(lambda: whispers(slack))
    assert "/invite" in text_of(said[0])
    assert len(bot.workshop.requests) == 2
    assert bot.workshop.store.venues[1].workspace == "slack:T0LIMNER"


async def test_a_form_is_preflighted_when_it_comes_back(bot: Bot, slack: FakeSlack) -> None:
    await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
    form = await bot.form(slack.alice)
    slack.workspace.channels[slack.channel].members.discard(slack.bot_user)
    await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
    assert "/invite" in form.errors["prompt"]
    assert bot.workshop.requests == []


async def test_usage_shows_a_bar_for_each_limit_to_its_asker_alone(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.tallies = [used(Span.DAY, 25), used(Span.MONTH, 25, 1_250_000)]
    workshop.store.last_accepted_at = now() - timedelta(seconds=10)
    async with running(slack, workshop):
        await slack.slash(slack.alice, "/usage", "", channel=slack.channel)
        said = (await slack.wait_for(lambda: whispers(slack)))[0]
        shown = text_of(said)
        assert said.ephemeral_to == slack.alice
        assert "Pictures today\n██████████░░░░░░░░░░ 25 of 50" in shown
        assert "Money this month\n█████░░░░░░░░░░░░░░░ $1.25 of $5.00" in shown
        assert "spent this month" not in shown, "the bar says so"
        assert "Under way: 0 of 1. Waiting: 0 of 10." in shown
        assert "Tier: free\nYou can ask again at <!date^" in shown
        assert shown.count("Resets <!date^") == 4
        assert buttons(said) == ["Get more"]


@pytest.mark.parametrize(
    ("budget", "reserved", "said"),
    [
        (5_000_000, 40_000, "$1.25 spent this month, $0.040 reserved"),
        (None, 0, "$1.25 spent this month\nUnder way"),
    ],
)
async def test_usage_names_the_money_that_no_bar_shows(
    slack: FakeSlack, workshop: Workshop, budget: int | None, reserved: int, said: str
) -> None:
    workshop.store.policies = [replace(FREE, spend_month_micro=budget)]
    workshop.store.tallies = [replace(used(Span.MONTH, 25, 1_250_000), reserved_micro=reserved)]
    async with running(slack, workshop):
        await slack.slash(slack.alice, "/usage", "", channel=slack.channel)
        assert said in text_of((await slack.wait_for(lambda: whispers(slack)))[0])


async def test_usage_says_why_the_next_request_would_be_refused(slack: FakeSlack, workshop: Workshop) -> None:
    workshop.store.policies = [Policy(scope=Scope.MEMBER, subject="m", allowed=False, reason="<!channel> spam")]
    async with running(slack, workshop):
        await slack.slash(slack.alice, "/usage", "", channel=slack.channel)
        said = (await slack.wait_for(lambda: whispers(slack)))[0]
        assert "You may not ask for pictures here. <!channel> spam" in text_of(said)
        assert [part["type"] for block in said.blocks for part in block.get("elements", []) if "spam" in str(part)] == [
            "plain_text"
        ]
