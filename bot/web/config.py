"""What the web adapter is told, and the keys under which its handlers find it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web
from yarl import URL

from core.generation import Requester
from core.ports import RateLimiter
from core.studio import Studio

SignedRequest = Callable[[bytes, Mapping[str, str], str], Awaitable[tuple[int, Mapping[str, str], str]]]
"""Takes body, headers and query string; gives status, headers and text."""

Check = Callable[[], Awaitable[None]]
"""Returns when what it looks at is well, raises when it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig:
    """Where to serve, under which name, and who may come in."""

    host: str = "127.0.0.1"
    port: int = 8080
    """0 takes any free one."""
    public_url: str = ""
    """As people reach it, behind a proxy if there is one."""
    secret_key: str = field(repr=False)
    """Signs the session cookies."""
    open_as: Requester | None = None
    """Whoever opens the page is this user, without a token: for a demo on one's own machine only."""
    slack_http: SignedRequest | None = None
    """Takes Slack's signed requests at /slack/events; it answers for their signatures itself."""
    rates: RateLimiter | None = None
    """Counts who comes how often; None counts nobody."""
    per_minute: int = 120
    """Requests of one token; 0 is without limit."""
    per_minute_per_address: int = 300
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Only what these say in X-Forwarded-For is believed."""
    ready_checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        """Cookies may travel over https only."""
        return self.public_url.startswith("https://")

    @property
    def public_origin(self) -> str | None:
        return str(URL(self.public_url).origin()) if self.public_url else None

    @property
    def public_host(self) -> str | None:
        return URL(self.public_url).host if self.public_url else None


STUDIO = web.AppKey("studio", Studio)
CONFIG = web.AppKey("config", WebConfig)
LISTENERS = web.AppKey("listeners", set[asyncio.Task[object]])
"""The handlers of open streams, to be ended at once when the server stops."""
