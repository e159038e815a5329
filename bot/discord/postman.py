"""Edits a message by its interaction token while that lives, afterwards as the bot; and posts new ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.discord.address import Address
from bot.discord.faults import TokenDead, translated
from bot.discord.page import Page
from core.clock import Clock, now
from core.errors import Outage

PROGRESS_PATIENCE = 5.0
"""Seconds. discord.py sleeps out rate limits inside a call; progress that old is not worth showing."""

FINAL_PATIENCE = 60.0
"""Seconds for the end, uploads included; its delivery is then tried again later."""

_NOT_YET = 1.0
_CHANNEL_PAUSE = 5.0


@dataclass(slots=True)
class Line:
    """The connection to Discord: a logged-in client, while there is one."""

    client: discord.Client | None = None


@dataclass(slots=True)
class Postman:
    """Raises only Outage, Undeliverable and TooLarge."""

    line: Line
    clock: Clock = now
    _editing: set[int] = field(default_factory=set)
    """Channels in which a progress edit by the bot is under way."""

    async def edit(self, address: Address, page: Page, *, final: bool) -> None:
        client = self._client()
        patience = FINAL_PATIENCE if final else PROGRESS_PATIENCE
        if not await self._with_token(client, address, page, patience):
            await self._in_channel(client, address, page, patience, final=final)

    async def post(self, channel_id: int, guild_id: int | None, page: Page, nonce: str) -> int:
        """A new message; returns its id. The same `nonce` again within minutes finds the message that is there."""
        channel = self._client().get_partial_messageable(channel_id, guild_id=guild_id)
        with translated(by_token=False):
            async with asyncio.timeout(FINAL_PATIENCE):
                sent = await channel.send(
                    content=page.content,
                    embeds=page.embeds(),
                    files=page.files(),
                    view=page.view() or discord.utils.MISSING,
                    nonce=nonce,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
        return sent.id

    async def direct(self, user_id: int) -> int:
        """The channel of direct messages with a user."""
        client = self._client()
        with translated(by_token=False):
            async with asyncio.timeout(PROGRESS_PATIENCE):
                return (await client.create_dm(discord.Object(user_id))).id

    async def remove(self, address: Address) -> None:
        channel = self._client().get_partial_messageable(address.channel_id, guild_id=address.guild_id)
        with translated(by_token=False):
            async with asyncio.timeout(PROGRESS_PATIENCE):
                await channel.get_partial_message(address.message_id).delete()

    def _client(self) -> discord.Client:
        if self.line.client is None:
            raise Outage("Discord is not connected yet.", _NOT_YET)
        return self.line.client

    async def _with_token(self, client: discord.Client, address: Address, page: Page, patience: float) -> bool:
        """False if the token does not work any more, whatever the clock says."""
        if not address.token_lives(self.clock()):
            return False
        try:
            with translated(by_token=True):
                async with asyncio.timeout(patience):
                    await self._by_token(client, address, page)
        except TokenDead:
            return False
        return True

    async def _in_channel(
        self, client: discord.Client, address: Address, page: Page, patience: float, *, final: bool
    ) -> None:
        """As the bot all edits of a channel share one rate limit, so at most one progress edit stands in it."""
        if not final and address.channel_id in self._editing:
            raise Outage("Another message of this channel is being edited.", _CHANNEL_PAUSE)
        if not final:
            self._editing.add(address.channel_id)
        try:
            with translated(by_token=False):
                async with asyncio.timeout(patience):
                    await self._as_bot(client, address, page)
        finally:
            if not final:
                self._editing.discard(address.channel_id)

    async def _by_token(self, client: discord.Client, address: Address, page: Page) -> None:
        webhook = discord.Webhook.partial(address.application_id, address.token, client=client)
        await webhook.edit_message(address.message_id, **_parts(page))

    async def _as_bot(self, client: discord.Client, address: Address, page: Page) -> None:
        channel = client.get_partial_messageable(address.channel_id, guild_id=address.guild_id)
        await channel.get_partial_message(address.message_id).edit(**_parts(page))


def _parts(page: Page) -> dict[str, Any]:
    """Keyword arguments that both ways of editing share."""
    parts: dict[str, Any] = {
        "content": page.content,
        "embeds": page.embeds(),
        "view": page.view(),
        "allowed_mentions": discord.AllowedMentions.none(),
    }
    return parts if page.keep_files else parts | {"attachments": page.files()}
