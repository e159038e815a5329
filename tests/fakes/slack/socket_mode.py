"""Socket Mode: web sockets that take envelopes to the bot and acknowledgements back."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any, Literal

from aiohttp import WSMsgType, web

from .deliveries import Attempt, EnvelopeKind, Patience, Tampering
from .journal import Journal
from .records import Json, SlackError
from .workspace import APP

MOST_CONNECTIONS = 10
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class SocketMode:
    """Every open connection of the app. Each envelope goes to one of them, in turn."""

    def __init__(self, journal: Journal, patience: Patience) -> None:
        self.connections: dict[int, web.WebSocketResponse] = {}
        self.opened = 0
        self._journal, self._patience = journal, patience
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[Attempt, asyncio.Event]] = {}
        self._turn = 0

    def connect(self, base_url: str) -> Json:
        """apps.connections.open: a url with a ticket for one connection."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return {"url": f"{base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized(text=json.dumps(SlackError("invalid_ticket").body))
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await _say_disconnect(socket, "too_many_websockets")
            return socket
        await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        number = self.opened = self.opened + 1
        self.connections[number] = socket
        try:
            await socket.send_json(self._hello())
            self._journal.changed()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(frame.data))
        finally:
            del self.connections[number]
            self._journal.changed()

    def _hello(self) -> Json:
        debug = {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}
        count = len(self.connections)
        return {"type": "hello", "num_connections": count, "debug_info": debug, "connection_info": {"app_id": APP}}

    def _acknowledge(self, frame: Json) -> None:
        found = self._waiting.get(str(frame.get("envelope_id")))
        if found is None:
            self._journal.violation(f"acknowledged an unknown envelope: {frame}")
            return
        attempt, arrived = found
        attempt.ack_seconds = asyncio.get_running_loop().time() - attempt.sent_at
        attempt.response = frame.get("payload")
        arrived.set()

    async def send(self, kind: EnvelopeKind, payload: Json, attempt: Attempt, tampering: Tampering) -> None:
        """One envelope on one connection, and up to three seconds for its acknowledgement."""
        if tampering:
            raise ValueError("Socket Mode has no signature to forge; switch to HTTP")
        arrived = asyncio.Event()
        attempt.envelope_id = str(uuid.uuid4())
        self._waiting[attempt.envelope_id] = (attempt, arrived)
        try:
            async with asyncio.timeout(self._patience.ack_seconds):
                attempt.connection, socket = await self._next_connection()
                await socket.send_json(_envelope(kind, payload, attempt))
                await arrived.wait()
        except TimeoutError:
            attempt.failure = "timeout"
        except ConnectionError:
            attempt.failure = "connection_failed"

    async def _next_connection(self) -> tuple[int, web.WebSocketResponse]:
        # Slack holds an envelope for a moment when no connection is there, so that a reconnection loses nothing.
        await self._journal.wait_for(lambda: self.connections, self._patience.ack_seconds + 1)
        numbers = sorted(self.connections)
        self._turn += 1
        number = numbers[self._turn % len(numbers)]
        return number, self.connections[number]

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours; returns when all of those have gone."""
        leaving = dict(self.connections)
        for socket in leaving.values():
            await _say_disconnect(socket, reason)
        await self._journal.wait_for(lambda: not leaving.keys() & self.connections.keys(), timeout=10)

    async def drop(self) -> None:
        """End every connection without a word."""
        for socket in list(self.connections.values()):
            await socket.close(code=1001)
        self._journal.changed()


async def _say_disconnect(socket: web.WebSocketResponse, reason: Reason) -> None:
    await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})


def _envelope(kind: EnvelopeKind, payload: Json, attempt: Attempt) -> dict[str, Any]:
    envelope: dict[str, Any] = {"envelope_id": attempt.envelope_id, "type": kind, "payload": payload}
    if kind == "events_api":
        retry = {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        return {**envelope, **retry, "accepts_response_payload": False}
    return {**envelope, "accepts_response_payload": True}
