"""Buttons and forms: after a restart, in another process, in direct messages, and in strangers' hands."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bot.discord import DiscordConfig
from core.errors import Fault
from core.generation import Generation, Status
from tests.bot.discord.conftest import Start, serving
from tests.fakes.discord import DEFER_UPDATE, FakeDiscord, Message, User
from tests.fakes.pictures import drawn, noisy
from tests.fakes.workshop import Workshop


async def _asked(
    fake: FakeDiscord, workshop: Workshop, prompt: str = "a cat", **more: int
) -> tuple[Message, Generation]:
    asked = await fake.slash(fake.ada, "imagine", {"prompt": prompt, **more})
    message = await (await asked.response()).until(lambda one: "in line" in one.now.text)
    return message, workshop.requests[-1]


async def _finished(fake: FakeDiscord, workshop: Workshop, *pictures: bytes, prompt: str = "a cat") -> Message:
    message, generation = await _asked(fake, workshop, prompt, count=len(pictures))
    await workshop.finish(generation.id, pictures)
    return await message.until(lambda one: len(one.files) == len(pictures), 30)


def _button(message: Message, verb: str) -> str:
    return next(one for one in message.custom_ids if one.startswith(f"limner:{verb}:"))


def _stranger(fake: FakeDiscord) -> User:
    return fake.add_user("bob", fake.guild)


async def test_cancel_while_waiting_ends_the_message_at_once(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message, generation = await _asked(fake, workshop)
    pressed = await fake.press(fake.ada, message, _button(message, "cancel"))
    assert (await pressed.acknowledged()).kind == DEFER_UPDATE
    await message.until(lambda one: "Nothing was charged" in one.now.text)
    assert workshop.store.generations[generation.id].status is Status.CANCELLED


async def test_cancel_while_running_tells_the_presser_and_asks_the_worker(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message, generation = await _asked(fake, workshop)
    await workshop.progress(generation.id, 40)
    await message.until(lambda one: "40 %" in one.now.text)
    pressed = await fake.press(fake.ada, message, _button(message, "cancel"))
    said = await pressed.followup()
    assert said.ephemeral
    assert workshop.signals.cancels == [generation.id]
    await workshop.cancel(generation.id)
    await message.until(lambda one: "Cancelled" in one.now.text)


async def test_a_stranger_can_neither_cancel_nor_retry_and_is_told_who_can(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message, generation = await _asked(fake, workshop)
    bob = _stranger(fake)
    said = await (await fake.press(bob, message, _button(message, "cancel"))).followup()
    assert said.ephemeral
    assert "Only the person who asked" in said.now.text
    assert workshop.store.generations[generation.id].status is Status.QUEUED
    await workshop.fail(generation.id, Fault.TIMEOUT)
    await message.until(lambda one: any("retry" in each for each in one.custom_ids))
    said = await (await fake.press(bob, message, _button(message, "retry"))).response()
    assert said.ephemeral
    assert len(workshop.requests) == 1


async def test_variations_make_a_new_message_for_whoever_pressed(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _finished(fake, workshop, drawn())
    bob = _stranger(fake)
    pressed = await fake.press(bob, message, _button(message, "again"))
    fresh = await pressed.response()
    assert fresh is not message
    assert workshop.requests[-1].requester.external_id == str(bob.id)
    await workshop.finish(workshop.requests[-1].id, [drawn(colour="#ffffff")])
    await fresh.until(lambda one: bool(one.files))
    assert [file.data for file in message.files] == [drawn()]


async def test_edit_opens_the_prompt_with_its_flags_and_asks_anew(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _finished(fake, workshop, drawn(), drawn(colour="#ffffff"), prompt="a *cat*")
    modal = await (await fake.press(fake.ada, message, _button(message, "edit"))).modal()
    assert modal.components[0]["component"]["value"] == "a *cat* --count 2"
    await (await fake.submit_modal(fake.ada, modal, {"text-0": "a dog --quality high"})).response()
    assert (workshop.requests[-1].prompt, workshop.requests[-1].options.quality) == ("a dog", "high")


async def test_a_prompt_of_more_than_one_field_comes_back_whole(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    long = " ".join(f"word{number}" for number in range(700))
    message = await _finished(fake, workshop, drawn(), prompt=long)
    modal = await (await fake.press(fake.ada, message, _button(message, "edit"))).modal()
    assert len(modal.components) == 2
    await (await fake.submit_modal(fake.ada, modal, {})).response()
    assert workshop.requests[-1].prompt == long


async def test_mistakes_in_an_edit_form_can_be_put_right_without_losing_the_text(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _finished(fake, workshop, drawn())
    modal = await (await fake.press(fake.ada, message, _button(message, "edit"))).modal()
    refused = await (await fake.submit_modal(fake.ada, modal, {"text-0": "a dog --quality hihg"})).response()
    assert "hihg" in refused.now.text
    modal = await (await fake.press(fake.ada, refused, _button(refused, "reword"))).modal()
    assert modal.components[0]["component"]["value"] == "a dog --quality hihg"


async def test_download_gives_the_original_bytes_privately_and_other_formats_on_demand(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    made = [drawn(), drawn(colour="#ffffff")]
    message = await _finished(fake, workshop, *made)
    private = await (await fake.press(_stranger(fake), message, _button(message, "download"))).response()
    assert private.ephemeral
    assert [file.data for file in private.files] == made
    bob = next(user for user in fake.guild.members.values() if user.name == "bob")
    webp = await (await fake.press(bob, private, _button(private, "webp"))).response()
    assert [file.data[8:12] for file in webp.files] == [b"WEBP", b"WEBP"]


async def test_a_download_over_the_limit_says_what_to_do_instead(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _finished(fake, workshop, noisy(2000))
    private = await (await fake.press(fake.ada, message, _button(message, "download"))).response(30)
    assert private.files == []
    assert "choose JPEG or WebP" in private.now.text
    jpeg = await (await fake.press(fake.ada, private, _button(private, "jpeg"))).response(30)
    assert [file.data[:2] for file in jpeg.files] == [b"\xff\xd8"]


async def test_buttons_and_open_forms_outlive_the_process_that_made_them(fake: FakeDiscord, workshop: Workshop) -> None:
    config = DiscordConfig(token=fake.token, api_url=fake.api_url)
    async with AsyncExitStack() as first:
        await first.enter_async_context(serving(config, workshop.studio("one")))
        message = await _finished(fake, workshop, drawn())
        modal = await (await fake.press(fake.ada, message, _button(message, "edit"))).modal()
    async with serving(config, workshop.studio("two")):
        await (await fake.submit_modal(fake.ada, modal, {"text-0": "a dog"})).response()
        await (await fake.press(fake.ada, message, _button(message, "again"))).response()
        assert [one.prompt for one in workshop.requests] == ["a cat", "a dog", "a cat"]


async def test_with_two_processes_a_press_counts_once(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start("one")
    await start("two")
    await fake.connected(2)
    message = await _finished(fake, workshop, drawn())
    for verb in ("again", "edit", "download"):
        pressed = await fake.press(fake.ada, message, _button(message, verb))
        if verb == "edit":
            await (await fake.submit_modal(fake.ada, await pressed.modal(), {"text-0": "a dog"})).response()
        else:
            await pressed.response()
    assert [one.prompt for one in workshop.requests] == ["a cat", "a cat", "a dog"]


async def test_buttons_work_in_direct_messages(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"}, channel=fake.dm(fake.ada))
    message = await asked.response()
    await workshop.finish(workshop.requests[0].id, [drawn()])
    await message.until(lambda one: bool(one.files))
    await (await fake.press(fake.ada, message, _button(message, "again"))).response()
    assert len(workshop.requests) == 2
