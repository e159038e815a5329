"""What the Discord adapter is told, and the one place where discord.py learns which servers to talk to."""

from __future__ import annotations

from dataclasses import dataclass, field

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

API_URL = "https://discord.com/api/v10"
GATEWAY_URL = "wss://gateway.discord.gg/"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordConfig:
    """Settings of one bot account."""

    token: str = field(repr=False)
    api_url: str | None = None
    """Base of the REST API with its version; None is Discord's own."""
    gateway_url: str | None = None
    """A gateway to use instead of the one that the API names; it then serves `shard_count` shards, or one."""
    guild_id: int | None = None
    """Registers the commands in this server at once instead of everywhere."""
    shard_count: int | None = None
    """None lets Discord decide."""

    @property
    def shards(self) -> int | None:
        # discord.py asks the API for the gateway unless it is told how many shards there are.
        return self.shard_count or (1 if self.gateway_url else None)


def point_library(config: DiscordConfig) -> None:
    """Sets discord.py's addresses. They belong to its classes, so one process speaks to one Discord."""
    Route.BASE = (config.api_url or API_URL).rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(config.gateway_url or GATEWAY_URL)
