"""Everything that reached the fake, in order, and waiting for it without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .records import Json

T = TypeVar("T")
SECRETS = frozenset({"authorization", "cookie"})


@dataclass(slots=True)
class Request:
    """One request of the bot: what it asked and what it got. `method` is `upload`, `download` or `response_url` too."""

    at: float
    method: str
    params: Json
    headers: dict[str, str]
    files: dict[str, int] = field(default_factory=dict)
    status: int | None = None
    response: Any = None

    @property
    def error(self) -> str | None:
        """Slack's error code, None where the call succeeded or was never answered."""
        return self.response.get("error") if isinstance(self.response, dict) else None


class Journal:
    """The log of requests and of breaches of the documented contract."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self._changed = asyncio.Event()

    def open(self, at: float, method: str, params: Json, headers: Mapping[str, str]) -> Request:
        """Log a request, less its token, before anything is done about it."""
        shown = {name.lower(): value for name, value in headers.items() if name.lower() not in SECRETS}
        entry = Request(at, method, {name: value for name, value in params.items() if name != "token"}, shown)
        self.requests.append(entry)
        self.changed()
        return entry

    def violation(self, sentence: str) -> None:
        """Note that the bot went against the contract."""
        self.violations.append(sentence)

    def calls(self, method: str) -> list[Request]:
        """The requests to one method, oldest first."""
        return [request for request in self.requests if request.method == method]

    def changed(self) -> None:
        """Wake everybody who waits for something to happen.

        An event that is replaced each time rather than a Condition: timers and the synchronous method handlers
        change the world too, and could not take a Condition's lock.
        """
        before, self._changed = self._changed, asyncio.Event()
        before.set()

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """The first truthy value of `predicate`, asked again at each change; AssertionError after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await self._changed.wait()
        except TimeoutError:
            recent = [f"{entry.method} -> {entry.error or entry.status}" for entry in self.requests[-12:]]
            raise AssertionError(f"not seen within {timeout} s; the last requests: {recent}") from None
        return value
