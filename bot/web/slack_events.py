"""Slack's signed requests, handed on byte for byte: whoever takes them checks the signature over just these bytes."""

from __future__ import annotations

from aiohttp import web

from bot.web.config import CONFIG


async def slack_events(request: web.Request) -> web.Response:
    """POST /slack/events; there only where `slack_http` is set."""
    handle = request.app[CONFIG].slack_http
    if handle is None:
        raise web.HTTPNotFound
    status, headers, text = await handle(await request.read(), request.headers, request.query_string)
    return web.Response(body=text.encode(), status=status, headers=headers)
