"""What the fake remembers of each call, and the gates at which a test can hold one."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Point = Literal["answer", "partial", "completed"]
"""Before the first byte; before each partial picture; before the finished picture."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body."""

    name: str
    filename: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Call:
    """One request to an images endpoint and what it was answered."""

    number: int
    kind: Literal["generation", "edit"]
    headers: Mapping[str, str] = field(repr=False)
    body: dict[str, Any]
    files: list[Upload] = field(default_factory=list)
    connection: int = 0
    """The client's port: two calls with the same one came over one connection."""
    status: int | None = None
    partials: list[str] = field(default_factory=list, repr=False)
    """Base64 of every partial picture that was sent."""
    pictures: list[str] = field(default_factory=list, repr=False)
    """Base64 of every finished picture that was sent."""
    cut: bool = False
    """The script ended the connection."""
    dropped: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Set when the client went away before its answer was complete."""
    answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Set when the answer was sent to its last byte."""

    @property
    def data(self) -> bytes:
        """The bytes of the only finished picture."""
        (text,) = self.pictures
        return base64.b64decode(text)


class Hold:
    """Stops calls at one point until released."""

    def __init__(self, at: Point, times: int) -> None:
        self.at = at
        self.left = times
        self.calls: list[Call] = []
        self.reached = asyncio.Event()
        """Set when the last of the expected calls has arrived."""
        self._released = asyncio.Event()

    def release(self) -> None:
        self._released.set()

    async def stop(self, call: Call) -> None:
        """Takes one call in and keeps it until the release."""
        self.left -= 1
        self.calls.append(call)
        if not self.left:
            self.reached.set()
        await self._released.wait()
