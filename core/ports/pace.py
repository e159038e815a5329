"""How fast a provider lets itself be asked, by everybody together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """What a provider said about how much more it takes; fields that it left out are None."""

    limit: int | None = None
    """Pictures in one window of time."""
    remaining: int | None = None
    """Of those, how many it would still take."""
    reset_seconds: float = 0.0
    """Until it would take `limit` again."""
    retry_after: float | None = None
    """Seconds during which it takes nothing at all."""


class Pace(Protocol):
    """Keeps all workers together within what a provider takes. Only advice: where it cannot be had, work goes on."""

    async def heard(self, provider: str, said: Headroom) -> None:
        """An answer of the provider, good or bad. Never raises."""
        ...

    async def wait(self, provider: str, pictures: int) -> float:
        """0.0: they may be asked for, and count from now on. Else the seconds to wait before asking here again.

        More than ever fit into the window are let through once nothing else is under way. Never raises.
        """
        ...

    async def give_back(self, provider: str, pictures: int) -> None:
        """They were let through and are not asked for after all. Never raises."""
        ...
