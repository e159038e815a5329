"""The fake's time: real time plus whatever a test has added, and the snowflakes made from it."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

_DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """Everything that expires (tokens, nonces, signed addresses, rate limits) asks this clock."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._serial = itertools.count(1)

    def advance(self, seconds: float) -> None:
        """Makes ``seconds`` pass at once."""
        self._offset += seconds

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time() + self._offset

    def timestamp(self, at: float | None = None) -> str:
        """ISO 8601 as Discord writes it."""
        return datetime.fromtimestamp(self.now() if at is None else at, UTC).isoformat()

    def snowflake(self) -> int:
        """A new id whose upper bits are the time, so clients can read the age of a thing from it."""
        milliseconds = int(self.now() * 1000) - _DISCORD_EPOCH_MS
        return (milliseconds << 22) | (next(self._serial) & 0x3FFFFF)
