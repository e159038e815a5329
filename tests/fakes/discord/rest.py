"""The REST edge: each request is logged, judged, rate limited, perhaps struck by a fault, handled and answered."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.specs import Spec

from . import conformance, errors
from .calls import Answer, Call, Handler, Route, check_body, read_request
from .faults import Fault, Faults
from .jsontypes import Json
from .rate_limits import RateLimits
from .request_log import Request, RequestLog
from .state import State

PREFIX = "/api/v10"
# These are paid for by their token: no bot token is needed, and the global rate limit does not count them.
_BY_TOKEN = re.compile(r"/(interactions|webhooks)/\d+/[^/]+(/.*)?")


@dataclass(slots=True)
class Rest:
    """Dispatches to handlers; ``violations`` collects what breaks the official description, on either side."""

    state: State
    rate_limits: RateLimits
    faults: Faults
    log: RequestLog
    spec: Spec
    violations: list[str] = field(default_factory=list)
    _routes: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)

    def add(self, routes: Sequence[Route]) -> None:
        """Adds routes; earlier ones win, so literal segments go before parameters."""
        for method, template, handler in routes:
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
            self._routes.append((method, pattern, handler))

    async def handle(self, web_request: web.Request) -> web.StreamResponse:
        """One request from arrival to answer."""
        path = web_request.path.removeprefix(PREFIX)
        request = await read_request(web_request, self.state.clock.now(), path)
        self.log.entries.append(request)
        fault = self.faults.take(request.method, path)
        await self.state.changes.happened()
        if fault is not None and fault.kind == "hang":
            await fault.released.wait()
            if web_request.transport is None:  # whoever asked is gone, and with it what was asked
                return _cut(web_request)
        elif fault is not None and fault.kind == "drop":
            return _cut(web_request)
        elif fault is not None and fault.kind == "answer":
            return await self._finish(request, fault.status, fault.body, fault.headers)
        return await self._answer(web_request, request, fault)

    async def _answer(self, web_request: web.Request, request: Request, fault: Fault | None) -> web.StreamResponse:
        open_to_all = bool(_BY_TOKEN.fullmatch(request.path))
        verdict = self.rate_limits.judge(request.method, request.path, counts_globally=not open_to_all)
        if verdict.refusal is not None:
            return await self._finish(request, 429, verdict.refusal, verdict.headers)
        if not open_to_all and web_request.headers.get("Authorization") != f"Bot {self.state.token}":
            return await self._finish(request, 401, errors.unauthorized().json(), verdict.headers)
        self.violations += conformance.judge_request(self.spec, request)
        answer = await self._handled(request, web_request.content_length)
        if fault is not None and fault.kind == "lose":
            return _cut(web_request)
        if fault is not None and fault.kind == "keep":
            await fault.released.wait()
        response = await self._finish(request, answer.status, answer.json, verdict.headers)
        self.violations += conformance.judge_answer(self.spec, request)
        return response

    async def _handled(self, request: Request, content_length: int | None) -> Answer:
        try:
            check_body(request, content_length)
            handler, params = self._find(request)
            return await handler(Call(request, params))
        except errors.ApiError as refusal:
            return Answer(refusal.status, refusal.json())
        except Exception as error:  # noqa: BLE001 - the edge: a fault of the fake itself must be seen by the test
            self.violations.append(f"{request.method} {request.path}: the fake itself failed: {error!r}")
            return Answer(500, {"message": "500: Internal Server Error", "code": 0})

    def _find(self, request: Request) -> tuple[Handler, dict[str, str]]:
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path) if method == request.method else None
            if match:
                return handler, match.groupdict()
        self.violations.append(f"{request.method} {request.path}: the fake does not know this operation")
        raise errors.not_found()

    async def _finish(
        self, request: Request, status: int, body: Json | str | Any, headers: dict[str, str]
    ) -> web.Response:
        request.status, request.answer = status, body
        await self.state.changes.happened()
        return _response(status, body, headers)


def _response(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    if isinstance(body, str):
        return web.Response(status=status, text=body, headers=headers, content_type="text/html")
    # Clients compare the header with exactly application/json; aiohttp would add a charset to a text body.
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, headers={**headers, "Content-Type": "application/json"})


def _cut(web_request: web.Request) -> web.Response:
    if web_request.transport is not None:
        web_request.transport.abort()
    return web.Response(status=500)
