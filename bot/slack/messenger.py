"""Notices of budgets that run out, said to a person or in a channel."""

from __future__ import annotations

from bot.slack import blocks as b
from bot.slack.blocks import Message
from bot.slack.place import PLATFORM, Place
from bot.slack.web_api import WebApi
from core.errors import Undeliverable
from core.ports import Notice


class SlackMessenger:
    """Implements `core.ports.Messenger`. Addresses are `user:<team>/<id>` and `channel:<id>`."""

    platform = PLATFORM

    def __init__(self, web_api: WebApi) -> None:
        self._web_api = web_api

    async def tell(self, notice: Notice) -> None:
        channel = await self._channel(notice.address)
        message = Message(f"{notice.title}. {notice.body}", [b.header(notice.title), b.section(notice.body)])
        await self._web_api.post(Place(channel=channel, user=""), message)

    async def _channel(self, address: str) -> str:
        kind, _, named = address.partition(":")
        if kind == "user" and named:
            return await self._web_api.direct(named.rpartition("/")[2])
        if kind == "channel" and named:
            return named
        raise Undeliverable(f"{address!r} is no address in Slack")
