"""From the command to the finished picture, over real discord.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core.errors import Fault
from tests.bot.discord.conftest import Start
from tests.fakes.discord import DEFER_REPLY, FakeDiscord, Message
from tests.fakes.pictures import drawn, noisy
from tests.fakes.workshop import Workshop


def _alts(message: Message) -> list[str]:
    return [file.description or "" for file in message.files]


async def _asked(fake: FakeDiscord, options: Mapping[str, Any], **where: Any) -> Message:
    """The answer to Ada's command."""
    return await (await fake.slash(fake.ada, "imagine", options, **where)).response()


async def test_a_command_becomes_one_message_that_ends_with_the_providers_bytes(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a lighthouse at dusk", "quality": "high"})
    acknowledged = await asked.acknowledged()
    assert acknowledged.kind == DEFER_REPLY
    assert acknowledged.seconds < 3
    message = await (await asked.response()).until(lambda one: "Next in line" in one.now.text)
    [generation] = workshop.requests
    assert generation.options.quality == "high"
    assert generation.requester.external_id == str(fake.ada.id)

    await workshop.progress(generation.id, 40)
    await message.until(lambda one: "40 %" in one.now.text)
    first = drawn("JPEG")
    await workshop.progress(generation.id, 60, preview=first, preview_index=1)
    await message.until(lambda one: [file.data for file in one.files] == [first])
    await workshop.progress(generation.id, 70, preview=drawn("JPEG", "#000000"), preview_index=2)
    await message.until(lambda one: "70 %" in one.now.text)
    assert len(message.files) == 1

    made = drawn()
    await workshop.finish(generation.id, [made])
    await message.until(lambda one: "Variations" in str(one.components))
    assert [file.data for file in message.files] == [made]
    assert "a lighthouse at dusk" in _alts(message)[0]
    assert all(word in message.now.text for word in ("a lighthouse at dusk", "Ada", "$0.013", "8.2 s", "high"))
    assert fake.visible() == [message]


async def test_four_pictures_are_attached_in_order_without_an_embed_swallowing_their_alt_texts(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _asked(fake, {"prompt": "four boats", "count": 4})
    made = [drawn(colour=colour) for colour in ("#111111", "#222222", "#333333", "#444444")]
    await workshop.finish(workshop.requests[0].id, made)
    await message.until(lambda one: len(one.files) == 4)
    assert [file.data for file in message.files] == made
    assert len(message.json["attachments"]) == 4
    assert all("four boats" in alt for alt in _alts(message))


async def test_a_picture_over_the_upload_limit_is_shown_smaller_and_says_so(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _asked(fake, {"prompt": "a storm"})
    await workshop.finish(workshop.requests[0].id, [noisy(2000)])
    await message.until(lambda one: len(one.files) == 1, 30)
    assert len(message.files[0].data) <= fake.here.upload_limit
    assert "Shown smaller" in message.now.text


async def test_pictures_that_fit_one_by_one_but_not_together_are_kept_under_the_limit_of_a_request(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _asked(fake, {"prompt": "a storm", "count": 3})
    await workshop.finish(workshop.requests[0].id, [noisy(1820), noisy(1821), noisy(1822)])
    await message.until(lambda one: len(one.files) == 3, 60)
    assert sum(len(file.data) for file in message.files) < 25 * 1024 * 1024


@pytest.mark.parametrize("fault", [*Fault])
async def test_every_fault_ends_in_its_own_sentence_with_a_button(
    fault: Fault, fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _asked(fake, {"prompt": "a storm"})
    await workshop.fail(workshop.requests[0].id, fault, "violence")
    await message.until(lambda one: bool(one.json["embeds"][0].get("title")))
    assert message.custom_ids
    assert str(fault) != message.json["embeds"][0]["title"]


async def test_all_mistakes_are_told_at_once_and_the_edit_form_brings_the_text_back(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    typed = {"prompt": "a *cat* --quality hihg --count 9", "size": "huge"}
    message = await _asked(fake, typed)
    assert workshop.requests == []
    assert message.now.text.count("•") == 3
    modal = await (await fake.press(fake.ada, message, message.custom_ids[0])).modal()
    assert modal.components[0]["component"]["value"] == "a *cat* --quality hihg --count 9 --size huge"
    again = await fake.submit_modal(fake.ada, modal, {"text-0": "a *cat* --quality high"})
    await again.response()
    assert [one.prompt for one in workshop.requests] == ["a *cat*"]


async def test_notes_on_what_was_adapted_are_shown_to_the_end(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat --seed 7"})
    message = await (await asked.response()).until(lambda one: "does not use seeds" in one.now.text)
    await workshop.finish(workshop.requests[0].id, [drawn()])
    await message.until(lambda one: bool(one.files))
    assert "does not use seeds" in message.now.text


async def test_a_brought_picture_goes_along_with_the_request(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    brought = fake.attachment("cat.png", drawn())
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "make it blue", "image": brought})
    await asked.response()
    [generation] = workshop.requests
    assert [one.data for one in workshop.store.brought[generation.id]] == [drawn()]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.txt", b"hello", "not a picture"),
        ("huge.png", b"\x89PNG\r\n\x1a\n" + bytes(1_000_001), "limit is"),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "cannot be read"),
    ],
)
async def test_what_is_no_usable_picture_is_refused_before_anything_is_stored(
    name: str, data: bytes, says: str, fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    brought = fake.attachment(name, data)
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "make it blue", "image": brought})
    assert says in (await asked.response()).now.text
    assert workshop.requests == []


async def test_where_the_bot_may_not_post_it_says_so_and_takes_nothing(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    await fake.revoke(fake.here, "send_messages")
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})
    assert "Send Messages" in (await asked.followup()).now.text
    assert workshop.requests == []


async def test_direct_messages_and_places_where_only_the_user_has_the_app_work_too(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    friend = fake.add_user("bob")
    for channel in (fake.dm(fake.ada), fake.private_channel(fake.ada, friend)):
        message = await _asked(fake, {"prompt": "a cat"}, channel=channel, user_install=True)
        await workshop.finish(workshop.requests[-1].id, [drawn()])
        await message.until(lambda one: bool(one.files))
    assert len(workshop.requests) == 2


async def test_of_two_bot_processes_one_takes_the_request_and_the_other_is_silent(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start("one")
    await start("two")
    await fake.connected(2)
    for number in range(5):
        message = await _asked(fake, {"prompt": f"cat {number}"})
        await workshop.finish(workshop.requests[number].id, [drawn()])
        await message.until(lambda one: bool(one.files))
    assert len(workshop.requests) == 5
    assert len(fake.visible()) == 5


async def test_an_acknowledgement_whose_answer_was_lost_does_not_lose_the_request(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    fake.faults.lose_answer("POST", "/interactions/.*/callback")
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})
    await (await asked.response()).until(lambda one: "Next in line" in one.now.text)
    assert len(workshop.requests) == 1
