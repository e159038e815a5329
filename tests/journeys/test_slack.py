"""Slack, with the real slack-bolt in a process of its own, by Socket Mode and by signed HTTP: asked, drawn, kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from tests.fakes.openai import FakeOpenAI, faults
from tests.fakes.slack import FakeSlack, File
from tests.journeys import on_slack
from tests.journeys.archive import Archive
from tests.journeys.on_slack import HTTP, PATIENCE, SOCKET, ask, buttons, finished, has, pictures, placeholder
from tests.journeys.processes import limner
from tests.journeys.provider import calls, dropped, only_call, reached

PACE = 1.5
"""Seconds between the provider's previews: slower than the edits, so that each can be seen."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[SOCKET, HTTP])
async def way(
    request: pytest.FixtureRequest, base: dict[str, str], slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """How the bot is told of things; it runs meanwhile."""
    chosen = str(request.param)
    logs: Path = tmp_path_factory.mktemp("logs")
    async with limner(base | on_slack.settings(slack, chosen), logs) as processes:
        await on_slack.listening(slack, chosen, processes.address)
        yield chosen


async def test_a_picture_is_asked_for_by_command_watched_and_kept(
    way: str, slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.pace, openai.heavy = PACE, True
    prompt = f"a lighthouse by {way}"
    message = await finished(slack, await ask(slack, prompt))

    progress = range(1, len(message.states) - 1)
    assert len({str(message.states[index].blocks) for index in progress}) >= 3
    assert any(pictures(slack, message, index) for index in progress), "no partial picture was shown"
    [shown] = pictures(slack, message)
    [kept] = await archive.pictures(prompt)
    assert shown.content == only_call(openai, prompt).data == kept.data
    assert shown.alt_text == f"Generated picture: {prompt}"
    assert kept.row["original_prompt"] == prompt
    assert kept.row["generation_time_ms"] > PACE * 3000


async def test_a_mention_in_a_thread_is_answered_there(way: str, slack: FakeSlack, openai: FakeOpenAI) -> None:
    root = slack.say(slack.bob, slack.channel, "What about the poster?")
    prompt = f"a poster by {way}"
    told = await slack.mention(slack.alice, slack.channel, prompt, thread_ts=root.ts, copies=3)
    message = await finished(slack, await placeholder(slack, prompt))

    assert told.ack_seconds is not None
    assert told.ack_seconds < 3
    assert message.thread_ts == root.ts
    assert [file.content for file in pictures(slack, message)] == [only_call(openai, prompt).data]


async def test_four_pictures_come_in_one_message(
    way: str, slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    prompt = f"four seasons by {way}"
    message = await finished(slack, await ask(slack, prompt, flags="--count 4"))

    made = {call.data for call in calls(openai, prompt)}
    assert len(made) == 4
    assert {file.content for file in pictures(slack, message)} == made
    assert {kept.data for kept in await archive.pictures(prompt)} == made


async def test_only_the_asker_cancels_a_running_request(
    way: str, slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    prompt = f"never to be by {way}"
    hold = openai.hold("completed")
    message = await ask(slack, prompt)
    await reached(hold)
    said = len(slack.bot_messages())
    await slack.press(slack.bob, message, "limner:cancel")
    assert (await on_slack.whispered(slack, "Only the person who asked", after=said)).ephemeral_to == slack.bob
    await slack.press(slack.alice, message, "limner:cancel")
    await slack.wait_for(lambda: has(message, "retry"), PATIENCE)

    assert message.text == "Cancelled. Nothing was charged."
    await dropped(only_call(openai, prompt))
    assert await archive.pictures(prompt) == []


async def test_variations_and_an_edit_are_new_messages(way: str, slack: FakeSlack, openai: FakeOpenAI) -> None:
    prompt = f"a blue door by {way}"
    first = await finished(slack, await ask(slack, prompt))
    await slack.press(slack.bob, first, "limner:again")
    second = await finished(slack, await placeholder(slack, prompt, 2))
    await slack.press(slack.bob, second, "limner:edit")
    view = await slack.wait_for(lambda: slack.open_view(slack.bob), PATIENCE)
    assert view is not None
    [field] = [block for block in view.content["blocks"] if block["type"] == "input"]
    await slack.submit_view(slack.bob, view, {field["block_id"]: f"{prompt}, now green"})
    third = await finished(slack, await placeholder(slack, f"{prompt}, now green"))

    assert field["element"]["initial_value"] == prompt
    shown = [file.content for message in (first, second, third) for file in pictures(slack, message)]
    assert shown == [call.data for call in [*calls(openai, prompt), only_call(openai, f"{prompt}, now green")]]


async def test_a_download_goes_to_the_person_in_each_format(way: str, slack: FakeSlack, openai: FakeOpenAI) -> None:
    prompt = f"to be taken home by {way}"
    message = await finished(slack, await ask(slack, prompt))
    found: dict[str, bytes] = {}
    for name in ("png", "jpeg", "webp"):
        said = len(slack.bot_messages())
        await slack.press(slack.alice, message, "limner:download")
        offer = await on_slack.whispered(slack, "Which format?", after=said)
        before = {file.id for file in slack.workspace.files}
        await slack.press(slack.alice, offer, f"limner:file:{name}")
        found[name] = await _sent_to(slack, slack.alice, before)

    assert found["png"] == only_call(openai, prompt).data
    assert {name: Image.open(BytesIO(data)).format for name, data in found.items()} == {
        "png": "PNG",
        "jpeg": "JPEG",
        "webp": "WEBP",
    }


async def test_after_a_failure_one_press_tries_again_in_the_same_message(
    way: str, slack: FakeSlack, openai: FakeOpenAI
) -> None:
    prompt = f"second time lucky by {way}"
    openai.script(faults.truncated_png())
    message = await ask(slack, prompt)
    await slack.wait_for(lambda: has(message, "retry"), PATIENCE)
    assert "limner:edit" in buttons(message)
    await slack.press(slack.alice, message, "limner:retry")
    await finished(slack, message)

    assert [file.content for file in pictures(slack, message)] == [calls(openai, prompt)[1].data]


async def _sent_to(slack: FakeSlack, user: str, before: set[str]) -> bytes:
    """The file that was sent into the person's conversation with the bot just now."""
    direct = slack.workspace.direct_channel(user).id

    def arrived() -> File | None:
        new = (file for file in slack.workspace.files if file.id not in before)
        return next((file for file in new if file.completed and direct in file.channels), None)

    file = await slack.wait_for(arrived, PATIENCE)
    assert file is not None
    assert file.content is not None
    return file.content
