"""The fake itself: an aiohttp server that keeps a log, plays its script and can be held still."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Literal, Self

from aiohttp import web

from tests.fakes.openai import answers, faults, intake
from tests.fakes.openai.faults import Fault
from tests.fakes.openai.performance import Performance
from tests.fakes.openai.quota import Quota
from tests.fakes.openai.records import Call, Hold, Point
from tests.fakes.openai.rules import Problem, problem_with

_MODELS: dict[str, str | None] = {
    "gpt-image-2": None,
    "gpt-image-2.5-flare": None,
    "gpt-image-2.5-sunburst": None,
    "gpt-image-2.6-flare": None,
    "gpt-image-2.6-sunburst": None,
    "gpt-image-1.5": "2026-12-01",
    "gpt-image-1-mini": "2026-12-01",
    "dall-e-3": None,  # gone at OpenAI, still spoken by servers like it
}


class FakeOpenAI:
    """``async with FakeOpenAI() as fake`` listens at `base_url` and takes `api_key`."""

    def __init__(self, api_key: str = "sk-fake-0123456789abcdef") -> None:
        self.api_key = api_key
        self.models = dict(_MODELS)
        self.pace = 0.0
        """Seconds before each partial and before the finished picture."""
        self.heavy = False
        """Pictures that weigh as much as a provider's (2 MB for 1024x1024)."""
        self.calls: list[Call] = []
        self.violations: list[str] = []
        """What the official description says against the requests that came in."""
        self.files: dict[str, tuple[str, bytes]] = {}
        """Pictures that were answered as a URL: name -> media type and bytes; "redirect" -> where to."""
        self.quota = Quota()
        """How many pictures are taken in a window of time; a test sets a smaller one."""
        self.base_url = ""
        self._script: deque[Fault] = deque()
        self._holds: list[Hold] = []
        self._arrival = asyncio.Condition()
        self._spec = intake.load_spec()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_post("/v1/images/generations", self._generations)
        app.router.add_post("/v1/images/edits", self._edits)
        app.router.add_get("/v1/models", self._list_models)
        app.router.add_get("/v1/models/{model}", self._one_model)
        app.router.add_get("/files/{name}", self._file)
        # A client that hangs up cancels its handler, so that the log can say so.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        for hold in self._holds:
            hold.release()
        if self._runner is not None:
            await self._runner.cleanup()

    # ---------------------------------------------------------------- for the test

    def script(self, *faults: Fault, times: int = 1) -> None:
        """The next calls to an images endpoint meet these faults, one each, the whole list `times` over."""
        self._script.extend(faults * times)

    def calm(self) -> None:
        """The next calls meet no fault any more."""
        self._script.clear()

    def hold(self, at: Point = "answer", times: int = 1) -> Hold:
        """The next `times` calls that come to this point wait there until released."""
        hold = Hold(at, times)
        self._holds.append(hold)
        return hold

    async def arrived(self, count: int, timeout: float = 10) -> list[Call]:
        """Waits until so many calls have come in."""
        async with asyncio.timeout(timeout), self._arrival:
            await self._arrival.wait_for(lambda: len(self.calls) >= count)
        return self.calls

    async def stop_at(self, point: Point, call: Call) -> None:
        """Where an answer passes the gates."""
        for hold in self._holds:
            if hold.at == point and hold.left and call not in hold.calls:
                await hold.stop(call)

    # ---------------------------------------------------------------- for the client

    async def _generations(self, request: web.Request) -> web.StreamResponse:
        return await self._images(request, "generation")

    async def _edits(self, request: web.Request) -> web.StreamResponse:
        return await self._images(request, "edit")

    async def _images(self, request: web.Request, kind: Literal["generation", "edit"]) -> web.StreamResponse:
        if (refused := self._stranger(request)) is not None:
            return self._refusal(refused)
        body, files = await intake.read(request)
        call = Call(number=len(self.calls) + 1, kind=kind, headers=dict(request.headers), body=body, files=files)
        call.connection = request.get_extra_info("peername", (None, 0))[1]
        async with self._arrival:
            self.calls.append(call)
            self._arrival.notify_all()
        path = request.path.removeprefix("/v1")
        self.violations += intake.violations(self._spec, path, body, files, request.content_type)
        if (problem := problem_with(body, files, self.models, edit=kind == "edit")) is not None:
            call.status = problem.status
            return self._refusal(problem)
        if not self.quota.take(body.get("n", 1)):
            call.status = 429
            return self._too_many()
        fault = self._script.popleft() if self._script else None
        try:
            return await Performance(self, request, call, fault).play()
        except (asyncio.CancelledError, ConnectionError):
            if not call.cut:
                call.dropped.set()
            raise

    async def _list_models(self, request: web.Request) -> web.Response:
        if (refused := self._stranger(request)) is not None:
            return self._refusal(refused)
        return web.json_response({"object": "list", "data": [self._model(name) for name in self.models]})

    async def _one_model(self, request: web.Request) -> web.Response:
        if (refused := self._stranger(request)) is not None:
            return self._refusal(refused)
        name = request.match_info["model"]
        if name not in self.models:
            words = f"The model '{name}' does not exist"
            return self._refusal(Problem(404, words, "model_not_found", "model"))
        return web.json_response(self._model(name), headers=answers.headers(0, self.quota))

    async def _file(self, request: web.Request) -> web.Response:
        media_type, data = self.files.get(request.match_info["name"], ("", b""))
        if not media_type:
            raise web.HTTPNotFound
        if media_type == "redirect":
            raise web.HTTPFound(data.decode())
        # The address alone opens a picture; a key sent along would leak it to whoever serves files.
        if "Authorization" in request.headers:
            self.violations.append("the key was sent to the address of a picture")
        return web.Response(body=data, content_type=media_type)

    def _stranger(self, request: web.Request) -> Problem | None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not given:
            return Problem(401, "You didn't provide an API key.", None)
        if given != self.api_key:
            shown = f"{given[:8]}****{given[-4:]}"
            return Problem(401, f"Incorrect API key provided: {shown}.", "invalid_api_key")
        return None

    def _model(self, name: str) -> dict[str, Any]:
        card: dict[str, Any] = {"id": name, "object": "model", "created": 1776729600, "owned_by": "openai"}
        shutdown = self.models[name]
        return card | ({"shutdown_date": shutdown} if shutdown else {})

    def _too_many(self) -> web.Response:
        headers = answers.headers(len(self.calls), self.quota) | self.quota.retry_after()
        return web.json_response({"error": faults.rate_limit().error}, status=429, headers=headers)

    def _refusal(self, problem: Problem) -> web.Response:
        return web.json_response(
            problem.body, status=problem.status, headers=answers.headers(len(self.calls), self.quota)
        )
