"""Where requests enter: each is logged, and meets the fault that was scripted for it, if any."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from .journal import Journal, Request
from .limits import Answer, Drop, Faults, Hang
from .records import Clock, Json


class Edge:
    """What every request passes through, whatever it is for."""

    def __init__(self, clock: Clock, journal: Journal, faults: Faults) -> None:
        self._clock, self._journal, self._faults = clock, journal, faults
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let go of the requests that hang."""
        self._closing.set()

    async def serve(
        self, request: web.Request, method: str, params: Json, answer: Callable[[Request], Awaitable[web.Response]]
    ) -> web.Response:
        """Log the request, then let it meet its fault or its answer."""
        entry = self._journal.open(self._clock.now(), method, params, request.headers)
        match self._faults.next(method):
            case Answer(status, body, headers):
                return self._scripted(entry, status, body, dict(headers))
            case Hang(after):
                if after:
                    await answer(entry)
                await self._closing.wait()
                return _cut(request)
            case Drop(after):
                if after:
                    await answer(entry)
                return _cut(request)
            case None:
                return await answer(entry)

    def _scripted(self, entry: Request, status: int, body: Json | str, headers: dict[str, str]) -> web.Response:
        entry.status, entry.response = status, body
        self._journal.changed()
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)


def _cut(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
