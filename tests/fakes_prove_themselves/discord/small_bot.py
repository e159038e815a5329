"""A small bot of real discord.py, pointed at the fake by configuration alone, to try the fake with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py keeps its addresses as class attributes; they are put back afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class Heart(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"heart:(?P<image>[a-z0-9]+)"):
    """A button that works for ever: all it needs is in its custom id."""

    def __init__(self, image: str) -> None:
        super().__init__(discord.ui.Button(label="Heart", custom_id=f"heart:{image}"))
        self.image = image

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["image"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"You like {self.image}", ephemeral=True)


class EditPrompt(discord.ui.Modal, title="Edit the prompt"):
    """A form with the prompt filled in."""

    prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Prompt", custom_id="prompt", default="a lighthouse")

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content=f"again: {self.prompt.value}")


class Buttons(discord.ui.View):
    """Edit… and a heart."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(Heart("image1"))

    @discord.ui.button(label="Edit…", custom_id="edit")
    async def edit(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(EditPrompt())


class Bot(discord.AutoShardedClient):
    """Commands are plain attributes of ``tree``; ``heard`` are the messages it saw."""

    def __init__(self, intents: discord.Intents | None = None, *, sync: bool = True) -> None:
        wanted = intents or discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=wanted, max_messages=None)
        self.sync = sync
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.interactions: asyncio.Queue[discord.Interaction[Any]] = asyncio.Queue()
        self.resumed = asyncio.Event()
        self.tree = app_commands.CommandTree(
            self,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Heart)
        self.add_view(Buttons())
        if self.sync:
            await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        await self.heard.put(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self.interactions.put(interaction)

    async def on_shard_resumed(self, _shard_id: int) -> None:
        self.resumed.set()


@asynccontextmanager
async def running(bot: Bot, fake: FakeDiscord) -> AsyncIterator[Bot]:
    """Logs the bot in and lets it run until the block ends."""
    expected = len(fake.gateway.connected) + 1
    async with bot, asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bot.start(fake.token))
        try:
            await fake.connected(expected)
            yield bot
        finally:
            await bot.close()
            task.cancel()
