"""Where somebody asks, and as what: the server, a thread before its channel, and the roles that Discord tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest

from bot.discord.client import intents
from bot.discord.config import DiscordConfig, point_library
from bot.discord.replying import Interaction
from bot.discord.venue import venue
from core.generation import Venue
from tests.fakes.discord import Channel, FakeDiscord

COMMAND = {"name": "draw", "type": 1, "description": "Draws", "contexts": [0, 1, 2], "integration_types": [0, 1]}


class Listener(discord.Client):
    """Keeps what comes in."""

    def __init__(self) -> None:
        super().__init__(intents=intents())
        self.heard: asyncio.Queue[Interaction] = asyncio.Queue()

    async def on_interaction(self, interaction: Interaction) -> None:
        await self.heard.put(interaction)


@pytest.fixture
async def listener(fake: FakeDiscord) -> AsyncIterator[Listener]:
    point_library(DiscordConfig(token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url))
    async with Listener() as client:
        await client.login(fake.token)
        await client.http.bulk_upsert_global_commands(client.application_id or 0, [COMMAND])
        running = asyncio.create_task(client.connect())
        await fake.connected()
        yield client
        await client.close()
        await running


async def _venue(fake: FakeDiscord, listener: Listener, place: Channel) -> Venue:
    await fake.slash(fake.ada, "draw", channel=place)
    async with asyncio.timeout(5):
        return venue(await listener.heard.get())


async def test_a_servers_channel_comes_with_the_askers_roles(fake: FakeDiscord, listener: Listener) -> None:
    patrons = await fake.add_role(fake.guild, "patrons", fake.ada)
    await fake.add_role(fake.guild, "others")
    server = f"discord:{fake.guild.id}"
    assert await _venue(fake, listener, fake.here) == Venue(
        workspace=server, channels=(f"{server}/{fake.here.id}",), roles=(str(patrons.id), str(fake.guild.id))
    )


async def test_a_thread_comes_before_its_channel(fake: FakeDiscord, listener: Listener) -> None:
    thread = await fake.add_thread(fake.here, "sketches")
    server = f"discord:{fake.guild.id}"
    found = await _venue(fake, listener, thread)
    assert found.channels == (f"{server}/{thread.id}", f"{server}/{fake.here.id}")


async def test_direct_messages_belong_to_no_server(fake: FakeDiscord, listener: Listener) -> None:
    assert await _venue(fake, listener, fake.dm(fake.ada)) == Venue()
