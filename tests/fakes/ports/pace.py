"""The pace of a provider in memory: one object stands for every process that shares it."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

from core.ports import Headroom


@dataclass(slots=True)
class MemoryPace:
    """Implements `core.ports.Pace`: the moments at which pictures stop to count, by provider."""

    window_seconds: float = 60.0
    limits: dict[str, int] = field(default_factory=dict)
    shut: dict[str, float] = field(default_factory=dict)
    ends: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def heard(self, provider: str, said: Headroom) -> None:
        now = time.monotonic()
        if said.retry_after is not None:
            self.shut[provider] = max(self.shut.get(provider, 0.0), now + said.retry_after)
        if said.limit is None:
            return
        self.limits[provider] = said.limit
        if said.remaining is None or not said.reset_seconds:
            return
        ends = self._open(provider, now)
        counted = max(0, said.limit - said.remaining)
        ours = sorted(ends, reverse=True)
        newest = [max(one, now + said.reset_seconds) for one in ours[:counted]]
        strangers = [now + said.reset_seconds] * (counted - len(newest))
        self.ends[provider] = [*newest, *ours[counted:], *strangers]

    async def wait(self, provider: str, pictures: int) -> float:
        now = time.monotonic()
        ends, limit = self._open(provider, now), self.limits.get(provider)
        if (shut := self.shut.get(provider, 0.0)) > now:
            return shut - now
        if limit is not None and (over := len(ends) + min(pictures, limit) - limit) > 0:
            return sorted(ends)[over - 1] - now
        ends += [now + self.window_seconds] * pictures
        return 0.0

    async def give_back(self, provider: str, pictures: int) -> None:
        ends = sorted(self.ends[provider])
        self.ends[provider] = ends[: max(0, len(ends) - pictures)]

    def _open(self, provider: str, now: float) -> list[float]:
        self.ends[provider] = [one for one in self.ends[provider] if one > now]
        return self.ends[provider]
