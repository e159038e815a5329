"""For whoever keeps Limner running: does it live, can it work, what does it speak."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from pathlib import Path

from aiohttp import web

from bot.web.config import CONFIG, Check
from bot.web.wire import reply

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for a check; what takes longer is not ready."""


async def alive(request: web.Request) -> web.Response:
    """GET /healthz: this process answers."""
    return reply({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """GET /readyz: each thing that is needed, by name; 503 while one is away."""
    checks = request.app[CONFIG].ready_checks
    results = await asyncio.gather(*(_well(name, check) for name, check in checks.items()))
    words = {name: "ok" if well else "failed" for name, well in zip(checks, results, strict=True)}
    return reply({"status": "ready" if all(results) else "not_ready", "checks": words}, 200 if all(results) else 503)


async def openapi(request: web.Request) -> web.Response:
    """GET /openapi.json"""
    return web.Response(body=document(), content_type="application/json", headers={"Cache-Control": "no-cache"})


@cache
def document() -> bytes:
    """The description of REST, as it lies beside this file."""
    return Path(__file__).with_name("openapi.json").read_bytes()


async def _well(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Exception as error:  # noqa: BLE001  the edge: any failure at all is the answer
        log.warning("not_ready", extra={"check": name, "reason": repr(error)})
        return False
    return True
