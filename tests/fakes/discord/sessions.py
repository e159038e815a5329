"""A gateway session: what a client may see, what it was sent, and the socket it is reached by, if any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .jsontypes import Json

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 3, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

INTENTS = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "moderation": 1 << 2,
    "expressions": 1 << 3,
    "integrations": 1 << 4,
    "webhooks": 1 << 5,
    "invites": 1 << 6,
    "voice_states": 1 << 7,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "guild_typing": 1 << 11,
    "dm_messages": 1 << 12,
    "dm_reactions": 1 << 13,
    "dm_typing": 1 << 14,
    "message_content": 1 << 15,
    "scheduled_events": 1 << 16,
    "auto_moderation": 1 << 20,
    "auto_moderation_execution": 1 << 21,
    "guild_polls": 1 << 24,
    "dm_polls": 1 << 25,
}
KNOWN = sum(INTENTS.values())
PRIVILEGED = INTENTS["members"] | INTENTS["presences"] | INTENTS["message_content"]


@dataclass(slots=True, eq=False)
class Session:
    """``events`` holds every dispatch in order, sent or not, so that a RESUME can catch up from any of them."""

    id: str
    identify: Json
    intents: int
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None = None
    request: web.Request | None = None
    events: list[Json] = field(default_factory=list)
    ready: bool = False
    resumes: int = 0
    heartbeats: int = 0

    @property
    def connected(self) -> bool:
        return self.socket is not None and not self.socket.closed

    def serves(self, guild_id: int | None) -> bool:
        """Whether this shard hears of the guild; shard 0 hears of everything outside guilds."""
        number, total = self.shard
        return ((guild_id >> 22) % total if guild_id else 0) == number

    async def dispatch(self, event: str, data: Any) -> None:
        """Numbers and keeps an event, and sends it when the client is there."""
        self.events.append({"op": DISPATCH, "s": len(self.events) + 1, "t": event, "d": data})
        await self.send(self.events[-1])

    async def send(self, frame: Json) -> None:
        socket = self.socket
        if socket is None or socket.closed:
            return
        try:
            await socket.send_json(frame)
        except ConnectionError:
            # The client went away; the session lives on, as on Discord, until it resumes.
            self.socket = None

    async def replay(self, after: int) -> None:
        """Sends every event later than number ``after`` again, then RESUMED."""
        for event in self.events[after:]:
            await self.send(event)
        await self.dispatch("RESUMED", {})

    def drop(self) -> None:
        """Cuts the connection without a close frame, as a failing network does."""
        if self.request is not None and self.request.transport is not None:
            self.request.transport.abort()
