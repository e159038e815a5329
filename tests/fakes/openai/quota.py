"""How many pictures the fake takes in a window of time, and what its headers say of it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass


@dataclass(slots=True)
class Quota:
    """A window that opens with the first picture after the last one closed."""

    limit: int = 5000
    window_seconds: float = 60.0
    used: int = 0
    refused: int = 0
    """Pictures that came when there was no room."""
    _until: float = 0.0

    def take(self, pictures: int) -> bool:
        """Whether there is room for them; what is refused does not count."""
        if time.monotonic() >= self._until:
            self.used, self._until = 0, time.monotonic() + self.window_seconds
        if self.used + pictures > self.limit:
            self.refused += pictures
            return False
        self.used += pictures
        return True

    def headers(self) -> dict[str, str]:
        """What stands on every answer of the Images API."""
        left = max(0.0, self._until - time.monotonic())
        remaining = self.limit - (self.used if left else 0)
        return {
            "x-ratelimit-limit-images": str(self.limit),
            "x-ratelimit-remaining-images": str(remaining),
            "x-ratelimit-reset-images": _duration(left),
            "x-ratelimit-limit-requests": "10000",
            "x-ratelimit-remaining-requests": "9999",
            "x-ratelimit-reset-requests": "6ms",
        }

    def retry_after(self) -> dict[str, str]:
        """What a refusal says besides, in whole seconds as the API does."""
        return {"retry-after": str(math.ceil(max(0.0, self._until - time.monotonic())))}


def _duration(seconds: float) -> str:
    """`250ms`, `12s`, `1m30s`."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return (f"{minutes:.0f}m" if minutes else "") + f"{rest:.3f}".rstrip("0").rstrip(".") + "s"
