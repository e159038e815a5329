"""The pace that a provider sets, shared by all workers over Redis: a log of what was asked for in the last window.

A log that slides keeps within a window that starts over at once as well as within one that fills up steadily. What the
provider says corrects it: whoever else uses the same key is seen in its figures, and becomes an entry of the log.
"""

from __future__ import annotations

import asyncio
import logging
import math
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.ports import Headroom

__all__ = ["RedisPace"]

log = logging.getLogger(__name__)

WINDOW = 60.0
"""Seconds; providers count pictures by the minute."""

SLACK = 2.0
"""Seconds for which a picture counts beyond that: one that was let through later may well arrive earlier."""

BELIEVED = 300.0
"""The longest that a provider is believed when it names a time, in seconds."""

MOST = 10_000
"""Pictures in a window; a limit above it is none that anybody meets."""

ANSWER = 1.0
"""Seconds until a server that says nothing counts as away. Then work goes on: the provider itself says no."""

KEPT = 24 * 3600
"""Seconds for which a limit is remembered that nobody heard of again."""

# Each entry of the log is a picture, its score the millisecond at which it was asked for; it counts for one window.
# KEYS: what is known, the log. The clock is the server's, so that all workers have the same one.
_NOW = """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local function add(score, count)
        for _ = 1, count do
            redis.call('ZADD', KEYS[2], score, redis.call('HINCRBY', KEYS[1], 'entries', 1))
        end
    end
    local function keep(milliseconds)
        redis.call('PEXPIRE', KEYS[1], milliseconds)
        redis.call('PEXPIRE', KEYS[2], milliseconds)
    end
"""

# ARGV: pictures, window, how long to keep. Returns milliseconds to wait.
_WAIT = (
    _NOW
    + """
    local pictures, window = tonumber(ARGV[1]), tonumber(ARGV[2])
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - window)
    local shut = tonumber(redis.call('HGET', KEYS[1], 'shut') or 0)
    if shut > now then return shut - now end
    local limit = tonumber(redis.call('HGET', KEYS[1], 'limit') or 0)
    if limit > 0 then
        local over = redis.call('ZCARD', KEYS[2]) + math.min(pictures, limit) - limit
        if over > 0 then
            local last = redis.call('ZRANGE', KEYS[2], over - 1, over - 1, 'WITHSCORES')
            return math.max(1, last[2] + window - now)
        end
    end
    add(now, pictures)
    keep(ARGV[3])
    return 0
"""
)

# ARGV: limit, remaining, milliseconds to the reset, milliseconds to keep away; -1 for unknown. Then as above.
# As many as the provider counts stay in the log until it counts them no more: the newest of ours, then strangers'.
_HEARD = (
    _NOW
    + """
    local limit, remaining, reset, away = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
    local window = tonumber(ARGV[5])
    if away > 0 then
        local shut = math.max(now + away, tonumber(redis.call('HGET', KEYS[1], 'shut') or 0))
        redis.call('HSET', KEYS[1], 'shut', shut)
    end
    if limit > 0 then redis.call('HSET', KEYS[1], 'limit', limit) end
    if limit > 0 and remaining >= 0 and reset > 0 then
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - window)
        local counted, score = math.max(0, limit - remaining), now + reset - window
        local ours = counted > 0 and redis.call('ZREVRANGE', KEYS[2], 0, counted - 1) or {}
        for _, entry in ipairs(ours) do
            redis.call('ZADD', KEYS[2], 'GT', score, entry)
        end
        add(score, counted - #ours)
    end
    keep(ARGV[6])
    return 0
"""
)

_GIVE_BACK = "return redis.call('ZPOPMAX', KEYS[2], ARGV[1])"


class RedisPace:
    """Implements `core.ports.Pace`. `window_seconds` is how long a picture counts."""

    def __init__(self, redis: Redis, window_seconds: float = WINDOW + SLACK) -> None:
        self._redis = redis
        self._window = _ms(window_seconds)
        self._wait = redis.register_script(_WAIT)
        self._heard = redis.register_script(_HEARD)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def heard(self, provider: str, said: Headroom) -> None:
        limit = said.limit if said.limit is not None and 0 < said.limit <= MOST else -1
        remaining = -1 if said.remaining is None else max(0, said.remaining)
        reset, away = _ms(_believed(said.reset_seconds)), _ms(_believed(said.retry_after or 0.0))
        await self._asked(self._heard, provider, limit, remaining, reset, away, self._window, KEPT * 1000)

    async def wait(self, provider: str, pictures: int) -> float:
        return await self._asked(self._wait, provider, pictures, self._window, KEPT * 1000) / 1000

    async def give_back(self, provider: str, pictures: int) -> None:
        await self._asked(self._give_back, provider, pictures)

    async def _asked(self, script: Any, provider: str, *arguments: int) -> float:
        """What the script answers; 0 where Redis is away, for a doorbell holds nobody up."""
        known = f"limner:pace:{{{provider}}}"
        try:
            async with asyncio.timeout(ANSWER):
                answer = await script(keys=[known, f"{known}:log"], args=arguments)
        except (RedisError, OSError) as error:  # TimeoutError is an OSError
            log.warning("pace_unknown", extra={"provider": provider, "reason": type(error).__name__})
            return 0.0
        return 0.0 if isinstance(answer, list) else float(answer)


def _ms(seconds: float) -> int:
    return math.ceil(seconds * 1000)


def _believed(seconds: float) -> float:
    return min(max(seconds, 0.0), BELIEVED)
