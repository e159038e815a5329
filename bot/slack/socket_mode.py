"""Socket Mode: connected, reconnected by slack_sdk, and closed without leaving a task behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.errands import Errands

PING_SECONDS = 5.0
"""How soon a connection that died without a word is noticed: after four of them."""


class OwnedHandler(AsyncSocketModeHandler):
    """slack_sdk starts a task for each envelope and forgets it; this one is held until it is done."""

    def __init__(self, app: AsyncApp, app_token: str, errands: Errands) -> None:
        super().__init__(app, app_token, ping_interval=PING_SECONDS)
        self._errands = errands

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        await self._errands.start(super().handle(client, req))


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str, errands: Errands) -> AsyncIterator[None]:
    """Envelopes come in meanwhile."""
    handler = OwnedHandler(app, app_token, errands)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt left it so
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
        await _ended(handler.client)


async def _ended(client: SocketModeClient) -> None:
    # close() cancels these and does not wait for them.
    left = [client.message_processor, client.current_session_monitor, client.message_receiver]
    await asyncio.gather(*(task for task in left if task is not None), return_exceptions=True)
