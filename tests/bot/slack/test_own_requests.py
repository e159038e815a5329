"""/queue and /cancel: what somebody has waiting, running and undelivered, seen by them alone."""

from __future__ import annotations

import re

from core.generation import Generation, Status
from tests.bot.slack.bot import Bot, text_of, whispers
from tests.bot.slack.test_courier import asked, delivered
from tests.fakes.pictures import drawn
from tests.fakes.slack import Answer, FakeSlack, Message


async def typed(bot: Bot, command: str, user: str = "", channel: str = "") -> Message:
    """A command, and its answer."""
    slack, before = bot.slack, len(whispers(bot.slack))
    await slack.slash(user or slack.alice, command, channel=channel or slack.channel)
    return (await slack.wait_for(lambda: whispers(slack)[before:]))[0]


async def lost(bot: Bot) -> Generation:
    """A finished picture that Slack takes nowhere."""
    generation, _ = await asked(bot, "a lost fox")
    bot.slack.workspace.channels[bot.slack.channel].archived = True
    bot.slack.workspace.messages_tab = False
    await bot.workshop.finish(generation.id, [drawn()])
    assert "messages_tab_disabled" in await bot.workshop.deliveries.outcome(generation.id)
    return generation


def buttons(message: Message) -> list[str]:
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    below = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
    return [one["text"]["text"] for one in [*beside, *below]]


async def test_nothing_waiting_is_said(bot: Bot) -> None:
    said = await typed(bot, "/queue")
    assert said.text == "You have nothing waiting or running. 0 requests of everybody wait."
    assert (await typed(bot, "/cancel")).text == "You have nothing waiting or running."


async def test_the_queue_lists_ones_own_with_place_and_time_and_nobody_elses(bot: Bot, slack: FakeSlack) -> None:
    bot.workshop.store.seconds = 40.0
    await asked(bot, "a <fox>")
    await asked(bot, "a hen")
    await slack.slash(slack.bob, "/imagine", "not yours", channel=slack.channel)
    await bot.asked(3)
    bot.workshop.begin(bot.workshop.requests[0].id)
    said = await typed(bot, "/queue")
    shown = text_of(said)
    assert "2 requests of everybody wait." in shown
    assert "a <fox>\nBeing drawn" in shown
    assert re.search(r"a hen\n.+ in line, about .+ · about \$0\.0\d+", shown)
    assert "not yours" not in shown
    assert said.ephemeral_to == slack.alice
    assert buttons(said) == ["Cancel", "Cancel", "Cancel all"]


async def test_one_is_cancelled_out_of_the_list_and_the_list_is_shown_anew(bot: Bot, slack: FakeSlack) -> None:
    first, _ = await asked(bot, "a fox")
    second, message = await asked(bot, "a hen")
    said = await typed(bot, "/queue")
    await slack.press(slack.alice, said, "limner:drop", second.id.hex)
    await slack.wait_for(lambda: said.text.startswith("Cancelled. Nothing was charged."))
    await bot.shows(message, "Nothing was charged")
    assert "a hen" not in text_of(said)
    assert buttons(said) == ["Cancel"]
    assert [one.status for one in bot.workshop.requests] == [Status.QUEUED, Status.CANCELLED]
    assert bot.workshop.requests[0].id == first.id


async def test_all_are_cancelled_at_once_and_only_ones_own(bot: Bot, slack: FakeSlack) -> None:
    await asked(bot, "a fox")
    await asked(bot, "a hen")
    await slack.slash(slack.bob, "/imagine", "a cow", channel=slack.channel)
    await bot.asked(3)
    said = await typed(bot, "/queue")
    await slack.press(slack.alice, said, "limner:dropall")
    await slack.wait_for(lambda: "nothing waiting or running" in said.text)
    statuses = {one.prompt: one.status for one in bot.workshop.requests}
    assert statuses == {"a fox": Status.CANCELLED, "a hen": Status.CANCELLED, "a cow": Status.QUEUED}


async def test_cancel_takes_the_only_one_and_asks_which_of_several(bot: Bot, slack: FakeSlack) -> None:
    _, message = await asked(bot, "a fox")
    said = await typed(bot, "/cancel")
    assert said.text == "Cancelled. Nothing was charged."
    await bot.shows(message, "Nothing was charged")
    await asked(bot, "a hen")
    await asked(bot, "a cow")
    said = await typed(bot, "/cancel")
    assert said.text == "Which one shall be cancelled?"
    assert buttons(said) == ["Cancel", "Cancel", "Cancel all"]
    assert [one.status for one in bot.workshop.requests[1:]] == [Status.QUEUED, Status.QUEUED]


