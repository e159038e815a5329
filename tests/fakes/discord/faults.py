"""What a test wants to go wrong: answers made up, hung or lost for the next requests that match."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Literal

from .jsontypes import Json
from .rate_limits import refusal

Kind = Literal["answer", "hang", "drop", "lose", "keep"]


@dataclass(slots=True, eq=False)
class Fault:
    """One scripted fault; ``left`` counts the requests it still awaits."""

    kind: Kind
    method: str
    path: re.Pattern[str]
    left: int
    status: int = 0
    body: Json | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Lets requests that hang go on to a normal answer."""
        self.released.set()


@dataclass(slots=True)
class Faults:
    """The queue; the first fault that matches a request takes it. Paths are regular expressions for the whole path."""

    queue: list[Fault] = field(default_factory=list)
    taken: list[Fault] = field(default_factory=list)

    def answer(
        self,
        method: str,
        path: str,
        status: int,
        body: Json | str | None = None,
        headers: dict[str, str] | None = None,
        *,
        times: int = 1,
    ) -> Fault:
        """Answers so without doing anything; a dict goes out as JSON, a str as the HTML of a proxy."""
        return self._add(Fault("answer", method, re.compile(path), times, status, body, headers or {}))

    def rate_limit(
        self, method: str, path: str, retry_after: float, *, everywhere: bool = False, times: int = 1
    ) -> Fault:
        """A 429 out of the blue, such as a hidden or shared limit gives."""
        scope = {"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}
        headers, body = refusal(retry_after, scope if everywhere else {"X-RateLimit-Scope": "shared"})
        return self.answer(method, path, 429, body | {"global": everywhere}, headers, times=times)

    def hang(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Gives no answer until the fault is released or the fake closes."""
        return self._add(Fault("hang", method, re.compile(path), times))

    def drop(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Cuts the connection before anything is done."""
        return self._add(Fault("drop", method, re.compile(path), times))

    def lose_answer(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Does what was asked, then cuts the connection: the client cannot know whether it was done."""
        return self._add(Fault("lose", method, re.compile(path), times))

    def keep_answer(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Does what was asked, and gives no answer until the fault is released or the fake closes."""
        return self._add(Fault("keep", method, re.compile(path), times))

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request meets, if any; it is used up by that."""
        for fault in self.queue:
            if fault.method == method and fault.path.fullmatch(path):
                fault.left -= 1
                if fault.left == 0:
                    self.queue.remove(fault)
                self.taken.append(fault)
                return fault
        return None

    def calm(self) -> None:
        """The next requests meet no fault any more, and those that hang go on."""
        self.release_all()
        self.queue.clear()

    def release_all(self) -> None:
        for fault in [*self.taken, *self.queue]:
            fault.release()

    def _add(self, fault: Fault) -> Fault:
        self.queue.append(fault)
        return fault
