"""A Slack workspace on a local port, for a bot that cannot tell the difference."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from .deliveries import Deliveries, Patience
from .driver import Driver
from .edge import Edge
from .hosting import Hosting
from .journal import Journal, Request
from .limits import Fault, Faults, RateLimits
from .records import Clock, Message
from .signed_http import SignedHttp
from .socket_mode import SocketMode
from .web_api import Tokens, WebApi
from .workspace import BOT_USER, TEAM, Workspace

T = TypeVar("T")
UPLOAD_BYTES = 1 << 30


class FakeSlack(Driver):
    """One team, `U0ALICE` and `U0BOB` in `C0GENERAL` with the bot; `async with` opens and closes it.

    Socket Mode is on from the start; `use_http` switches to signed requests, `use_socket_mode` back.
    """

    def __init__(self) -> None:
        self.clock, self.journal, self.faults = Clock(), Journal(), Faults()
        self.tokens, self.patience = Tokens(), Patience()
        self.limits = RateLimits(self.clock)
        self.sockets = SocketMode(self.journal, self.patience)
        workspace = Workspace(self.clock, self.journal)
        super().__init__(workspace, Deliveries(self.journal, self.sockets, self.patience))
        self._edge = Edge(self.clock, self.journal, self.faults)
        self._https: list[SignedHttp] = []
        self._runner = web.AppRunner(self._application(), shutdown_timeout=1.0)
        self.alice, self.bob = workspace.add_user("alice"), workspace.add_user("bob")
        self.channel = workspace.add_channel("general")

    def _application(self) -> web.Application:
        api = WebApi(
            self.workspace, self._edge, self.tokens, self.limits, lambda: self.sockets.connect(self.workspace.base_url)
        )
        hosting = Hosting(self.workspace, self._edge, self.tokens)
        application = web.Application(client_max_size=UPLOAD_BYTES)
        application.router.add_route("*", "/api/{method}", api.handle)
        application.router.add_get("/link/", self.sockets.handle)
        application.router.add_post("/upload/v1/{file_id}", hosting.upload)
        application.router.add_get("/files-pri/T0LIMNER-{file_id}/download/{name}", hosting.download)
        for path in ("commands", "actions", "app"):
            application.router.add_post(f"/{path}/{{team}}/{{key}}", hosting.respond)
        return application

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.workspace.base_url = self.workspace.files.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._edge.close()
        self.workspace.close()
        await self.sockets.drop()
        for http in self._https:
            await http.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk."""
        return f"{self.workspace.base_url}/api/"

    @property
    def bot_token(self) -> str:
        """The token of the installed bot."""
        return self.tokens.bot

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.tokens.app

    @property
    def signing_secret(self) -> str:
        """The secret of the signatures over HTTP."""
        return self.tokens.signing_secret

    @property
    def team_id(self) -> str:
        """The team's id."""
        return TEAM

    @property
    def bot_user(self) -> str:
        """The bot's user id."""
        return BOT_USER

    @property
    def requests(self) -> list[Request]:
        """Every request of the bot, oldest first."""
        return self.journal.requests

    @property
    def violations(self) -> list[str]:
        """Everything in which the bot went against the documented contract; a good test ends with it empty."""
        return self.journal.violations

    def use_http(self, request_url: str) -> None:
        """From now on tell the bot by signed posts to that url."""
        http = SignedHttp(request_url, self.tokens.signing_secret, self.patience)
        self._https.append(http)
        self._deliveries.transport = http

    def use_socket_mode(self) -> None:
        """From now on tell the bot through its web sockets."""
        self._deliveries.transport = self.sockets

    def script(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method, or of `upload`, `download` or `response_url`, meet a fault."""
        self.faults.script(method, fault, times)

    def calls(self, method: str) -> list[Request]:
        """The requests to one method, oldest first."""
        return self.journal.calls(method)

    def bot_messages(self, channel: str | None = None) -> list[Message]:
        """What the bot has said and not taken back, ephemerally too; oldest first."""
        said = (m for m in self.workspace.messages if m.user == BOT_USER and not m.deleted)
        return [message for message in said if channel in (None, message.channel)]

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """The first truthy value of `predicate`, asked again whenever something happens here."""
        return await self.journal.wait_for(predicate, timeout)
