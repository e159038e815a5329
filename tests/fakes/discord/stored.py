"""What the fake keeps of a message: its files, and a view of it for every state it ever had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .changes import Changes
from .jsontypes import Json
from .world import Channel, User

EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 12, 1 << 15
SUPPRESS_EMBEDS = 1 << 2
DISPLAY = 10  # the component type whose text counts as the message's own


@dataclass(frozen=True, slots=True, eq=False)
class StoredFile:
    """An uploaded file, as the CDN has it."""

    id: int
    channel_id: int
    filename: str
    data: bytes
    content_type: str | None
    description: str | None = None
    ephemeral: bool = False
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A message as people saw it from ``at`` (Unix seconds) on; ``files`` include those shown inside embeds."""

    at: float
    json: Json
    files: tuple[StoredFile, ...]
    deleted: bool = False

    @property
    def content(self) -> str:
        return str(self.json["content"])

    @property
    def text(self) -> str:
        """Everything readable: content, embeds and components, joined by newlines."""
        return "\n".join(_texts([self.json["content"], self.json["embeds"], self.json["components"]]))

    @property
    def loading(self) -> bool:
        """Whether this is still the "is thinking…" placeholder."""
        return bool(self.json["flags"] & LOADING)


@dataclass(slots=True, eq=False)
class Message:
    """A message; ``states`` are its views in order, the last being what is seen now."""

    id: int
    channel: Channel
    author: User
    created: float
    changes: Changes
    kind: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    flags: int = 0
    edited: float | None = None
    deleted: bool = False
    extra: Json = field(default_factory=dict)
    mentions: list[User] = field(default_factory=list)
    mention_everyone: bool = False
    nonce: str | int | None = None
    interaction_id: int | None = None
    states: list[View] = field(default_factory=list)

    @property
    def now(self) -> View:
        return self.states[-1]

    @property
    def json(self) -> Json:
        return self.now.json

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def custom_ids(self) -> list[str]:
        return [component["custom_id"] for component in walk(self.components) if "custom_id" in component]

    def component(self, *, custom_id: str | None = None, label: str | None = None) -> Json | None:
        """The button or select with that custom id or label, as it now stands."""
        wanted = {"custom_id": custom_id} if custom_id is not None else {"label": label}
        return next((part for part in walk(self.components) if wanted.items() <= part.items()), None)

    async def until(self, predicate: Callable[[Message], bool], timeout: float = 10.0) -> Message:
        """Waits until ``predicate(message)`` holds."""
        try:
            await self.changes.until(lambda: predicate(self), timeout)
        except TimeoutError:
            raise AssertionError(f"the message did not become so in {timeout} s; it is {self.json}") from None
        return self


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, parents before children."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("accessory", "component"):
            if component.get(single):
                yield from walk([component[single]])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value else []
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        shown = ("title", "description", "name", "value", "text", "content", "label", "placeholder")
        nested = ("fields", "footer", "author", "components", "accessory", "options", "items")
        for key in (*shown, *nested):
            yield from _texts(value.get(key))
