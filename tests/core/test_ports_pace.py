"""The promises of the pace, kept in memory exactly as by Valkey: two processes together never ask for too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.pace import BELIEVED, SLACK, WINDOW, RedisPace
from core.ports import Headroom, Pace
from core.signals import connect
from tests.eventually import until
from tests.fakes.ports.pace import MemoryPace

Processes = tuple[Pace, Pace]

SHORT = 0.3
"""Seconds of a window whose end a test waits for."""


def paces(request: pytest.FixtureRequest, name: str) -> Processes:
    if request.param == "memory":
        shared = MemoryPace(SHORT if name == "short_over_valkey" else 60.0)
        return shared, shared
    found: Processes = request.getfixturevalue(name)
    return found


@pytest.fixture
async def over_valkey(redis_url: str) -> AsyncIterator[Processes]:
    here, there = connect(redis_url), connect(redis_url)
    yield RedisPace(here), RedisPace(there)
    await here.aclose()
    await there.aclose()


@pytest.fixture
async def short_over_valkey(redis_url: str) -> AsyncIterator[Processes]:
    here, there = connect(redis_url), connect(redis_url)
    yield RedisPace(here, SHORT), RedisPace(there, SHORT)
    await here.aclose()
    await there.aclose()


@pytest.fixture(params=["memory", "valkey"])
def processes(request: pytest.FixtureRequest) -> Processes:
    """The pace as two workers see it; a window lasts a minute."""
    return paces(request, "over_valkey")


@pytest.fixture(params=["memory", "valkey"])
def hurried(request: pytest.FixtureRequest) -> Processes:
    """The same with a window that is soon over."""
    return paces(request, "short_over_valkey")


async def let_through(processes: Processes, asked: int, pictures: int = 1) -> int:
    """How many of so many questions at once, half of them from each process, are answered with go."""
    waits = await asyncio.gather(*(processes[n % 2].wait("openai", pictures) for n in range(asked)))
    return sum(wait == 0 for wait in waits)


async def test_whoever_said_nothing_yet_is_asked_at_will(processes: Processes) -> None:
    assert await let_through(processes, 40) == 40


async def test_two_processes_together_never_ask_for_more_than_is_taken(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=7, remaining=7))
    assert await let_through(processes, 50) == 7
    assert 0 < await processes[1].wait("openai", 1) <= WINDOW + SLACK


async def test_pictures_count_and_not_questions(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=7, remaining=7))
    assert await let_through(processes, 10, pictures=2) == 3
    assert await processes[0].wait("openai", 1) == 0


async def test_what_was_asked_for_before_the_limit_was_known_counts(processes: Processes) -> None:
    assert await let_through(processes, 5) == 5
    await processes[0].heard("openai", Headroom(limit=7, remaining=2, reset_seconds=50))
    assert await let_through(processes, 10) == 2


async def test_what_strangers_took_with_the_same_key_counts_too(processes: Processes) -> None:
    assert await let_through(processes, 2) == 2
    await processes[1].heard("openai", Headroom(limit=10, remaining=3, reset_seconds=50))
    assert await let_through(processes, 10) == 3


async def test_an_answer_that_is_late_gives_nothing_back(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=5, remaining=5))
    assert await let_through(processes, 9) == 5
    await processes[1].heard("openai", Headroom(limit=5, remaining=4, reset_seconds=30))
    assert await let_through(processes, 9) == 0


async def test_a_pause_that_one_was_told_holds_for_all(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(retry_after=12))
    assert 0 < await processes[1].wait("openai", 1) <= 12
    await processes[0].heard("openai", Headroom(retry_after=3))
    assert 3 < await processes[1].wait("openai", 1) <= 12


async def test_providers_do_not_wait_for_one_another(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=1, remaining=0, reset_seconds=50, retry_after=20))
    assert await processes[0].wait("comfyui", 1) == 0


async def test_what_was_not_asked_for_after_all_is_there_for_others(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=4, remaining=4))
    assert await processes[0].wait("openai", 4) == 0
    await processes[0].give_back("openai", 3)
    assert await let_through(processes, 9) == 3


async def test_more_than_ever_fit_go_once_nothing_else_is_under_way(processes: Processes) -> None:
    await processes[0].heard("openai", Headroom(limit=2, remaining=2))
    assert await processes[0].wait("openai", 4) == 0
    assert await processes[1].wait("openai", 1) > 0


async def test_the_wait_is_until_there_is_room_again(hurried: Processes) -> None:
    await hurried[0].heard("openai", Headroom(limit=3, remaining=3))
    assert await let_through(hurried, 9) == 3
    assert 0 < await hurried[0].wait("openai", 3) <= SHORT

    async def there_is_room() -> bool:
        return await hurried[1].wait("openai", 3) == 0

    await until(there_is_room)
    assert await let_through(hurried, 9) == 0


async def test_a_provider_that_asks_for_ages_is_not_believed(redis_url: str) -> None:
    redis = connect(redis_url)
    pace = RedisPace(redis)
    await pace.heard("openai", Headroom(retry_after=1e9))
    assert 0 < await pace.wait("openai", 1) <= BELIEVED
    await redis.aclose()


async def test_without_redis_work_goes_on() -> None:
    redis = connect("redis://127.0.0.1:1")
    pace = RedisPace(redis)
    await pace.heard("openai", Headroom(limit=1, remaining=0, reset_seconds=50))
    assert [await pace.wait("openai", 1) for _ in range(3)] == [0.0, 0.0, 0.0]
    await pace.give_back("openai", 1)
    await redis.aclose()


async def test_what_redis_keeps_of_the_pace_goes_by_itself(redis_url: str) -> None:
    redis = connect(redis_url)
    pace = RedisPace(redis)
    await pace.heard("openai", Headroom(limit=3, remaining=1, reset_seconds=9))
    await pace.wait("openai", 1)
    keys = await redis.keys("*")
    assert len(keys) == 2
    lasting = [await redis.ttl(key) for key in keys]
    await redis.aclose()
    assert min(lasting) > 0
