"""A dear picture is asked about first: by whom, once, and wherever it was asked for."""

from __future__ import annotations

import pytest

from core.errors import Fault
from core.house import House
from core.policies import FREE, Policy, Scope
from tests.bot.slack.bot import Bot, running, text_of, whispers
from tests.bot.slack.test_buttons import pictured
from tests.bot.slack.test_courier import delivered
from tests.fakes.pictures import drawn
from tests.fakes.slack import Answer, FakeSlack, Message
from tests.fakes.workshop import Workshop

MAKE, LEAVE = "limner:make", "limner:leave"


@pytest.fixture
def workshop() -> Workshop:
    """Where everything is dear."""
    made = Workshop()
    made.house = House(catalogue=made.catalogue, confirm_above_micro=0)
    return made


async def asked_about(slack: FakeSlack) -> Message:
    """The question that only the asker sees."""
    await slack.slash(slack.alice, "/imagine", "a fox --seed 5 --model gpt-image-2", channel=slack.channel)
    return (await slack.wait_for(lambda: whispers(slack)))[0]


async def in_the_open(slack: FakeSlack) -> Message:
    """The question that a mention begets, in its thread."""
    before = len(open_ones(slack))
    await slack.mention(slack.alice, slack.channel, "a fox")
    return (await slack.wait_for(lambda: open_ones(slack)[before:]))[0]


def open_ones(slack: FakeSlack) -> list[Message]:
    return [message for message in slack.bot_messages(slack.channel) if not message.ephemeral_to]


def labels(message: Message) -> list[str]:
    return [one["text"]["text"] for one in message.blocks[-1]["elements"]]


async def test_the_price_is_named_and_yes_makes_one_request_however_often(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop) as bot:
        said = await asked_about(slack)
        assert text_of(said).startswith("a fox\nThis will cost about $0.")
        assert labels(said)[0].startswith("Make it for $0.")
        assert labels(said)[1] == "No, thanks"
        assert workshop.requests == []
        first = said.states[-1]
        await slack.press(slack.alice, said, MAKE)
        generation = await bot.asked()
        message = await bot.placeholder()
        await slack.wait_for(lambda: said.text == "It is being made.")
        said.states.append(first)
        await slack.press(slack.alice, said, MAKE)
        await slack.wait_for(lambda: said.text == "It is being made.")
        await workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        assert len(workshop.requests) == 1
        assert bot.shown() == [message]
        assert "does not use seeds" in text_of(message), "what there was to say about the options is not forgotten"
        assert workshop.store.venues[0].workspace == "slack:T0LIMNER"


async def test_an_open_question_becomes_the_picture_and_strangers_cannot_answer_it(
    slack: FakeSlack, workshop: Workshop
) -> None:
    async with running(slack, workshop) as bot:
        said = await in_the_open(slack)
        for action in (MAKE, LEAVE):
            await slack.press(slack.bob, said, action)
        heard = await slack.wait_for(lambda: whispers(slack)[1:] and whispers(slack))
        assert {(one.ephemeral_to, "Only the person who asked" in text_of(one)) for one in heard} == {(slack.bob, True)}
        assert workshop.requests == []
        assert len(said.states) == 1
        await slack.press(slack.alice, said, MAKE)
        generation = await bot.asked()
        await workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        assert said.blocks[0]["type"] == "image"
        assert len(slack.calls("chat.postMessage")) == 1


async def test_what_was_accepted_is_not_called_refused_because_slack_lost_the_answer(
    slack: FakeSlack, workshop: Workshop
) -> None:
    async with running(slack, workshop) as bot:
        said = await asked_about(slack)
        slack.script("response_url", Answer(503, "<html>away</html>"))
        await slack.press(slack.alice, said, MAKE)
        await bot.placeholder()
        await slack.wait_for(lambda: len(slack.calls("response_url")) == 2)
        generation = await bot.asked()
        await workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        assert whispers(slack) == [said]


