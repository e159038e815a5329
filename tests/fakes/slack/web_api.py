"""The Web API on the wire: reading requests, tokens and scopes, and Slack's way of answering."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from . import chat, conversations, uploads, views
from .calls import Call, Handler, invalid_arguments
from .edge import Edge
from .journal import Request
from .limits import RateLimits
from .records import Json, SlackError
from .rules import ALL_SCOPES, METHODS, Method, breaches, missing
from .workspace import Workspace

HANDLERS: dict[str, Handler] = {**chat.METHODS, **conversations.METHODS, **uploads.METHODS, **views.METHODS}


@dataclass(slots=True)
class Tokens:
    """The installed app's credentials; a test takes scopes away or revokes a token by changing it."""

    bot: str = "xoxb-fake-bot-token"
    app: str = "xapp-1-fake-app-token"
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(
        self, workspace: Workspace, edge: Edge, tokens: Tokens, limits: RateLimits, connect: Callable[[], Json]
    ) -> None:
        self._workspace, self._edge, self._tokens, self._limits = workspace, edge, tokens, limits
        self._handlers: dict[str, Handler] = {**HANDLERS, "apps.connections.open": lambda *_: connect()}

    async def handle(self, request: web.Request) -> web.Response:
        """One call, logged, from its bytes to its answer."""
        name = request.match_info["method"]
        params, json_body = await read_params(request)

        async def answer(entry: Request) -> web.Response:
            method = METHODS.get(name)
            try:
                body = self._answer(name, method, request, params, json_body)
            except SlackError as refusal:
                return self._respond(entry, method, refusal.body, refusal.status, refusal.headers)
            return self._respond(entry, method, body)

        return await self._edge.serve(request, name, params, answer)

    def _answer(self, name: str, method: Method | None, request: web.Request, params: Json, json_body: bool) -> Json:
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorise(method, request, params, json_body)
        self._limits.spend(name, method.tier, str(params.get("channel") or "") or None)
        return self._carry_out(name, method, params, json_body)

    def _authorise(self, method: Method, request: web.Request, params: Json, json_body: bool) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            # Slack reads a token from a form or a query, never from a JSON body.
            token = "" if json_body else str(params.get("token") or "")
        if not token:
            raise SlackError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise SlackError("invalid_auth")
        if token != (self._tokens.app if method.app_token else self._tokens.bot):
            raise SlackError("not_allowed_token_type")
        if method.scopes and not self._tokens.scopes.intersection(method.scopes):
            provided = ",".join(sorted(self._tokens.scopes))
            raise SlackError("missing_scope", needed=method.scopes[0], provided=provided)

    def _carry_out(self, name: str, method: Method, params: Json, json_body: bool) -> Json:
        if json_body and not method.json_body:
            self._workspace.journal.violation(f"{name} was sent JSON, which it does not read")
            params = {}
        for sentence in breaches(name, method, params):
            self._workspace.journal.violation(sentence)
        if lacking := missing(method, params):
            raise invalid_arguments(*(f"missing required field: {parameter}" for parameter in lacking))
        call = Call(name, params, frozenset(self._tokens.scopes))
        return {"ok": True, **self._handlers[name](self._workspace, call)}

    def _respond(
        self,
        entry: Request,
        method: Method | None,
        body: Json,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        accepted = ",".join(method.scopes) if method else ""
        scopes = {"x-oauth-scopes": ",".join(sorted(self._tokens.scopes)), "x-accepted-oauth-scopes": accepted}
        entry.status, entry.response = status, body
        self._workspace.journal.changed()
        return web.json_response(body, status=status, headers={**scopes, **(headers or {})})


async def read_params(request: web.Request) -> tuple[Json, bool]:
    """A request's parameters from query and body, and whether the body was JSON."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return params, True
        return (params | body if isinstance(body, dict) else params), True
    form = await request.post()
    return params | {name: value for name, value in form.items() if isinstance(value, str)}, False
