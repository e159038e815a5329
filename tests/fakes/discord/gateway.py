"""The gateway: websockets that say hello, identify or resume, beat, and are told of events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from .jsontypes import Json
from .sessions import (
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INTENTS,
    INVALID_SESSION,
    KNOWN,
    PRIVILEGED,
    RECONNECT,
    REQUEST_MEMBERS,
    RESUME,
    Session,
)
from .state import State

NOT_AUTHENTICATED, AUTHENTICATION_FAILED, DECODE_ERROR, ALREADY_AUTHENTICATED = 4003, 4004, 4002, 4005
INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4013, 4014


@dataclass(slots=True)
class Gateway:
    """All sessions, old and new; ``shards`` is what /gateway/bot recommends."""

    state: State
    privileged_intents: int = 0
    shards: int = 1
    heartbeat_interval_ms: int = 41_250
    sessions: list[Session] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def connected(self) -> list[Session]:
        """The sessions that have a client at the other end."""
        return [session for session in self.sessions if session.connected]

    async def dispatch(
        self, event: str, data: Any, *, guild_id: int | None = None, intent: str | None = None, censored: Any = None
    ) -> None:
        """Tells every session whose shard and intents cover the event; ``censored`` is for those without content."""
        for session in list(self.sessions):
            if session.serves(guild_id) and (intent is None or session.intents & INTENTS[intent]):
                reads = censored is None or session.intents & INTENTS["message_content"]
                await session.dispatch(event, data if reads else censored)
        await self.state.changes.happened()

    async def reconnect(self) -> None:
        """Op 7: asks every client to connect anew and resume."""
        for session in self.connected:
            await session.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9: tells every client that its session is (for good or not) invalid."""
        for session in self.connected:
            if not resumable:
                self.sessions.remove(session)
            await session.send({"op": INVALID_SESSION, "d": resumable})

    async def drop(self) -> None:
        """Cuts every connection; the sessions stay resumable and miss nothing."""
        for session in self.connected:
            session.drop()
            session.socket = None
        await self.state.changes.happened()

    async def close(self, code: int) -> None:
        """Closes every connection with a close code of the gateway."""
        for session in self.connected:
            if session.socket is not None:
                await session.socket.close(code=code)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end. Frames are plain text whatever compression was asked for."""
        socket = web.WebSocketResponse(max_msg_size=0, timeout=1.0)
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_interval_ms, "_trace": []}})
        session: Session | None = None
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                await self._refuse(socket, DECODE_ERROR)
                break
            frame = json.loads(message.data)
            session = await self._receive(request, socket, session, frame)
        if session is not None and session.socket is socket:
            session.socket = None
            if socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY) and session in self.sessions:
                self.sessions.remove(session)  # a client that closes so gives its session up
        await self.state.changes.happened()
        return socket

    async def _receive(
        self, request: web.Request, socket: web.WebSocketResponse, session: Session | None, frame: Json
    ) -> Session | None:
        op: int = frame["op"]
        data: Any = frame.get("d")
        if op == HEARTBEAT:
            if session is not None:
                session.heartbeats += 1
            await socket.send_json({"op": HEARTBEAT_ACK, "d": None})
        elif op == IDENTIFY and session is None:
            return await self._identify(request, socket, data)
        elif op == RESUME and session is None:
            return await self._resume(request, socket, data)
        elif session is None:
            await self._refuse(socket, NOT_AUTHENTICATED)
        elif op == REQUEST_MEMBERS:
            await self._members(session, data)
        elif op in (IDENTIFY, RESUME):
            await self._refuse(socket, ALREADY_AUTHENTICATED)
        return session

    async def _identify(self, request: web.Request, socket: web.WebSocketResponse, data: Json) -> Session | None:
        shard = data.get("shard") or [0, 1]
        code = self._objection(data, shard)
        if code is not None:
            await self._refuse(socket, code)
            return None
        session = Session(token_hex(16), data | {"token": "…"}, data["intents"], (shard[0], shard[1]), socket, request)
        await session.dispatch("READY", self._ready(session))
        self.sessions.append(session)
        guilds = [guild for guild in self.state.guilds.values() if guild.bot_installed and session.serves(guild.id)]
        if session.intents & INTENTS["guilds"]:
            for guild in guilds:
                await session.dispatch("GUILD_CREATE", guild.gateway_json(self.state.bot))
        session.ready = True
        await self.state.changes.happened()
        return session

    def _objection(self, data: Json, shard: list[int]) -> int | None:
        intents = data.get("intents")
        if data.get("token") != self.state.token:
            return AUTHENTICATION_FAILED
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return INVALID_SHARD
        if not isinstance(intents, int) or intents & ~KNOWN:
            return INVALID_INTENTS
        return DISALLOWED_INTENTS if intents & PRIVILEGED & ~self.privileged_intents else None

    def _ready(self, session: Session) -> Json:
        bot = self.state.bot.json() | {"verified": True, "mfa_enabled": True, "email": None}
        guilds = [
            {"id": str(guild.id), "unavailable": True}
            for guild in self.state.guilds.values()
            if guild.bot_installed and session.serves(guild.id)
        ]
        body: Json = {"v": 10, "user": bot, "guilds": guilds, "session_id": session.id, "shard": list(session.shard)}
        body["resume_gateway_url"] = self.url
        body["application"] = {"id": str(self.state.application_id), "flags": 0}
        return body | {"user_settings": {}, "private_channels": [], "relationships": [], "presences": []}

    @property
    def url(self) -> str:
        return self.state.address.replace("http://", "ws://") + "/gateway"

    async def _resume(self, request: web.Request, socket: web.WebSocketResponse, data: Json) -> Session | None:
        if data.get("token") != self.state.token:
            await self._refuse(socket, AUTHENTICATION_FAILED)
            return None
        session = next((one for one in self.sessions if one.id == data.get("session_id")), None)
        if session is None or not 0 <= data["seq"] <= len(session.events):
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return None
        session.socket, session.request = socket, request
        session.resumes += 1
        await session.replay(data["seq"])
        await self.state.changes.happened()
        return session

    async def _members(self, session: Session, data: Json) -> None:
        guild = self.state.guilds[int(data["guild_id"])]
        wanted = {int(user_id) for user_id in data.get("user_ids") or ()}
        found = [user for user in guild.members.values() if not wanted or user.id in wanted]
        found = [user for user in found if user.name.startswith(data.get("query") or "")]
        body: Json = {"guild_id": str(guild.id), "members": [guild.member_json(user) for user in found]}
        body |= {"chunk_index": 0, "chunk_count": 1, "not_found": [], "presences": [], "nonce": data.get("nonce")}
        await session.dispatch("GUILD_MEMBERS_CHUNK", body)

    async def _refuse(self, socket: web.WebSocketResponse, code: int) -> None:
        self.refused.append(code)
        await socket.close(code=code)
        await self.state.changes.happened()
