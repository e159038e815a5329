"""Where a picture goes in Slack when its message, its channel or its asker cannot be reached: shown once, paid once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.eventually import until
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack, Message
from tests.journeys import on_slack
from tests.journeys.archive import Archive
from tests.journeys.on_slack import PATIENCE, ask, finished, has, placeholder
from tests.journeys.provider import calls, reached
from tests.journeys.slack_people import open_house, told, user, words

GIVEN_UP = """
    SELECT FROM deliveries JOIN generations g ON g.id = generation_id WHERE g.prompt = $1 AND state = 'undeliverable'
"""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], slack: FakeSlack, archive: Archive, logs: Path) -> AsyncIterator[None]:
    async with open_house(base, slack, archive, logs):
        yield


async def test_a_deleted_message_is_followed_by_a_new_one(slack: FakeSlack, openai: FakeOpenAI) -> None:
    hold = openai.hold("answer")
    first = await ask(slack, "a deleted cat", user=user("easy"))
    await reached(hold)
    first.deleted = True
    hold.release()
    second = await finished(slack, await placeholder(slack, "a deleted cat"))
    assert second.channel == slack.channel
    assert len(calls(openai, "a deleted cat")) == 1


@pytest.mark.parametrize("how", ["archived", "removed"])
async def test_a_channel_that_closes_sends_the_picture_to_its_asker(
    slack: FakeSlack, openai: FakeOpenAI, how: str
) -> None:
    message, hold = await in_a_room(slack, openai, f"homeless {how}", by="easy")
    room = slack.workspace.channels[message.channel]
    if how == "archived":
        room.archived = True
    else:
        message.deleted = True
        room.members.discard(slack.bot_user)
    hold()
    direct = slack.workspace.direct_channel(user("easy")).id
    sent = await slack.wait_for(lambda: _pictured(slack, f"homeless {how}", direct), PATIENCE)
    assert sent is not None
    assert "could not post where you asked" in words(sent)
    assert len(calls(openai, f"homeless {how}")) == 1


async def test_what_slack_takes_nowhere_is_sent_again_without_being_made_again(
    slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    prompt = "lost and found"
    message, hold = await in_a_room(slack, openai, prompt, by="brisk")
    slack.workspace.channels[message.channel].archived = True
    slack.workspace.messages_tab = False
    hold()
    listed = await undelivered(slack, archive, prompt)
    await slack.press(user("brisk"), listed, "limner:resend")
    again = await slack.wait_for(lambda: _pictured(slack, prompt, slack.channel), PATIENCE)
    slack.workspace.messages_tab = True
    assert again is not None
    assert len(calls(openai, prompt)) == 1
    [kept] = await archive.pictures(prompt)
    assert [file.content for file in on_slack.pictures(slack, again)] == [kept.data]


async def in_a_room(
    slack: FakeSlack, openai: FakeOpenAI, prompt: str, *, by: str
) -> tuple[Message, Callable[[], None]]:
    """A placeholder in a channel of its own, whose picture comes when the second is called."""
    hold = openai.hold("answer")
    room = slack.workspace.add_channel(re.sub(r"\W", "-", prompt))
    await slack.slash(user(by), "/imagine", prompt, channel=room)
    message = await placeholder(slack, prompt)
    await reached(hold)
    return message, hold.release


async def undelivered(slack: FakeSlack, archive: Archive, prompt: str) -> Message:
    """The list in which this picture waits to be sent again, once the bot has given it up."""

    async def given_up() -> bool:
        return bool(await archive.rows(GIVEN_UP, prompt))

    await until(given_up, PATIENCE)
    listed = await told(slack, "/queue", by="brisk")
    assert prompt in words(listed)
    return listed


def _pictured(slack: FakeSlack, prompt: str, channel: str) -> Message | None:
    return next((one for one in slack.bot_messages(channel) if prompt in words(one) and has(one, "again")), None)
