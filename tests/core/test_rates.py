"""How often somebody comes, over Valkey and without it."""

from __future__ import annotations

import asyncio

from core.rates import MovingRates
from core.signals import connect


async def test_processes_count_together(redis_url: str) -> None:
    here, there = connect(redis_url), connect(redis_url)
    both = MovingRates(here), MovingRates(there)
    found = [await both[n % 2].hit("ada", 3) for n in range(5)]
    assert [one.taken for one in found] == [True, True, True, False, False]
    assert [one.left for one in found] == [2, 1, 0, 0, 0]
    assert all(1 <= one.resets_in <= 60 for one in found)
    assert (await both[0].hit("eve", 3)).taken
    await here.aclose()
    await there.aclose()


async def test_of_many_at_once_only_as_many_pass_as_may(redis_url: str) -> None:
    redis = connect(redis_url)
    rates = MovingRates(redis)
    found = await asyncio.gather(*(rates.hit("ada", 7) for _ in range(50)))
    assert sum(one.taken for one in found) == 7
    await redis.aclose()


async def test_while_redis_is_away_each_process_counts_for_itself() -> None:
    redis = connect("redis://127.0.0.1:1")
    rates = MovingRates(redis)
    assert [(await rates.hit("ada", 2)).taken for _ in range(3)] == [True, True, False]
    await redis.aclose()
