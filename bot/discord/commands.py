"""The slash commands of everybody, and the tree that answers while options are typed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord.admin import Admin, may
from bot.discord.admin_commands import NAME as ADMINISTRATION
from bot.discord.admin_commands import TIER
from bot.discord.desk import Desk
from bot.discord.edge import Edge
from bot.discord.faults import answered_elsewhere
from bot.discord.replying import Interaction
from bot.discord.standing import Standing
from bot.discord.suggestions import MOST, NAME_LIMIT, Pair, Suggestions
from core.errors import Outage
from core.prompt import Choices

log = logging.getLogger(__name__)

Slash = app_commands.Command[Any, ..., None]

BEFORE_ANSWERING = 2.0
"""Seconds for a look at the database while somebody types."""

PROMPT_LIMIT = 6000
"""The most that Discord lets an option take."""


class Tree(app_commands.CommandTree[Any]):
    """Commands for servers, direct messages and users who carry the app with them."""

    def __init__(self, client: discord.Client, edge: Edge, suggestions: Suggestions, admin: Admin) -> None:
        super().__init__(
            client,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )
        self._edge = edge
        self._suggestions = suggestions
        self._admin = admin

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Answers suggestions here: further in, discord.py logs a traceback each time another process was faster."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        try:
            await interaction.response.autocomplete(await self._offered(interaction))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if not answered_elsewhere(error):
                log.warning("suggestions_failed", extra={"reason": type(error).__name__})
        return False

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """What fails before a command's own handler begins, such as a command that is no longer there."""
        async with self._edge.answering(interaction):
            raise error

    async def _offered(self, interaction: Interaction) -> list[app_commands.Choice[str]]:
        data: Mapping[str, Any] = interaction.data or {}
        options = _innermost(data.get("options", []))
        values = {option["name"]: str(option.get("value", "")) for option in options}
        focused = next((option["name"] for option in options if option.get("focused")), "")
        if data.get("name") == ADMINISTRATION:
            pairs = await self._tiers(interaction, values.get(focused, "")) if focused == TIER else []
        else:
            pairs = self._suggestions.suggest(focused, values.get(focused, ""), values.get("model"))
        return [app_commands.Choice(name=name, value=value) for name, value in pairs]

    async def _tiers(self, interaction: Interaction, typed: str) -> list[Pair]:
        """Nothing for those who may not use them, and nothing in time from a database that is away."""
        if not may(interaction):
            return []
        try:
            async with asyncio.timeout(BEFORE_ANSWERING):
                return [(tier[:NAME_LIMIT], tier) for tier in await self._admin.tiers(typed)][:MOST]
        except (TimeoutError, Outage):
            return []


def imagine(desk: Desk, edge: Edge, suggestions: Suggestions) -> Slash:
    """The command, with the choices that the catalogue has today."""

    @app_commands.command(name="imagine", description="Make a picture from words")
    @app_commands.describe(
        prompt="What the picture shows; options can be typed too, e.g. --ar 16:9",
        size="Pixels such as 1536x1024, an aspect such as 16:9, or a shape",
        quality="More quality takes longer and costs more",
        style="How it is drawn",
        count="How many pictures, 1 to 4",
        model="Which model draws it",
        background="What is behind the subject",
        image="A picture to work from: PNG, JPEG or WebP",
    )
    @app_commands.choices(quality=_choices(suggestions.qualities()), background=_choices(suggestions.backgrounds()))
    @app_commands.autocomplete(size=_by_the_tree, style=_by_the_tree, model=_by_the_tree)
    async def command(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, PROMPT_LIMIT],
        size: str | None = None,
        quality: str | None = None,
        style: str | None = None,
        count: app_commands.Range[int, 1, 4] | None = None,
        model: str | None = None,
        background: str | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        chosen = Choices(
            size=size,
            quality=quality,
            style=style,
            count=None if count is None else str(count),
            model=model,
            background=background,
        )
        async with edge.answering(interaction):
            await desk.ask(interaction, prompt, chosen, image)

    return command


def own(standing: Standing, edge: Edge) -> tuple[Slash, ...]:
    """What people ask about their own requests."""

    @app_commands.command(name="usage", description="What you used of your limits, and when they reset")
    async def usage(interaction: discord.Interaction) -> None:
        async with edge.answering(interaction):
            await standing.usage(interaction)

    @app_commands.command(name="queue", description="What you have waiting, running or undelivered")
    async def queue(interaction: discord.Interaction) -> None:
        async with edge.answering(interaction):
            await standing.queue(interaction)

    @app_commands.command(name="cancel", description="Cancels what you have waiting or running")
    async def cancel(interaction: discord.Interaction) -> None:
        async with edge.answering(interaction):
            await standing.cancel(interaction)

    return usage, queue, cancel


def _innermost(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The options that are filled in, past the subcommands around them."""
    while options and "options" in options[0]:
        options = options[0]["options"]
    return options


async def _by_the_tree(_interaction: Interaction, _typed: str) -> list[app_commands.Choice[str]]:
    """Marks an option as one that is completed while typing; `Tree.interaction_check` answers before this is asked."""
    return []


def _choices(values: list[str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=value.capitalize(), value=value) for value in values]
