"""A small Bolt app and the blocks it shows, to try the fake with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
Json = dict[str, Any]


class TinyBot:
    """A Bolt app with a listener of each kind, noting what it was told."""

    def __init__(self, fake: FakeSlack) -> None:
        self.client = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
        self.app = AsyncApp(client=self.client, signing_secret=fake.signing_secret)
        self.seen: list[tuple[str, Json]] = []
        self._listen()

    def _listen(self) -> None:
        app = self.app
        app.command("/imagine")(self._command)
        app.event("app_mention")(self._noting("mention"))
        app.event("message")(self._noting("message"))
        app.event("app_home_opened")(self._noting("home"))
        app.shortcut("imagine_this")(self._noting("shortcut"))
        app.action("cancel")(self._noting("cancel"))
        app.action("edit")(self._edit)
        app.view("edit_prompt")(self._submitted)

    def _noting(self, name: str) -> Callable[..., Awaitable[None]]:
        async def listener(ack: Any, body: Json) -> None:
            self.seen.append((name, body))
            await ack()

        return listener

    async def _command(self, ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack("On its way.")
        self.seen.append(("command", command))
        await client.chat_postMessage(channel=command["channel_id"], text=f"Queued: {command['text']}")

    async def _edit(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("edit_prompt"))

    async def _submitted(self, ack: Any, view: Json) -> None:
        prompt = view["state"]["values"]["prompt"]["text"]["value"]
        self.seen.append(("submitted", view))
        await (ack(response_action="errors", errors={"prompt": "Say more."}) if len(prompt) < 5 else ack())


def modal(callback_id: str) -> Json:
    """A modal that asks for a prompt."""
    element = {"type": "plain_text_input", "action_id": "text", "initial_value": "a lighthouse"}
    block = {"type": "input", "block_id": "prompt", "label": plain("Prompt"), "element": element}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Edit"),
        "submit": plain("Go"),
        "blocks": [block],
    }


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def buttons(*action_ids: str) -> list[Json]:
    """An actions block."""
    made = [{"type": "button", "action_id": name, "text": plain(name), "value": "job-1"} for name in action_ids]
    return [{"type": "actions", "block_id": "do", "elements": made}]


def picture(file_id: str) -> list[Json]:
    """An image block that shows a Slack file."""
    return [{"type": "image", "alt_text": "a lighthouse", "slack_file": {"id": file_id}}]


async def connected(bot: TinyBot, fake: FakeSlack) -> AsyncSocketModeHandler:
    """A Socket Mode connection of the bot, its hello sent."""
    handler = AsyncSocketModeHandler(bot.app, fake.app_token)
    before = len(fake.sockets.connections)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    await fake.wait_for(lambda: len(fake.sockets.connections) > before)
    return handler


async def close(handler: AsyncSocketModeHandler) -> None:
    """Close as an application should: slack_sdk cancels its own tasks but does not wait for them."""
    client = handler.client
    await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)


async def refusal(call: Awaitable[Any]) -> Any:
    """The answer with which Slack refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def uploaded(client: AsyncWebClient, content: bytes = PNG, name: str = "picture.png") -> str:
    """A file uploaded without a channel; its id."""
    answer = await client.files_upload_v2(content=content, filename=name, title="A picture", alt_txt="a lighthouse")
    return str(answer["file"]["id"])
