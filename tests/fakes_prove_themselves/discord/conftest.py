"""A fake Discord, and a small bot logged in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import FakeDiscord
from tests.fakes_prove_themselves.discord.material import picture
from tests.fakes_prove_themselves.discord.small_bot import Bot, Buttons, pointed_at, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        with pointed_at(server):
            yield server


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    client = Bot()

    @client.tree.command()
    @app_commands.choices(quality=[app_commands.Choice(name="High", value="high")])
    async def imagine(
        interaction: discord.Interaction[Any],
        prompt: str,
        count: app_commands.Range[int, 1, 4] = 1,
        quality: str | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        """Makes a picture."""
        await interaction.response.defer(thinking=True)
        told = f"{prompt} x{count} {quality or 'auto'}"
        if image is not None:
            told += f" from {len(await image.read())} bytes"
        await interaction.edit_original_response(
            content=told, attachments=[picture(description="A lighthouse")], view=Buttons()
        )

    @imagine.autocomplete("prompt")
    async def suggest(_interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} at night", value=f"{typed} at night")]

    @client.tree.command()
    async def wait(interaction: discord.Interaction[Any]) -> None:
        """Defers and leaves the rest to the test."""
        await interaction.response.defer(thinking=True)

    @client.tree.command()
    async def silent(interaction: discord.Interaction[Any]) -> None:
        """Never answers."""

    @client.tree.context_menu(name="Imagine this")
    async def imagine_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_message(f"From: {message.content}")

    async with running(client, fake):
        yield client
