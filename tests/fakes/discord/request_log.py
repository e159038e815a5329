"""Every request the fake was sent, with what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .jsontypes import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """One ``files[n]`` part of a multipart request."""

    index: int
    filename: str
    data: bytes
    content_type: str | None = None
    description: str | None = None


@dataclass(slots=True, eq=False)
class Request:
    """A request; ``status`` and ``answer`` stay None while it is unanswered, for good when a fault swallowed it."""

    at: float
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content_type: str
    json: Any = None
    files: tuple[Upload, ...] = ()
    status: int | None = None
    answer: Any = None

    @property
    def body(self) -> Json:
        """The JSON object sent; empty when there was none."""
        return self.json if isinstance(self.json, dict) else {}

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(slots=True)
class RequestLog:
    """The requests in order of arrival."""

    entries: list[Request] = field(default_factory=list)

    def matching(self, method: str, path: str, status: int | None = None) -> list[Request]:
        """Requests by method and by a regular expression that the whole path (after /api/v10) must match."""
        pattern = re.compile(path)
        found = [entry for entry in self.entries if entry.method == method and pattern.fullmatch(entry.path)]
        return [entry for entry in found if status is None or entry.status == status]


def redacted(headers: dict[str, str]) -> dict[str, str]:
    """The headers without the value of a token, so that a log can be shown."""
    return {name: "Bot …" if name.lower() == "authorization" else value for name, value in headers.items()}
