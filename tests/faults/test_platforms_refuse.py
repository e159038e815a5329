"""Discord and Slack refuse the edit that shows the picture: it is shown later, elsewhere, or kept; never paid twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.slack import Answer
from tests.fakes.slack import Message as SlackMessage
from tests.faults.accounts import balanced
from tests.faults.drawn import (
    PATIENCE,
    about_to_be_drawn_on_discord,
    about_to_be_drawn_on_slack,
    drawn_once,
    showing_on_discord,
    showing_on_slack,
)
from tests.faults.stage import Stage, stage
from tests.journeys import on_discord, on_slack

EDITS = r"/webhooks/\d+/[^/]+/messages/.*|/channels/\d+/messages/\d+"
POSTS = r"/channels/\d+/messages"
OFTEN = 10_000
NO_ACCESS = {"message": "Missing Access", "code": 50001}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs) as raised:
        yield raised


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def calm(on: Stage) -> AsyncIterator[None]:
    """Whatever a test broke is whole again for the next."""
    yield
    on.openai.calm()
    on.discord.faults.calm()
    on.slack.faults.calm()
    on.discord.ada.accepts_dms = True
    on.slack.workspace.channels[on.slack.channel].archived = False


def refuse_on_discord(on: Stage, status: int) -> None:
    if status == 429:
        on.discord.faults.rate_limit("PATCH", EDITS, 1.0, times=OFTEN)
    else:
        on.discord.faults.answer("PATCH", EDITS, status, "<html>upstream</html>", times=OFTEN)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_discord_takes_it_later_in_the_same_message(on: Stage, status: int) -> None:
    drawn, hold, message = await about_to_be_drawn_on_discord(on, f"Discord answers {status}")
    refuse_on_discord(on, status)
    hold.release()
    await on.discord.wait_for(lambda: _refused_uploads(on, status), PATIENCE)
    assert not on_discord.has(message, "again")
    on.discord.faults.calm()
    await drawn.shown_on_discord(message)
    await drawn.delivery("delivered")
    await balanced(on, f"Discord answered {status}")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"ok": False, "error": "ratelimited"}),
        (500, "<html>upstream</html>"),
        (200, {"ok": False, "error": "internal_error"}),
    ],
)
async def test_slack_takes_it_later_in_the_same_message(on: Stage, status: int, body: dict[str, object] | str) -> None:
    drawn, hold, message = await about_to_be_drawn_on_slack(on, f"Slack answers {status}")
    on.slack.script("chat.update", Answer(status, body, {"Retry-After": "1"} if status == 429 else {}), OFTEN)
    uploads = len(on.slack.calls("files.completeUploadExternal"))
    hold.release()
    await on.slack.wait_for(lambda: len(on.slack.calls("files.completeUploadExternal")) > uploads, PATIENCE)
    refused = len(on.slack.calls("chat.update"))
    await on.slack.wait_for(lambda: len(on.slack.calls("chat.update")) > refused, PATIENCE)
    assert not on_slack.has(message, "again")
    on.slack.faults.calm()
    await drawn.shown_on_slack(message)
    await drawn.delivery("delivered")
    await balanced(on, f"Slack answered {status}")


async def test_a_deleted_message_on_discord_is_replaced_by_a_new_one(on: Stage) -> None:
    drawn, hold, message = await about_to_be_drawn_on_discord(on, "deleted on Discord")
    await on.discord.messages.delete(message)
    hold.release()
    await drawn.delivery("delivered")
    [anew] = showing_on_discord(on, drawn.prompt)
    assert anew.channel is message.channel
    await drawn.shown_on_discord(anew)
    await balanced(on, "a message deleted on Discord")


async def test_a_deleted_message_on_slack_is_replaced_by_a_new_one(on: Stage) -> None:
    drawn, hold, message = await about_to_be_drawn_on_slack(on, "deleted on Slack")
    message.deleted = True
    hold.release()
    await drawn.delivery("delivered")
    [anew] = showing_on_slack(on, drawn.prompt)
    assert anew.channel == message.channel
    await drawn.shown_on_slack(anew)
    await balanced(on, "a message deleted on Slack")


async def test_where_discord_shuts_the_bot_out_the_asker_gets_it_directly(on: Stage) -> None:
    drawn, hold, message = await about_to_be_drawn_on_discord(on, "shut out on Discord")
    on.discord.faults.answer("PATCH", EDITS, 403, NO_ACCESS, times=OFTEN)
    on.discord.faults.answer("POST", rf"/channels/{message.channel.id}/messages", 403, NO_ACCESS, times=OFTEN)
    hold.release()
    await drawn.delivery("delivered")
    [anew] = [one for one in showing_on_discord(on, drawn.prompt) if on_discord.has(one, "again")]
    assert (anew.channel.kind, anew.channel.recipients) == ("bot_dm", (on.discord.ada,))
    await drawn.shown_on_discord(anew)
    assert await drawn_once(on)


async def test_where_slack_shuts_the_bot_out_the_asker_gets_it_directly(on: Stage) -> None:
    drawn, hold, message = await about_to_be_drawn_on_slack(on, "shut out on Slack")
    on.slack.workspace.channels[on.slack.channel].archived = True
    hold.release()
    await drawn.delivery("delivered")
    [anew] = [one for one in showing_on_slack(on, drawn.prompt) if on_slack.has(one, "again")]
    assert anew.channel == on.slack.workspace.direct_channel(on.slack.alice).id != message.channel
    await drawn.shown_on_slack(anew)
    assert await drawn_once(on)


async def test_what_can_be_shown_nowhere_on_discord_is_kept_and_sent_again_on_request(on: Stage) -> None:
    drawn, hold, _ = await about_to_be_drawn_on_discord(on, "kept for later")
    on.discord.faults.answer("PATCH", EDITS, 403, NO_ACCESS, times=OFTEN)
    on.discord.faults.answer("POST", POSTS, 403, NO_ACCESS, times=OFTEN)
    hold.release()
    await drawn.delivery("undeliverable")
    [kept] = await on.archive.pictures(drawn.prompt)
    assert kept.data == drawn.data
    on.discord.faults.calm()
    queue = await (await on.discord.slash(on.discord.ada, "queue")).response(PATIENCE)
    assert drawn.prompt in queue.now.text
    again = await on.discord.press(on.discord.ada, queue, on_discord.button(queue, "resend"))
    await again.acknowledged()
    await drawn.delivery("delivered")
    [anew] = [one for one in showing_on_discord(on, drawn.prompt) if on_discord.has(one, "again")]
    await drawn.shown_on_discord(anew)
    assert await drawn_once(on)


async def test_what_can_be_shown_nowhere_on_slack_is_kept_and_sent_again_on_request(on: Stage) -> None:
    drawn, hold, _ = await about_to_be_drawn_on_slack(on, "kept for Slack")
    channel = on.slack.workspace.channels[on.slack.channel]
    channel.archived = True
    on.slack.script("conversations.open", Answer(200, {"ok": False, "error": "cannot_dm_bot"}), OFTEN)
    hold.release()
    await drawn.delivery("undeliverable")
    [kept] = await on.archive.pictures(drawn.prompt)
    assert kept.data == drawn.data
    channel.archived = False
    on.slack.faults.calm()
    said = len(on.slack.bot_messages())
    await on.slack.slash(on.slack.alice, "/queue", channel=on.slack.channel)
    queue = await _queue(on, said)
    await on.slack.press(on.slack.alice, queue, "limner:resend")
    await drawn.delivery("delivered")
    [anew] = [one for one in showing_on_slack(on, drawn.prompt) if on_slack.has(one, "again")]
    await drawn.shown_on_slack(anew)
    assert await drawn_once(on)


async def _queue(on: Stage, after: int) -> SlackMessage:
    """The list with the button, as its asker alone sees it."""

    def found() -> SlackMessage | None:
        private = (one for one in on.slack.bot_messages()[after:] if one.ephemeral_to)
        return next((one for one in private if on_slack.has(one, "resend")), None)

    message = await on.slack.wait_for(found, PATIENCE)
    assert message is not None
    return message


def _refused_uploads(on: Stage, status: int) -> bool:
    return any(one.files and one.status == status for one in on.discord.log.entries)
