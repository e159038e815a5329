"""How often one may come: by token, by address, and more seldom at the door where tokens are tried."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.config import CONFIG, WebConfig
from core.clock import now
from core.errors import Limit, LimitReached
from core.ports import Rate

SIGN_INS_PER_MINUTE = 10
"""From one address."""

# Slack's requests come from few addresses and are signed, which is checked where they are taken.
UNCOUNTED = ("/healthz", "/readyz", "/static/", "/slack/events")

HOUSE_OF_ADDRESSES = 64
"""Bits of an IPv6 address that tell one subscriber from another: the rest they choose themselves."""

RATE = web.RequestKey("rate", Rate)


@web.middleware
async def paced(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises LimitReached for one time too many."""
    config = request.app[CONFIG]
    if config.rates is not None and not request.path.startswith(UNCOUNTED):
        address = _address(request, config)
        if request.path == "/sign-in" and request.method == "POST":
            await _count(request, f"sign-in/{address}", SIGN_INS_PER_MINUTE)
        await _count(request, f"address/{address}", config.per_minute_per_address)
        if token := request.headers.get("Authorization"):
            digest = hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
            await _count(request, f"token/{digest}", config.per_minute)
    return await handler(request)


async def add_rate(request: web.Request, response: web.StreamResponse) -> None:
    """What the last count said, so that a program can hold back by itself."""
    rate = request.get(RATE)
    if rate is not None:
        told = {"Limit": rate.of, "Remaining": rate.left, "Reset": rate.resets_in}
        response.headers.update({f"RateLimit-{name}": str(value) for name, value in told.items()})


async def _count(request: web.Request, key: str, per_minute: int) -> None:
    rates = request.app[CONFIG].rates
    if rates is None or per_minute == 0:
        return
    rate = request[RATE] = await rates.hit(key, per_minute)
    if not rate.taken:
        wait = rate.resets_in
        raise LimitReached(
            Limit.REQUESTS,
            f"That was too often: {per_minute:,} requests a minute are answered.",
            f"Please wait {wait} second{'' if wait == 1 else 's'}.",
            resets_at=now() + timedelta(seconds=wait),
        )


def _address(request: web.Request, config: WebConfig) -> str:
    """The nearest address that is none of our proxies': what stands farther out anybody may have written."""
    nearest = request.remote or ""
    told = [one.strip() for line in request.headers.getall("X-Forwarded-For", ()) for one in line.split(",")]
    while told and _trusted(nearest, config):
        nearest = told.pop()
    return _house(nearest)


def _trusted(text: str, config: WebConfig) -> bool:
    try:
        found = _plain(text)
    except ValueError:
        return False
    return any(found in one for one in config.trusted_proxies)


def _house(text: str) -> str:
    try:
        found = _plain(text)
    except ValueError:
        return "unknown"
    return str(ip_network((found, HOUSE_OF_ADDRESSES), strict=False) if found.version == 6 else found)


def _plain(text: str) -> IPv4Address | IPv6Address:
    """Raises ValueError."""
    found = ip_address(text)
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
