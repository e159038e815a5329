"""What counts how often somebody comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """How often somebody may still come within this minute."""

    taken: bool
    """False: this time was one too many, and does not count."""
    of: int
    left: int
    resets_in: int
    """Whole seconds, at least 1, until there is room for one more."""


class RateLimiter(Protocol):
    """A moving window of one minute for each key."""

    async def hit(self, key: str, per_minute: int) -> Rate:
        """Counts one. Never fails: while nobody can be asked who else counts, this process counts by itself."""
        ...
