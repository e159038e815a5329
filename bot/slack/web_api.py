"""The Web API's methods as the adapter uses them; every call of it is made here and in `upload`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.blocks import Json, Message
from bot.slack.config import SlackConfig
from bot.slack.foreign import PlaceRefused, translated
from bot.slack.place import Place
from core.errors import LimnerError, Outage, Undeliverable

TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)
OURS = "limner_request"
"""The type of the metadata by which a placeholder is found again."""

PAGE, PAGES = 200, 5
SKEW = 300.0
"""Seconds by which the database's clock and Slack's may differ."""

_REPEATABLE = (
    "chat.update",
    "files.info",
    "auth.test",
    "conversations.history",
    "conversations.replies",
    "conversations.open",
    "users.info",
    "usergroups.list",
)


class RepeatHandler(AsyncConnectionErrorRetryHandler):
    """Tries once more after a broken connection, where a second call cannot do a second thing.

    The SDK's own handler also repeats a chat.postMessage whose answer was lost: two placeholders.
    """

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        never_sent = isinstance(error, aiohttp.ClientConnectorError)
        if not never_sent and not request.url.endswith(_REPEATABLE):
            return False
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)


def web_client(config: SlackConfig) -> AsyncWebClient:
    handlers: list[AsyncRetryHandler] = [RepeatHandler()]
    return AsyncWebClient(
        token=config.bot_token, base_url=config.api_url or AsyncWebClient.BASE_URL, retry_handlers=handlers
    )


class WebApi:
    """Posting, editing and asking. Raises only LimnerErrors."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client

    async def open(self) -> None:
        """Keeps connections from now on; without it each call makes one of its own."""
        self.client.session = aiohttp.ClientSession(timeout=TIMEOUT)

    async def close(self) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    async def whoami(self) -> Json:
        """auth.test: the workspace and the bot."""
        with translated():
            return dict((await self.client.auth_test()).data)  # type: ignore[arg-type]  # bytes come from files only

    async def check_app_token(self, app_token: str) -> None:
        """Raises Undeliverable for a token that cannot open a Socket Mode connection."""
        with translated():
            await self.client.apps_connections_open(app_token=app_token)

    async def post(self, place: Place, message: Message, generation_id: UUID | None = None) -> str:
        """A new message; its timestamp. The metadata names the request that it shows."""
        named: Json = {"event_type": OURS, "event_payload": {"generation": generation_id.hex}} if generation_id else {}
        with translated():
            answer = await self.client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                metadata=named or None,
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                **message.payload(),
            )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        with translated():
            await self.client.chat_update(channel=channel, ts=ts, parse="none", **message.payload())

    async def respond(self, url: str, message: Message, *, thread: str = "", replace: bool = False) -> None:
        """An answer that only the asker sees, through the url that came with what they did."""
        where: Json = {"thread_ts": thread} if thread and not replace else {}
        with translated():
            answer = await AsyncWebhookClient(url, session=self.client.session).send_dict(
                {"response_type": "ephemeral", "replace_original": replace, **where, **message.payload()}
            )
        if answer.status_code != 200:
            raise Undeliverable(f"the response url answered {answer.status_code}")

    async def whisper(self, place: Place, message: Message) -> None:
        """A new message that only the place's user sees."""
        with translated():
            await self.client.chat_postEphemeral(
                channel=place.channel, user=place.user, thread_ts=place.thread or None, **message.payload()
            )

    async def may_post(self, channel: str) -> bool:
        """Whether the bot is in a conversation. Asks for messages before there were any: nothing is read."""
        try:
            with translated():
                await self.client.conversations_history(channel=channel, limit=1, latest="1000000000.000000")
        except PlaceRefused:
            return False
        except LimnerError:
            return True  # Slack is busy, or the scope is missing: posting itself will tell
        return True

    async def find(self, place: Place, generation_id: UUID, since: float) -> str:
        """The timestamp of a message that was posted for a request, beside the place's own; empty if there is none."""
        window: Json = {"oldest": f"{since - SKEW:.6f}", "limit": PAGE, "include_all_metadata": True}
        cursor = ""
        for _ in range(PAGES):
            page = await self._page(place, {**window, **({"cursor": cursor} if cursor else {})})
            for message in page.get("messages") or []:
                named = message.get("metadata") or {}
                ours = named.get("event_type") == OURS and _generation(named) == generation_id.hex
                if ours and message["ts"] != place.ts:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return ""

    async def _page(self, place: Place, window: Json) -> Any:
        with translated():
            if place.thread:
                return await self.client.conversations_replies(channel=place.channel, ts=place.thread, **window)
            return await self.client.conversations_history(channel=place.channel, **window)

    async def direct(self, user: str) -> str:
        """The conversation between the bot and one person."""
        with translated():
            answer = await self.client.conversations_open(users=user)
        channel: Json = answer["channel"] or {}
        if not channel.get("id"):
            raise Outage("Slack opened no direct conversation")
        return str(channel["id"])

    async def user(self, user: str) -> Json:
        """What Slack says of a person right now."""
        with translated():
            return dict((await self.client.users_info(user=user))["user"] or {})

    async def user_groups(self) -> dict[str, Json]:
        """Every user group by its id, with its `users`."""
        with translated():
            answer = await self.client.usergroups_list(include_users=True)
        return {str(one["id"]): one for one in answer["usergroups"] or ()}

    async def open_form(self, trigger_id: str, view: Json) -> None:
        """Raises TriggerExpired where the click is more than three seconds ago."""
        with translated():
            await self.client.views_open(trigger_id=trigger_id, view=view)


def _generation(named: Json) -> str:
    payload = named.get("event_payload")
    return str(payload.get("generation", "")) if isinstance(payload, dict) else ""
