"""The connection to Discord's gateway: what it listens to, and to whom it passes it on."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

import discord

from bot.discord.admin import Admin
from bot.discord.admin_commands import administration
from bot.discord.buttons import dynamic_button
from bot.discord.commands import Tree, imagine, own
from bot.discord.config import DiscordConfig
from bot.discord.page import CUSTOM_ID
from bot.discord.presses import Presses
from bot.discord.registration import register
from bot.discord.replying import Interaction
from bot.discord.suggestions import Suggestions

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""Seconds, the least that discord.py allows: a longer rate limit is raised instead of slept out."""


def intents() -> discord.Intents:
    """Servers and their channels, to know where an answer is to appear. Interactions come without any intent."""
    return discord.Intents(guilds=True)


class LimnerClient(discord.AutoShardedClient):
    """Keeps no messages and no members."""

    def __init__(
        self, config: DiscordConfig, presses: Presses, admin: Admin, suggestions: Suggestions, ready: asyncio.Event
    ) -> None:
        super().__init__(
            intents=intents(),
            shard_count=config.shards,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=LONGEST_WAIT,
        )
        self._config = config
        self._presses = presses
        self._ready_to_serve = ready
        self._connected: set[int] = set()
        self.tree = Tree(self, presses.edge, suggestions, admin)
        for command in (imagine(presses.desk, presses.edge, suggestions), *own(presses.standing, presses.edge)):
            self.tree.add_command(command)
        self.tree.add_command(administration(admin, presses.edge))

    async def setup_hook(self) -> None:
        self.add_dynamic_items(dynamic_button(self._presses.press))
        try:
            await register(self.tree, self._config.guild_id)
        except discord.DiscordException as error:
            # What was registered before still works, so this is no reason not to serve.
            log.warning("commands_not_registered", extra={"reason": str(error), "guild": self._config.guild_id})

    async def on_shard_connect(self, shard_id: int) -> None:
        """Requests come from now on; `on_ready` would wait two seconds more for servers to be told of."""
        self._connected.add(shard_id)
        if len(self._connected) >= (self.shard_count or 1):
            self._ready_to_serve.set()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms that come back: recognised by their id alone, since another process may have opened them."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        match = CUSTOM_ID.fullmatch(interaction.custom_id or "")
        if match is not None:
            await self._presses.submit(interaction, UUID(hex=match["id"]))
