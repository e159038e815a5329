"""A fake Discord and bots of real discord.py that serve it, each with a studio of its own over one workshop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot import process
from bot.discord import DiscordAdapter, DiscordConfig
from bot.discord.config import point_library
from core.studio import Studio
from tests.fakes.discord import FakeDiscord
from tests.fakes.workshop import Workshop

Start = Callable[..., Awaitable[DiscordAdapter]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as running:
        yield running
        assert running.violations == []
    point_library(DiscordConfig(token=""))  # back to the addresses that discord.py was born with


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@asynccontextmanager
async def serving(config: DiscordConfig, studio: Studio) -> AsyncIterator[DiscordAdapter]:
    """A bot process, without the process; leaving the block is its ^C."""
    adapter = DiscordAdapter(config, studio)
    task = asyncio.create_task(process.run([adapter], studio.delivering))
    ready = asyncio.create_task(adapter.ready.wait())
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
    try:
        assert ready.done(), "the bot did not become ready"
        yield adapter
    finally:
        ready.cancel()
        task.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(task, ready, return_exceptions=True)


@pytest.fixture
async def start(fake: FakeDiscord, workshop: Workshop) -> AsyncIterator[Start]:
    """`await start("one")` starts a bot process called so; all are stopped with the test."""
    async with AsyncExitStack() as stack:

        async def started(instance: str = "one", guild_id: int | None = None) -> DiscordAdapter:
            config = DiscordConfig(token=fake.token, api_url=fake.api_url, guild_id=guild_id)
            return await stack.enter_async_context(serving(config, workshop.studio(instance)))

        yield started
