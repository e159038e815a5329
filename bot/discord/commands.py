"""The slash command, and the tree that answers while its options are typed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord.desk import Desk
from bot.discord.edge import Edge
from bot.discord.faults import answered_elsewhere
from bot.discord.replying import Interaction
from bot.discord.suggestions import Suggestions
from core.prompt import Choices

log = logging.getLogger(__name__)

Imagine = app_commands.Command[Any, ..., None]
PROMPT_LIMIT = 6000
"""The most that Discord lets an option take."""


class Tree(app_commands.CommandTree[Any]):
    """Commands for servers, direct messages and users who carry the app with them."""

    def __init__(self, client: discord.Client, edge: Edge, suggestions: Suggestions) -> None:
        super().__init__(
            client,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )
        self._edge = edge
        self._suggestions = suggestions

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Answers suggestions here: further in, discord.py logs a traceback each time another process was faster."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        try:
            await interaction.response.autocomplete(self._offered(interaction))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if not answered_elsewhere(error):
                log.warning("suggestions_failed", extra={"reason": type(error).__name__})
        return False

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """What fails before a command's own handler begins, such as a command that is no longer there."""
        async with self._edge.answering(interaction):
            raise error

    def _offered(self, interaction: Interaction) -> list[app_commands.Choice[str]]:
        data: Mapping[str, Any] = interaction.data or {}
        options: list[dict[str, Any]] = data.get("options", [])
        values = {option["name"]: str(option.get("value", "")) for option in options}
        focused = next((option["name"] for option in options if option.get("focused")), "")
        pairs = self._suggestions.suggest(focused, values.get(focused, ""), values.get("model"))
        return [app_commands.Choice(name=name, value=value) for name, value in pairs]


def imagine(desk: Desk, edge: Edge, suggestions: Suggestions) -> Imagine:
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


async def _by_the_tree(_interaction: Interaction, _typed: str) -> list[app_commands.Choice[str]]:
    """Marks an option as one that is completed while typing; `Tree.interaction_check` answers before this is asked."""
    return []


def _choices(values: list[str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=value.capitalize(), value=value) for value in values]
