"""Where the pages of LIMITS.md come about: real servers, the fakes, one bot and one worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.storage.database import asyncpg_url
from docs import stand_ins
from limner.embedded import local_servers
from migrations.upgrade import upgrade
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.openai import FakeOpenAI, Hold
from tests.fakes.slack import FakeSlack
from tests.journeys import on_discord, on_slack
from tests.journeys.archive import Archive
from tests.journeys.processes import Limner, limner

UPGRADE = "https://example.org/more"
AS_SLOW_AS_A_PROVIDER = """
    UPDATE generations SET generation_time_ms = 8200, finished_at = finished_at - interval '1 hour'
     WHERE status = 'finished'
"""
"""The fake draws at once; this is what forecasts would be made from."""

TIDY = (
    "DELETE FROM tier_assignments",
    "DELETE FROM policies WHERE scope <> 'tier' OR subject NOT IN ('free', 'premium', 'unlimited')",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that a walk through the screens needs."""

    discord: FakeDiscord
    slack: FakeSlack
    openai: FakeOpenAI
    archive: Archive
    admins: Channel
    """Of Discord, for notices."""
    settings: dict[str, str]
    logs: Path

    @asynccontextmanager
    async def running(self, workers: int = 1, **changes: str) -> AsyncIterator[Limner]:
        """A bot that serves all three platforms, and its workers."""
        async with limner(self.settings | changes, self.logs, workers=workers) as processes:
            await self.discord.connected()
            await on_slack.listening(self.slack, on_slack.SOCKET, "")
            yield processes

    def hold(self) -> Hold:
        """The next picture is kept back until the hold is released."""
        return self.openai.hold("answer")

    async def tidy(self) -> None:
        """Forgets every rule that a walk laid down."""
        for query in TIDY:
            await self.archive.rows(query)


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[Stage]:
    """Servers and fakes in a directory of their own, and nothing left over from any other run."""
    logs = data / "logs"
    logs.mkdir()
    async with AsyncExitStack() as stack:
        local = stack.enter_context(local_servers(data / "servers"))
        await upgrade(asyncpg_url(local.database_url))
        openai = await stack.enter_async_context(FakeOpenAI())
        discord = await stack.enter_async_context(FakeDiscord())
        slack = await stack.enter_async_context(FakeSlack())
        admins = await discord.add_channel(discord.guild, "admins")
        settings = {
            "DATABASE_URL": local.database_url,
            "REDIS_URL": local.redis_url,
            "OPENAI_API_KEY": openai.api_key,
            "OPENAI_BASE_URL": openai.base_url,
            "DEFAULT_TIER": "free",
            "CONFIRM_ABOVE_USD": "0.1",
            "UPGRADE_URL": UPGRADE,
            "WORKER_CONCURRENCY": "1",
            "TIME_ZONE": stand_ins.ZONE,
            "ALERT_DISCORD_CHANNEL": str(admins.id),
            "ALERT_SLACK_CHANNEL": slack.workspace.add_channel("admins"),
        }
        settings |= on_discord.settings(discord) | on_slack.settings(slack, on_slack.SOCKET)
        yield Stage(discord, slack, openai, Archive(local.database_url), admins, settings, logs)
        assert (discord.violations, slack.violations, openai.violations) == ([], [], [])
