"""Discord, with the real discord.py in a process of its own: asked, acknowledged, drawn, delivered, kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI, faults
from tests.journeys import on_discord
from tests.journeys.archive import Archive
from tests.journeys.on_discord import PATIENCE, ask, button, finished, has, verbs
from tests.journeys.processes import limner
from tests.journeys.provider import calls, dropped, only_call, reached

PACE = 1.2
"""Seconds between the provider's previews: slower than the edits, so that each can be seen."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, logs: Path) -> AsyncIterator[None]:
    async with limner(base | on_discord.settings(discord), logs):
        await discord.connected()
        yield


async def test_a_picture_is_asked_for_watched_and_kept(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.pace, openai.heavy = PACE, True
    asked = await discord.slash(discord.ada, "imagine", {"prompt": "a lighthouse in a storm"})
    assert (await asked.acknowledged()).seconds < 3
    message = await finished(await asked.response())

    progress = message.states[1:-1]
    assert len({str(state.json) for state in progress}) >= 3
    assert any(state.files for state in progress), "no partial picture was shown"
    [kept] = await archive.pictures("a lighthouse in a storm")
    [attachment] = message.files
    assert attachment.data == only_call(openai, "a lighthouse in a storm").data == kept.data
    assert attachment.description == "Generated picture: a lighthouse in a storm"
    assert kept.row["original_prompt"] == "a lighthouse in a storm"
    assert kept.row["generation_time_ms"] > PACE * 3000
    assert json.loads(kept.row["metadata"])["model"] == "gpt-image-2.5-flare"


async def test_four_pictures_come_in_one_message(discord: FakeDiscord, openai: FakeOpenAI, archive: Archive) -> None:
    message = await finished(await ask(discord, "four seasons", {"count": 4}))

    made = {call.data for call in calls(openai, "four seasons")}
    assert len(made) == 4
    assert {file.data for file in message.files} == made
    assert {kept.data for kept in await archive.pictures("four seasons")} == made


async def test_an_attached_picture_is_what_the_provider_works_from(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    sketch = _picture("PNG")
    message = await finished(await ask(discord, "the same in oil", {"image": discord.attachment("sketch.png", sketch)}))

    call = only_call(openai, "the same in oil")
    assert call.kind == "edit"
    assert [file.data for file in call.files] == [sketch]
    assert [file.data for file in message.files] == [call.data]


async def test_a_running_request_is_cancelled_and_nothing_is_kept(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    hold = openai.hold("completed")
    message = await ask(discord, "never to be")
    await reached(hold)
    await message.until(lambda now: bool(now.files), PATIENCE)
    await discord.press(discord.ada, message, button(message, "cancel"))
    await message.until(lambda now: "Cancelled. Nothing was charged" in now.now.text.replace("\\", ""), PATIENCE)

    assert verbs(message) == ["retry", "edit"]
    assert not message.files
    await dropped(only_call(openai, "never to be"))
    assert await archive.pictures("never to be") == []


async def test_a_stranger_cannot_cancel_and_is_told_why(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    stranger = discord.add_user("mallory", discord.guild)
    hold = openai.hold("answer")
    message = await ask(discord, "ada's own")
    await reached(hold)
    pressed = await discord.press(stranger, message, button(message, "cancel"))
    told = await pressed.followup()

    assert told.ephemeral
    assert "Only the person who asked" in told.now.text
    hold.release()
    await finished(message)


async def test_variations_are_a_request_of_whoever_presses(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    other = discord.add_user("grace", discord.guild)
    first = await finished(await ask(discord, "a red bicycle"))
    pressed = await discord.press(other, first, button(first, "again"))
    second = await finished(await pressed.response(PATIENCE))

    assert second is not first
    assert len(calls(openai, "a red bicycle")) == 2
    assert second.files[0].data != first.files[0].data
    assert len({kept.row["user_id"] for kept in await archive.pictures("a red bicycle")}) == 2


async def test_edit_opens_the_prompt_and_asks_with_the_changed_one(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    first = await finished(await ask(discord, "a blue door", {"quality": "low"}))
    modal = await (await discord.press(discord.ada, first, button(first, "edit"))).modal()
    field = modal.components[0]["component"]
    submitted = await discord.submit_modal(discord.ada, modal, {field["custom_id"]: "a green door --quality low"})
    second = await finished(await submitted.response(PATIENCE))

    assert field["value"] == "a blue door --quality low"
    call = only_call(openai, "a green door")
    assert call.body["quality"] == "low"
    assert second.files[0].data == call.data


async def test_a_download_is_private_and_in_each_format(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    message = await finished(await ask(discord, "to be taken home"))
    offered = await (await discord.press(discord.ada, message, button(message, "download"))).response()
    files = {}
    for verb in ("png", "jpeg", "webp"):
        answer = await discord.press(discord.ada, offered, button(offered, verb))
        private = await answer.response()
        assert private.ephemeral
        files[verb] = private.files[0].data

    assert offered.files[0].data == files["png"] == only_call(openai, "to be taken home").data
    assert {verb: Image.open(BytesIO(data)).format for verb, data in files.items()} == {
        "png": "PNG",
        "jpeg": "JPEG",
        "webp": "WEBP",
    }


async def test_after_a_failure_one_press_tries_again(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    openai.script(faults.truncated_png())
    failed = await ask(discord, "second time lucky")
    await failed.until(lambda now: has(now, "retry"), PATIENCE)
    again = await (await discord.press(discord.ada, failed, button(failed, "retry"))).response(PATIENCE)
    await finished(again)

    assert again.files[0].data == calls(openai, "second time lucky")[1].data


async def test_after_fifteen_minutes_the_bot_goes_on_as_itself(discord: FakeDiscord, openai: FakeOpenAI) -> None:
    hold = openai.hold("completed")
    message = await ask(discord, "a patient cathedral")
    await reached(hold)
    discord.clock.advance(16 * 60)
    hold.release()
    await finished(message)

    assert message.files[0].data == only_call(openai, "a patient cathedral").data
    own = rf"/channels/{message.channel.id}/messages/{message.id}"
    assert discord.log.matching("PATCH", own, 200)


async def test_a_picture_over_the_upload_limit_comes_smaller_and_says_so(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.heavy = True
    openai.script(faults.Unlike(partials=0))
    message = await finished(await ask(discord, "every leaf", {"size": "3840x2160"}))

    original = only_call(openai, "every leaf").data
    limit = message.channel.upload_limit
    assert len(original) > limit
    assert len(message.files[0].data) <= limit
    assert Image.open(BytesIO(message.files[0].data)).size[0] > 1000
    assert "Shown smaller" in message.now.text
    assert [kept.data for kept in await archive.pictures("every leaf")] == [original]


def _picture(kind: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((512, 384), 40).convert("RGB").save(out, kind)
    return out.getvalue()