async def test_no_is_no(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop):
        whispered = await asked_about(slack)
        await slack.press(slack.alice, whispered, LEAVE)
        await slack.wait_for(lambda: "is not made" in whispered.text)
        said = await in_the_open(slack)
        await slack.press(slack.alice, said, LEAVE)
        await slack.wait_for(lambda: "is not made" in said.text)
        assert workshop.requests == []


async def test_yes_after_a_restart_still_counts(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop):
        said = await asked_about(slack)
    async with running(slack, workshop, instance="two") as after:
        await slack.press(slack.alice, said, MAKE)
        assert (await after.asked()).prompt == "a fox"
        await after.placeholder()


async def test_yes_to_what_a_limit_has_no_room_for_is_refused_and_can_be_said_again(
    slack: FakeSlack, workshop: Workshop
) -> None:
    async with running(slack, workshop) as bot:
        said = await asked_about(slack)
        workshop.store.policies = [Policy(scope=Scope.WORKSPACE, subject="w", paused=True), FREE]
        await slack.press(slack.alice, said, MAKE)
        assert "paused" in text_of((await slack.wait_for(lambda: whispers(slack)[1:]))[0])
        workshop.store.policies = [FREE]
        await slack.press(slack.alice, said, MAKE)
        await bot.asked()
        await bot.placeholder()


async def test_variations_are_asked_about_too(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop) as bot:
        await slack.press(slack.alice, await asked_about(slack), MAKE)
        generation = await bot.asked()
        await workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        await slack.press(slack.bob, bot.shown()[0], "limner:again")
        question = (await slack.wait_for(lambda: whispers(slack)[1:]))[0]
        assert question.ephemeral_to == slack.bob
        await slack.press(slack.bob, question, MAKE)
        assert (await bot.asked(2)).requester.external_id.endswith(slack.bob)
        await slack.wait_for(lambda: len(bot.shown()) == 2)


async def test_a_retry_that_is_asked_about_takes_the_old_message(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop) as bot:
        await slack.press(slack.alice, await asked_about(slack), MAKE)
        generation = await bot.asked()
        message = await bot.placeholder()
        await workshop.fail(generation.id, Fault.SERVER_ERROR)
        await bot.shows(message, "had a problem")
        await delivered(bot, generation)
        await slack.press(slack.alice, message, "limner:retry")
        question = (await slack.wait_for(lambda: whispers(slack)[1:]))[0]
        await slack.press(slack.alice, question, MAKE)
        again = await bot.asked(2)
        await workshop.finish(again.id, [drawn()])
        await delivered(bot, again)
        assert message.blocks[0]["type"] == "image"
        assert bot.shown() == [message]


async def test_a_form_becomes_the_question_and_then_the_request(slack: FakeSlack, workshop: Workshop) -> None:
    async with running(slack, workshop) as bot:
        await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
        form = await bot.form(slack.alice)
        await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
        assert form.states[1:], "the form did not become the question"
        assert form.content["submit"]["text"].startswith("Make it for $0.")
        assert form.content["close"]["text"] == "No, thanks"
        assert form.content["blocks"][0]["text"]["text"] == "a fox"
        workshop.store.policies = [Policy(scope=Scope.WORKSPACE, subject="w", paused=True), FREE]
        await slack.submit_view(slack.alice, form, {})
        assert "paused" in str(form.content["blocks"])
        assert "submit" not in form.content
        form.states.pop()
        workshop.store.policies = [FREE]
        await slack.submit_view(slack.alice, form, {})
        assert form.closed
        assert (await bot.asked()).prompt == "a fox"
        assert (await bot.placeholder()).channel == slack.channel


async def test_what_is_cheap_is_not_asked_about(slack: FakeSlack, bot: Bot) -> None:
    generation, _ = await pictured(bot)
    assert generation.prompt == "a fox"
    assert whispers(slack) == []
