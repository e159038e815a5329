"""What draws: a call, what it yields, and who answers it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.generation import Options, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCall:
    """What a provider is asked for: `options.count` pictures."""

    prompt: str
    """Complete: the style's words are already in it."""
    options: Options
    references: tuple[Reference, ...] = ()
    safety_identifier: str = ""
    """A hash that stands for the user, for the provider's abuse checks."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    text_in: int = 0
    image_in: int = 0
    out: int = 0


@dataclass(frozen=True, slots=True)
class Partial:
    """A preview of the picture at `position`; it is the k-th (from 1) of `of` to come."""

    position: int
    k: int
    of: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fraction:
    """The provider itself says how far it is, 0.0 to 1.0."""

    done: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished picture. `base64` is the provider's own string and decodes to `data`."""

    position: int
    data: bytes = field(repr=False)
    base64: str = field(repr=False)
    revised_prompt: str | None = None
    usage: Usage | None = None
    """None where the provider does not count; the catalogue's estimate then stands."""
    metadata: Mapping[str, object] = field(default_factory=dict)
    """What else the provider said (model, size, quality, request id …), JSON-able."""


ProviderEvent = Partial | Fraction | Made


class ImageProvider(Protocol):
    """Draws pictures."""

    name: str

    def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        """Yields events until `options.count` `Made` came. Raises only ProviderError.

        Never retries by itself: whether a second call may be paid for is not its decision. Closing the
        iterator (or cancelling) drops the connection. Where some of several pictures were made and others
        failed, those made are yielded first and the error is raised last.
        """
        ...

    async def check(self, model: str) -> str:
        """One line for the doctor: key and model are good. Raises ProviderError."""
        ...

    async def close(self) -> None: ...
