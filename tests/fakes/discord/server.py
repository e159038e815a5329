"""A Discord of one's own on 127.0.0.1: gateway, REST and CDN behind one port, and a test in the place of its people."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from . import cdn, conformance
from .applications import Applications
from .callbacks import Callbacks
from .changes import Changes
from .channels import Channels
from .clock import Clock
from .faults import Faults
from .gateway import Gateway
from .jsontypes import Json
from .messages import Messages
from .people import People
from .places import Places
from .rate_limits import RateLimits
from .request_log import RequestLog
from .rest import PREFIX, Rest
from .sessions import Session
from .state import State
from .stored import Message
from .webhooks import Webhooks
from .world import Channel, Guild, User

T = TypeVar("T")


class FakeDiscord(People, Places):
    """``async with FakeDiscord() as fake`` runs a server with one guild, its channel ``here`` and the user ``ada``.

    A bot in any process is pointed at ``api_url`` and ``gateway_url`` and logs in with ``token``. What it sends is in
    ``log``, the messages it makes in ``message_list``; ``violations`` is empty while all traffic keeps to the
    official description. ``clock.advance`` makes tokens expire, ``faults`` makes requests fail.
    """

    def __init__(self, *, privileged_intents: int = 0, shards: int = 1) -> None:
        clock = Clock()
        bot = User(clock.snowflake(), "limner", bot=True)
        state = State(clock, Changes(), secrets.token_urlsafe(40), application_id=bot.id, bot=bot, users={bot.id: bot})
        self.gateway = Gateway(state, privileged_intents, shards)
        self.state, self.messages = state, Messages(state, self.gateway)
        self.clock, self.bot, self.token = clock, bot, state.token
        self.faults, self.log = Faults(), RequestLog()
        self.rate_limits = RateLimits(clock)
        self.rest = Rest(state, self.rate_limits, self.faults, self.log, conformance.load())
        for part in (Applications(state, self.gateway), Callbacks(state, self.messages)):
            self.rest.add(part.routes())
        for messages_part in (Webhooks(state, self.messages), Channels(state, self.messages)):
            self.rest.add(messages_part.routes())
        self.ada: User = self.add_user("ada")
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self.guild: Guild = await self.add_guild("Atelier", self.ada)
        self.here: Channel = next(iter(self.guild.channels.values()))
        app = web.Application(client_max_size=sys.maxsize)  # the limits are Discord's, and refused in its words
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_route("*", PREFIX + "/{tail:.*}", self.rest.handle)
        for folder in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"/{folder}/{{channel_id:\\d+}}/{{file_id:\\d+}}/{{name}}", self._serve_file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.state.address = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release_all()
        await self.gateway.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return self.state.address + PREFIX

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def violations(self) -> list[str]:
        """Sentences on every request and answer that break the official description."""
        return self.rest.violations

    @property
    def spec_off(self) -> str | None:
        """Why nothing is checked against the official description, when it is not."""
        return self.rest.spec.off

    @property
    def message_list(self) -> list[Message]:
        """Every message ever made, in order, the deleted ones included."""
        return sorted(self.state.messages.values(), key=lambda message: message.id)

    def visible(self, channel: Channel | None = None) -> list[Message]:
        """The messages now to be seen in a channel, ``here`` if none is given, ephemeral ones included."""
        place = channel or self.here
        return [message for message in self.message_list if message.channel is place and not message.deleted]

    def commands(self, guild: Guild | None = None) -> dict[str, Json]:
        """The commands registered globally or for one guild, by name."""
        return {command["name"]: command for command in self.state.commands.get(guild.id if guild else None, [])}

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:
        """The first truthy result of ``predicate``, which is tried again after every change of the fake."""
        try:
            return await self.state.changes.until(predicate, timeout)
        except TimeoutError:
            latest = "\n".join(str(request) for request in self.log.entries[-10:])
            raise AssertionError(f"it did not come about in {timeout} s; the latest requests:\n{latest}") from None

    async def connected(self, sessions: int = 1, timeout: float = 10.0) -> list[Session]:
        """Waits until so many clients are connected and have been told of all guilds."""

        def ready() -> list[Session] | None:
            found = [session for session in self.gateway.connected if session.ready]
            return found if len(found) >= sessions else None

        found = await self.wait_for(ready, timeout)
        return found or []

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """An environment for a bot in a process of its own."""
        urls = {"DISCORD_API_URL": self.api_url, "DISCORD_GATEWAY_URL": self.gateway_url}
        return {**base, **urls, "DISCORD_TOKEN": self.token}

    async def _serve_file(self, request: web.Request) -> web.Response:
        return await cdn.serve(self.state, request)
