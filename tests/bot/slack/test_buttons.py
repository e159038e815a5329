"""The buttons: they work after a restart, for the right people, and say so where they do not."""

from __future__ import annotations

from core.errors import Fault
from core.generation import Generation, Status
from tests.bot.slack.bot import Bot, running, text_of, whispers
from tests.bot.slack.test_courier import asked, delivered
from tests.fakes.pictures import drawn
from tests.fakes.slack import Drop, FakeSlack, Message
from tests.fakes.workshop import Workshop


async def pictured(bot: Bot, text: str = "a fox") -> tuple[Generation, Message]:
    generation, message = await asked(bot, text)
    await bot.workshop.finish(generation.id, [drawn()] * generation.options.count)
    await delivered(bot, generation)
    return generation, message


async def whispered(slack: FakeSlack, number: int = 1) -> Message:
    await slack.wait_for(lambda: len(whispers(slack)) >= number)
    return whispers(slack)[-1]


async def test_the_owner_cancels_what_waits_and_the_message_says_so(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await slack.press(slack.alice, message, "limner:cancel", generation.id.hex)
    await bot.shows(message, "Nothing was charged")
    assert bot.workshop.requests[0].status is Status.CANCELLED


async def test_cancelling_what_runs_tells_the_worker_and_the_asker(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.progress(generation.id, 40)
    await bot.shows(message, "40 %")
    await slack.press(slack.alice, message, "limner:cancel")
    assert "Cancelling… It stops in a moment." in text_of(await whispered(slack))
    assert bot.workshop.signals.cancels == [generation.id]


async def test_a_stranger_cannot_cancel_and_is_told_kindly(bot: Bot, slack: FakeSlack) -> None:
    _, message = await asked(bot)
    await slack.press(slack.bob, message, "limner:cancel")
    said = await whispered(slack)
    assert said.ephemeral_to == slack.bob
    assert "Only the person who asked" in text_of(said)
    assert bot.workshop.requests[0].status is Status.QUEUED


async def test_variations_are_a_new_message_for_whoever_presses(bot: Bot, slack: FakeSlack) -> None:
    _, message = await pictured(bot)
    await slack.press(slack.bob, message, "limner:again")
    await bot.asked(2)
    await slack.wait_for(lambda: len(bot.shown()) == 2)
    again = bot.workshop.requests[1]
    assert again.requester.external_id.endswith(slack.bob)
    assert again.prompt == "a fox"
    assert bot.shown()[1].ts != message.ts


async def test_a_button_works_after_a_restart(slack: FakeSlack) -> None:
    workshop = Workshop()
    async with running(slack, workshop) as before:
        _, message = await pictured(before)
    async with running(slack, workshop, instance="two") as after:
        await slack.press(slack.alice, message, "limner:again")
        await after.asked(2)
        await slack.wait_for(lambda: len(after.shown()) == 2)
        assert after.workshop.requests[1].prompt == "a fox"


async def test_edit_opens_the_form_with_the_words_and_flags_of_the_picture(bot: Bot, slack: FakeSlack) -> None:
    _, message = await pictured(bot, "a fox --quality high")
    await slack.press(slack.bob, message, "limner:edit")
    form = await bot.form(slack.bob)
    assert form.content["blocks"][0]["element"]["initial_value"] == "a fox --quality high"
    await slack.submit_view(slack.bob, form, {"prompt": "a hen --quality low"})
    edited = await bot.asked(2)
    assert (edited.prompt, edited.options.quality) == ("a hen", "low")


async def test_a_retry_takes_the_failed_message_and_happens_once(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.fail(generation.id, Fault.SERVER_ERROR)
    await bot.shows(message, "The image service had a problem")
    await delivered(bot, generation)
    await slack.press(slack.alice, message, "limner:retry")
    again = await bot.asked(2)
    await bot.shows(message, "ext in line")
    assert len(slack.calls("chat.postMessage")) == 1
    await bot.workshop.finish(again.id, [drawn()])
    await delivered(bot, again)
    assert message.blocks[0]["type"] == "image"


async def test_a_stranger_cannot_retry(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.fail(generation.id, Fault.SERVER_ERROR)
    await bot.shows(message, "The image service had a problem")
    await slack.press(slack.bob, message, "limner:retry")
    assert "Only the person who asked" in text_of(await whispered(slack))
    assert len(bot.workshop.requests) == 1


async def test_a_download_comes_privately_in_the_chosen_format(bot: Bot, slack: FakeSlack) -> None:
    _, message = await pictured(bot)
    before = len(list(slack.workspace.files))
    await slack.press(slack.bob, message, "limner:download")
    offer = await whispered(slack)
    await slack.press(slack.bob, offer, "limner:file:webp")
    await slack.wait_for(lambda: "was sent" in text_of(offer))
    sent = list(slack.workspace.files)[before]
    assert sent.name.endswith(".webp")
    assert sent.content is not None
    assert sent.content[8:12] == b"WEBP"
    direct = slack.workspace.direct_channel(slack.bob).id
    await slack.wait_for(lambda: direct in sent.channels)


async def test_the_original_is_downloaded_byte_for_byte(bot: Bot, slack: FakeSlack) -> None:
    _, message = await pictured(bot)
    original = next(iter(slack.workspace.files)).content
    await slack.press(slack.alice, message, "limner:download")
    await slack.press(slack.alice, await whispered(slack), "limner:file:png")
    await slack.wait_for(lambda: len([one for one in slack.workspace.files if one.completed]) == 2)
    assert list(slack.workspace.files)[-1].content == original


async def test_a_lost_connection_to_slack_during_a_press_is_answered(bot: Bot, slack: FakeSlack) -> None:
    _, message = await pictured(bot)
    await slack.press(slack.alice, message, "limner:download")
    offer = await whispered(slack)
    slack.script("conversations.open", Drop(), times=2)
    await slack.press(slack.alice, offer, "limner:file:jpeg")
    assert "try again in a minute" in text_of(await whispered(slack, 2))


async def test_a_button_whose_request_is_unknown_says_so(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await pictured(bot)
    del bot.workshop.store.generations[generation.id]
    await slack.press(slack.alice, message, "limner:edit")
    assert "no such picture or request" in text_of(await whispered(slack))
