"""How often somebody comes, counted by all processes together in Redis, and by each alone while that is away."""

from __future__ import annotations

import asyncio
import logging
import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from core.ports import Rate
from core.signals import Redis

log = logging.getLogger(__name__)

ANSWER = 0.5
"""Seconds that Redis is given: whoever is counted waits for it."""

ALONE = 5.0
"""Seconds without asking Redis again after it did not answer."""


class MovingRates:
    """Implements `core.ports.RateLimiter`."""

    def __init__(self, redis: Redis | None) -> None:
        """Without Redis this process counts for itself alone."""
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._together = None if redis is None else _over(redis)
        self._again_at = 0.0

    async def hit(self, key: str, per_minute: int) -> Rate:
        if self._together is not None and time.monotonic() >= self._again_at:
            try:
                async with asyncio.timeout(ANSWER):
                    return await _hit(self._together, key, per_minute)
            except (StorageError, OSError) as away:  # TimeoutError is an OSError
                self._again_at = time.monotonic() + ALONE
                log.warning("rates_counted_alone", extra={"reason": type(away.__cause__ or away).__name__})
        return await _hit(self._alone, key, per_minute)


def _over(redis: Redis) -> MovingWindowRateLimiter:
    storage = RedisStorage(
        "async+redis://",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="limner:rates",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its options are typed too narrowly
    )
    return MovingWindowRateLimiter(storage)


async def _hit(window: MovingWindowRateLimiter, key: str, per_minute: int) -> Rate:
    item = RateLimitItemPerMinute(per_minute)
    taken = await window.hit(item, key)
    stats = await window.get_window_stats(item, key)
    return Rate(taken, per_minute, max(0, stats.remaining), max(1, math.ceil(stats.reset_time - time.time())))
