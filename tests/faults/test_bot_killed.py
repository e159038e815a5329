"""`kill -9` of the bot at each of its stages: another one ends with one final message, and nobody is asked twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.eventually import until
from tests.fakes.discord import InteractionFailed
from tests.fakes.openai import faults
from tests.fakes.slack import Hang, Processing
from tests.faults.accounts import balanced
from tests.faults.asking import PATIENCE, Asked, everywhere
from tests.faults.stage import Stage, stage
from tests.journeys import on_discord, on_slack
from tests.journeys.provider import calls, reached

MESSAGES = r"/webhooks/\d+/[^/]+/messages/.*|/channels/\d+/messages/\d+"
OFTEN = 1000
NO_PREVIEWS = faults.Unlike(partials=0)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs, bots=0, workers=0) as raised:
        yield raised


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def clean(on: Stage) -> AsyncIterator[None]:
    """Each test ends without processes and faults, so that it knows whom the next one kills."""
    yield
    on.openai.calm()
    on.discord.faults.calm()
    on.slack.faults.calm()
    on.slack.workspace.files.processing = Processing()
    for process in [*on.bots, *on.workers]:
        await process.stop()


async def ends_well(on: Stage, asked: Asked, fault: str) -> None:
    """Each of the three has its picture, in the message that it had, for one call."""
    await asked.finished()
    await balanced(on, fault)
    assert len(calls(on.openai, asked.prompt)) == 3
    drawn = {call.data for call in calls(on.openai, asked.prompt)}
    assert asked.on.files[0].data in drawn
    assert [file.content in drawn for file in on_slack.pictures(on.slack, asked.there)] == [True]


async def test_before_the_request_is_stored(on: Stage) -> None:
    bot = await on.bot()
    before = await on.archive.count("generations")
    async with on.locked("generations"):
        told = on.slack.slash(on.slack.alice, "/imagine", "never stored", channel=on.slack.channel)
        asked, delivery = await asyncio.gather(
            on.discord.slash(on.discord.ada, "imagine", {"prompt": "never stored"}), told
        )
        await asked.acknowledged()
        assert delivery.acked
        await bot.kill()
    await on.bot()
    await on.worker()
    with pytest.raises(InteractionFailed):
        await asked.response(0.5)
    assert await on.archive.count("generations") == before, "nobody was told that this was taken"
    asked_again = await everywhere(on, "stored at the second try")
    await ends_well(on, asked_again, "bot killed before the commit")
    assert calls(on.openai, "never stored") == []


async def test_before_the_address_of_the_placeholder_is_stored(on: Stage) -> None:
    """On Slack the message is there, and only the dead bot ever knew its timestamp."""
    bot = await on.bot()
    prompt = "a message without an address"
    on.slack.script("chat.postMessage", Hang(after=True))
    await on.slack.slash(on.slack.alice, "/imagine", prompt, channel=on.slack.channel)
    there = await on_slack.placeholder(on.slack, prompt)
    await bot.kill()
    await on.bot()
    await on.worker()
    await on.slack.wait_for(lambda: on_slack.has(there, "again"), PATIENCE)
    await balanced(on, "bot killed before it stored the address")
    assert [one for one in on.slack.bot_messages() if on_slack.shows(one, prompt)] == [there]
    assert len(calls(on.openai, prompt)) == 1


async def test_before_the_placeholder_is_posted(on: Stage) -> None:
    bot = await on.bot()
    prompt = "a request without a message"
    on.slack.script("chat.postMessage", Hang())
    posts = len(on.slack.calls("chat.postMessage"))
    await on.slack.slash(on.slack.alice, "/imagine", prompt, channel=on.slack.channel)
    await on.slack.wait_for(lambda: len(on.slack.calls("chat.postMessage")) > posts, PATIENCE)
    await bot.kill()
    await on.bot()
    await on.worker()
    there = await on_slack.placeholder(on.slack, prompt)
    await on.slack.wait_for(lambda: on_slack.has(there, "again"), PATIENCE)
    await balanced(on, "bot killed before it posted")
    assert len(calls(on.openai, prompt)) == 1


async def test_while_the_message_waits(on: Stage) -> None:
    bot = await on.bot()
    asked = await everywhere(on, "killed while it waits")
    await bot.kill()
    await on.bot()
    await on.worker()
    await ends_well(on, asked, "bot killed, message waiting")


async def test_while_progress_is_shown(on: Stage) -> None:
    bot = await on.bot()
    await on.worker()
    hold = on.openai.hold("completed", times=3)
    asked = await everywhere(on, "killed while it draws")
    await reached(hold)
    await asked.on.until(lambda now: "Drawing" in now.now.text, PATIENCE)
    await on.slack.wait_for(lambda: "Drawing" in asked.there.text, PATIENCE)
    await bot.kill()
    await on.bot()
    hold.release()
    await ends_well(on, asked, "bot killed, progress on show")


async def test_while_nobody_shows_it_the_picture_is_finished(on: Stage) -> None:
    bot = await on.bot()
    await on.worker()
    hold = on.openai.hold("completed", times=3)
    asked = await everywhere(on, "finished behind its back")
    await reached(hold)
    await bot.kill()
    hold.release()
    await _has_ended(on, asked.prompt)
    await on.bot()
    await ends_well(on, asked, "bot killed, picture finished without it")


async def test_while_the_picture_is_uploaded(on: Stage) -> None:
    bot = await on.bot()
    await on.worker()
    on.openai.script(NO_PREVIEWS, times=3)
    hold = on.openai.hold("completed", times=3)
    asked = await everywhere(on, "killed in the upload")
    await reached(hold)
    on.discord.faults.hang("PATCH", MESSAGES, times=OFTEN)
    on.slack.script("upload", Hang())
    uploads = len(on.slack.calls("upload"))
    hold.release()
    await on.discord.wait_for(lambda: any(one.files and one.status is None for one in on.discord.log.entries), PATIENCE)
    await on.slack.wait_for(lambda: len(on.slack.calls("upload")) > uploads, PATIENCE)
    await bot.kill()
    await on.discord.wait_for(lambda: not on.discord.gateway.connected, PATIENCE)
    on.discord.faults.calm()
    assert not on_discord.has(asked.on, "again")
    await on.bot()
    await ends_well(on, asked, "bot killed in the upload")


async def test_after_the_upload_before_it_is_written_down(on: Stage) -> None:
    bot = await on.bot()
    await on.worker()
    on.openai.script(NO_PREVIEWS, times=3)
    hold = on.openai.hold("completed", times=3)
    asked = await everywhere(on, "killed after the upload")
    await reached(hold)
    on.discord.faults.keep_answer("PATCH", MESSAGES, times=OFTEN)
    on.slack.workspace.files.processing = Processing(looks=None, seconds=None)
    uploads = len(on.slack.calls("files.completeUploadExternal"))
    hold.release()
    await on.slack.wait_for(lambda: len(on.slack.calls("files.completeUploadExternal")) > uploads, PATIENCE)
    # From here on the bot edits this message once more only, and that is to show the picture.
    on.slack.script("chat.update", Hang(after=True))
    for file in on.slack.workspace.files:
        on.slack.workspace.files.release(file)
    await asyncio.gather(
        asked.on.until(lambda now: on_discord.has(now, "again"), PATIENCE),
        on.slack.wait_for(lambda: on_slack.has(asked.there, "again"), PATIENCE),
    )
    await bot.kill()
    on.discord.faults.calm()
    on.slack.workspace.files.processing = Processing()
    still_open = await on.archive.rows(
        "SELECT 1 FROM deliveries d JOIN generations g ON g.id = d.generation_id"
        " WHERE g.prompt = $1 AND d.state = 'open'",
        asked.prompt,
    )
    assert len(still_open) == 2, "it died before it could write down that the picture was shown"
    await on.bot()
    await _has_been_delivered(on, asked.prompt)
    await ends_well(on, asked, "bot killed after the upload")


async def _has_ended(on: Stage, prompt: str) -> None:
    query = "SELECT count(*) FROM generations WHERE prompt = $1 AND status = 'finished'"

    async def all_three() -> bool:
        return int((await on.archive.rows(query, prompt))[0][0]) == 3

    await until(all_three, PATIENCE)


async def _has_been_delivered(on: Stage, prompt: str) -> None:
    query = (
        "SELECT count(*) FROM deliveries d JOIN generations g ON g.id = d.generation_id"
        " WHERE g.prompt = $1 AND d.state = 'delivered'"
    )

    async def both() -> bool:
        return int((await on.archive.rows(query, prompt))[0][0]) == 2

    await until(both, PATIENCE)
