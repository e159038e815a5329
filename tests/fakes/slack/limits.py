"""Rate limits by method and workspace, and the faults a test scripts for the next calls."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from .records import Clock, Json, SlackError

SUSTAINED_POSTS_A_MINUTE = 60
"""chat.postMessage: about one a second to each channel, short bursts over it tolerated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this instead of doing the call."""

    status: int = 200
    body: Json | str = field(default_factory=lambda: {"ok": False, "error": "internal_error"})
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answer. `after`: the call was carried out all the same."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the connection. `after`: the call was carried out and only its answer was lost."""

    after: bool = False


Fault = Answer | Hang | Drop


class Faults:
    """What the next calls of each method meet instead of an answer."""

    def __init__(self) -> None:
        self._scripted: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def script(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next `times` calls of `method` meet `fault`, after those scripted before."""
        self._scripted[method].extend([fault] * times)

    def calm(self) -> None:
        """The next calls meet no fault any more."""
        self._scripted.clear()

    def next(self, method: str) -> Fault | None:
        """The fault that this call meets, used up by asking."""
        waiting = self._scripted[method]
        return waiting.popleft() if waiting else None


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimits:
    """A token bucket for each method, holding a minute's calls.

    Slack calls its tiers lower bounds and lets bursts pass, so the documented figures are multiplied by `generosity`
    (1 is the letter of the documentation); `per_minute` sets a method's figure outright.
    """

    def __init__(self, clock: Clock, generosity: float = 10.0) -> None:
        self.generosity = generosity
        self.per_minute: dict[str, float] = {}
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, method: str, tier: int, channel: str | None = None) -> None:
        """Count one call; `ratelimited` with Retry-After when the minute's calls are used up."""
        self._take(method, self.per_minute.get(method, tier * self.generosity))
        if method == "chat.postMessage" and channel and method not in self.per_minute:
            self._take(f"{method} {channel}", SUSTAINED_POSTS_A_MINUTE * self.generosity)

    def _take(self, key: str, a_minute: float) -> None:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(a_minute, now))
        bucket.tokens = min(a_minute, bucket.tokens + (now - bucket.filled_at) * a_minute / 60)
        bucket.filled_at = now
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) * 60 / a_minute) if a_minute else 60
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(max(1, wait))})
        bucket.tokens -= 1
