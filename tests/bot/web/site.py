"""The web adapter on a port of its own, and a client that holds every answer against openapi.json."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator, FormatChecker

from bot.web import WebAdapter, WebConfig
from bot.web.health import document
from core.generation import Requester
from core.studio import Studio
from tests.fakes.workshop import Workshop

OPENAPI: Mapping[str, Any] = json.loads(document())

MAYA = Requester("web", "maya", "maya")

CONFIG = WebConfig(host="127.0.0.1", port=0, public_url="https://limner.example", secret_key="not a secret here")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Site:
    """A running adapter, asked as a program with `token` asks it, or as nobody without one."""

    url: str
    session: aiohttp.ClientSession
    studio: Studio
    adapter: WebAdapter
    token: str | None

    def signed_in_with(self, token: str | None) -> Site:
        return replace(self, token=token)

    async def as_user(self, name: str) -> Site:
        """As a program asks it that has a token of that user's."""
        return self.signed_in_with(await self.studio.accounts.new_token(name))

    async def rest(self, method: str, path: str, **more: Any) -> Answer:
        """The answer, which is one that the document promises for this address."""
        answer = await self.ask(method, path, **more)
        check_promised(method, path, answer)
        return answer

    async def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= headers or {}
        async with self.session.request(
            method, self.url + path, headers=sent, allow_redirects=False, **more
        ) as response:
            return Answer(response.status, response.headers.copy(), await response.read())

    async def generate(self, prompt: str = "a lighthouse at dusk", **fields: Any) -> str:
        """Asks for a picture; returns the task's id."""
        answer = await self.rest("POST", "/images/generate", json={"prompt": prompt, **fields})
        assert answer.status == 202, answer.text
        return str(answer.json()["task_id"])


@contextlib.asynccontextmanager
async def serving(workshop: Workshop, config: WebConfig = CONFIG) -> AsyncIterator[Site]:
    """A site with a token of Maya's."""
    studio = workshop.studio()
    adapter = WebAdapter(config, studio)
    running = asyncio.create_task(adapter.run())
    try:
        async with asyncio.timeout(5), aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            await adapter.ready.wait()
            token = await studio.accounts.new_token("maya")
            yield Site(f"http://127.0.0.1:{adapter.port}", session, studio, adapter, token)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def until(true: Callable[[], bool]) -> None:
    """Returns once it is true; a test that waits in vain fails."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  the ports in memory announce nothing
            await asyncio.sleep(0.005)


def check_promised(method: str, path: str, answer: Answer) -> None:
    """Fails unless openapi.json has this status, this content type and this shape for the address."""
    operation = _operation(method, path.partition("?")[0])
    promised = _resolved(operation["responses"].get(str(answer.status)))
    assert promised is not None, f"{method} {path} answered {answer.status}, which is not documented: {answer.text}"
    content = promised.get("content")
    if content is None:
        assert not answer.body
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in content, f"{method} {path} answered {kind}"
    if kind == "application/json":
        validate(content[kind]["schema"], answer.json())


def validate(schema: Mapping[str, Any], value: object) -> None:
    whole = {**schema, "components": OPENAPI["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def _operation(method: str, path: str) -> Mapping[str, Any]:
    for template, operations in OPENAPI["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: Mapping[str, Any] = operations[method.lower()]
            return found
    raise AssertionError(f"{method} {path} is not documented")


def _resolved(promised: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if promised is not None and "$ref" in promised:
        found: Mapping[str, Any] = OPENAPI["components"]["responses"][promised["$ref"].rpartition("/")[2]]
        return found
    return promised
