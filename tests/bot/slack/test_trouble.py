"""When something is away: the person who asked is told, once, and nothing is asked twice."""

from __future__ import annotations

from tests.bot.slack.bot import Bot, running, text_of, whispers
from tests.bot.slack.test_courier import delivered
from tests.fakes.away import AwayRequests
from tests.fakes.pictures import drawn
from tests.fakes.slack import Answer, FakeSlack
from tests.fakes.workshop import Workshop


async def test_a_command_while_the_database_is_away_is_answered(slack: FakeSlack) -> None:
    async with running(slack, Workshop(AwayRequests(refuse=1))) as bot:
        await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
        said = await slack.wait_for(lambda: whispers(slack))
        assert "try again in a minute" in text_of(said[0])
        assert bot.shown() == []


async def test_a_form_waits_for_no_database_and_can_be_sent_again(slack: FakeSlack) -> None:
    async with running(slack, Workshop(AwayRequests(hang=1))) as bot:
        await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
        form = await bot.form(slack.alice)
        delivery = await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
        assert delivery.acked
        assert "try again in a minute" in form.errors["prompt"]
        await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
        assert (await bot.asked()).prompt == "a fox"


async def test_a_refused_mention_is_answered_once_in_its_thread(bot: Bot, slack: FakeSlack) -> None:
    delivery = await slack.mention(slack.alice, slack.channel, "a fox --count 99", copies=11)
    said = await slack.wait_for(lambda: slack.bot_messages(slack.channel))
    await slack.mention(slack.alice, slack.channel, "a hen")
    await bot.placeholder()
    assert delivery.message is not None
    assert said[0].thread_ts == delivery.message.ts
    assert len([one for one in slack.bot_messages() if "99" in text_of(one)]) == 1
    await slack.press(slack.alice, said[0], "limner:reword")
    form = await bot.form(slack.alice)
    await slack.submit_view(slack.alice, form, {"prompt": "a fox --count 2"})
    await bot.asked(2)
    await slack.wait_for(lambda: len(bot.shown()) == 2)
    assert bot.shown()[1].thread_ts == delivery.message.ts


async def test_drawing_being_switched_off_is_said(slack: FakeSlack) -> None:
    workshop = Workshop()
    async with running(slack, workshop, enabled=False):
        await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
        said = await slack.wait_for(lambda: whispers(slack))
        assert "switched off" in text_of(said[0])
        assert workshop.requests == []


async def test_a_throttled_first_post_comes_later_without_looking_for_it(bot: Bot, slack: FakeSlack) -> None:
    slack.script("chat.postMessage", Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}))
    before = len(slack.calls("conversations.replies"))
    await slack.mention(slack.alice, slack.channel, "a fox")
    await slack.wait_for(lambda: slack.calls("chat.postMessage"))
    generation = bot.workshop.requests[0]
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    assert len(bot.shown()) == 1
    assert len(slack.calls("conversations.replies")) == before


async def test_a_connection_that_was_cut_comes_back(bot: Bot, slack: FakeSlack) -> None:
    await slack.sockets.drop()
    await slack.wait_for(lambda: slack.sockets.opened >= 2 and slack.sockets.connections, timeout=30)
    await slack.mention(slack.alice, slack.channel, "a fox")
    assert (await bot.placeholder()).thread_ts
