"""What a journey does and looks for in Slack."""

from __future__ import annotations

import json

from tests.fakes.slack import FakeSlack, File, Message
from tests.fakes.slack.payloads import interactive_elements

PATIENCE = 20.0
"""Seconds for a whole request on a busy machine."""

SOCKET, HTTP = "socket mode", "signed http"


def settings(slack: FakeSlack, way: str) -> dict[str, str]:
    """What an operator sets so that the bot goes to the fake, and how it is told of things."""
    own = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.bot_token}
    return own | (
        {"SLACK_APP_TOKEN": slack.app_token} if way == SOCKET else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    )


async def listening(slack: FakeSlack, way: str, address: str) -> None:
    """Waits until the bot hears of things."""
    if way == HTTP:
        slack.use_http(f"{address}/slack/events")
    else:
        slack.use_socket_mode()
        await slack.wait_for(lambda: slack.sockets.connections, PATIENCE)


async def ask(slack: FakeSlack, prompt: str, *, flags: str = "", user: str = "") -> Message:
    """Uses /imagine; the placeholder."""
    asked = await slack.slash(user or slack.alice, "/imagine", f"{prompt} {flags}".strip(), channel=slack.channel)
    assert asked.ack_seconds is not None
    assert asked.ack_seconds < 3
    return await placeholder(slack, prompt)


async def placeholder(slack: FakeSlack, prompt: str, number: int = 1) -> Message:
    """The n-th message of the bot that shows this prompt."""

    def found() -> Message | None:
        said = [message for message in slack.bot_messages() if not message.ephemeral_to and shows(message, prompt)]
        return said[number - 1] if len(said) >= number else None

    message = await slack.wait_for(found, PATIENCE)
    assert message is not None
    return message


def shows(message: Message, words: str) -> bool:
    return any(words in json.dumps(state.blocks, ensure_ascii=False) for state in message.states)


async def finished(slack: FakeSlack, message: Message) -> Message:
    await slack.wait_for(lambda: has(message, "again"), PATIENCE)
    return message


def has(message: Message, verb: str) -> bool:
    return f"limner:{verb}" in buttons(message)


def buttons(message: Message) -> list[str]:
    return [str(part["action_id"]) for _, part in interactive_elements(message.blocks)]


def pictures(slack: FakeSlack, message: Message, state: int = -1) -> list[File]:
    """The files that the message shows."""
    shown = [block["slack_file"]["id"] for block in message.states[state].blocks if block["type"] == "image"]
    return [slack.workspace.files.find(file_id) for file_id in shown]


async def whispered(slack: FakeSlack, words: str, *, after: int) -> Message:
    """What somebody was told for nobody else to see, later than the first `after` messages of the bot."""

    def found() -> Message | None:
        private = (message for message in slack.bot_messages()[after:] if message.ephemeral_to)
        return next((message for message in private if words in message.text), None)

    message = await slack.wait_for(found, PATIENCE)
    assert message is not None
    return message