async def test_cancelling_what_runs_is_under_way_until_the_worker_stops(bot: Bot) -> None:
    generation, _ = await asked(bot)
    bot.workshop.begin(generation.id)
    assert (await typed(bot, "/cancel")).text == "Cancelling… It stops in a moment."
    assert "Cancelling…" in text_of(await typed(bot, "/queue"))


async def test_a_forged_id_cancels_and_resends_nothing(bot: Bot, slack: FakeSlack) -> None:
    generation, _ = await asked(bot, "a fox")
    await slack.slash(slack.bob, "/imagine", "a hen", channel=slack.channel)
    await bot.asked(2)
    theirs = await typed(bot, "/queue", slack.bob)
    theirs.blocks[1]["accessory"]["value"] = generation.id.hex
    await slack.press(slack.bob, theirs, "limner:drop")
    await slack.wait_for(lambda: "Only the person who asked" in whispers(slack)[-1].text)
    theirs.blocks[1]["accessory"]["action_id"] = "limner:resend"
    await slack.press(slack.bob, theirs, "limner:resend")
    await slack.wait_for(lambda: "no such picture" in whispers(slack)[-1].text)
    assert bot.workshop.requests[0].status is Status.QUEUED


async def test_what_was_made_and_never_arrived_is_sent_again_where_its_asker_is(bot: Bot, slack: FakeSlack) -> None:
    generation = await lost(bot)
    elsewhere = slack.workspace.add_channel("elsewhere")
    said = await typed(bot, "/queue", channel=elsewhere)
    assert "a lost fox" in text_of(said)
    assert buttons(said) == ["Resend"]
    await slack.press(slack.alice, said, "limner:resend")
    [message] = await slack.wait_for(lambda: bot.shown(elsewhere))
    await delivered(bot, generation)
    assert message.blocks[0]["type"] == "image"
    await slack.wait_for(lambda: said.text.startswith("It is being sent again, into this conversation."))
    assert len(bot.workshop.requests) == 1


async def test_resend_where_the_bot_is_not_goes_to_the_asker_directly(bot: Bot, slack: FakeSlack) -> None:
    generation = await lost(bot)
    slack.workspace.messages_tab = True
    away = slack.workspace.add_channel("away", bot=False)
    said = await typed(bot, "/queue", channel=away)
    await slack.press(slack.alice, said, "limner:resend")
    [message] = await slack.wait_for(lambda: bot.shown(slack.workspace.direct_channel(slack.alice).id))
    await delivered(bot, generation)
    assert message.blocks[0]["type"] == "image"


async def test_resend_pressed_twice_sends_one(bot: Bot, slack: FakeSlack) -> None:
    generation = await lost(bot)
    elsewhere = slack.workspace.add_channel("elsewhere")
    said = await typed(bot, "/queue", channel=elsewhere)
    offer = said.states[-1]
    await slack.press(slack.alice, said, "limner:resend")
    await slack.wait_for(lambda: len(said.states) == 2 and bot.shown(elsewhere))
    await delivered(bot, generation)
    said.states.append(offer)
    await slack.press(slack.alice, said, "limner:resend")
    await slack.wait_for(lambda: any("delivered already" in one.text for one in slack.bot_messages()))
    assert len(bot.shown(elsewhere)) == 1


async def test_resend_where_nothing_can_be_posted_is_refused_and_can_be_pressed_again(
    bot: Bot, slack: FakeSlack
) -> None:
    generation = await lost(bot)
    away = slack.workspace.add_channel("away", bot=False)
    said = await typed(bot, "/queue", channel=away)
    slack.script("conversations.open", Answer(200, {"ok": False, "error": "user_disabled"}))
    await slack.press(slack.alice, said, "limner:resend")
    await slack.wait_for(lambda: "/invite" in whispers(slack)[-1].text)
    slack.workspace.messages_tab = True
    await slack.press(slack.alice, said, "limner:resend")
    await slack.wait_for(lambda: bot.shown(slack.workspace.direct_channel(slack.alice).id))
    await delivered(bot, generation)
