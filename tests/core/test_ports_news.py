"""The promises of the doorbell and of the news, kept by those in memory exactly as by Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from core.generation import Progress, Stage
from core.ports import Settled, Signals
from core.signals import connect
from tests.core.implementations import Bell, MemoryBell, ValkeyBell, signals
from tests.fakes.ports import MemoryDoorbell, MemorySignals

Processes = tuple[Signals, Signals]


@pytest.fixture
async def over_valkey(redis_url: str) -> AsyncIterator[Processes]:
    async with signals(redis_url) as here, signals(redis_url) as there:
        yield here, there


@pytest.fixture(params=["memory", "valkey"])
def processes(request: pytest.FixtureRequest) -> Processes:
    """The news as two processes see it."""
    if request.param == "memory":
        shared = MemorySignals()
        return shared, shared
    found: Processes = request.getfixturevalue("over_valkey")
    return found


@pytest.fixture
async def valkey_bell(redis_url: str) -> AsyncIterator[ValkeyBell]:
    redis = connect(redis_url)
    yield ValkeyBell(redis)
    await redis.aclose()


@pytest.fixture(params=["memory", "valkey"])
def bell(request: pytest.FixtureRequest) -> Bell:
    if request.param == "memory":
        return MemoryBell(MemoryDoorbell())
    found: Bell = request.getfixturevalue("valkey_bell")
    return found


def _progress(one: UUID, sequence: int) -> Progress:
    return Progress(one, sequence, Stage.GENERATING, 60, 12, b"jpeg", sequence)


async def _told(processes: Processes, *news: Progress | Settled) -> None:
    """Returns once all of it has arrived."""
    (here, there), last = processes, uuid4()
    async with here.watch(last) as control:
        for one in news:
            await (there.publish(one) if isinstance(one, Progress) else there.settled(one.generation_id))
        await there.settled(last)
        assert await control.next(5) == Settled(last)


async def test_the_newest_progress_replaces_what_was_not_seen(processes: Processes) -> None:
    (here, there), one = processes, uuid4()
    async with here.watch(one) as watch:
        await _told(processes, *(_progress(one, number) for number in range(1, 20)))
        assert await watch.next(5) == _progress(one, 19)
        assert await watch.next(0.01) is None
    assert await there.latest(one) == _progress(one, 19)


async def test_progress_that_was_overtaken_on_its_way_does_not_replace_the_newer(processes: Processes) -> None:
    one = uuid4()
    async with processes[0].watch(one) as watch:
        await _told(processes, _progress(one, 5), _progress(one, 4))
        assert await watch.next(5) == _progress(one, 5)


async def test_the_end_is_heard_before_any_progress_and_the_progress_is_not_lost(processes: Processes) -> None:
    one = uuid4()
    async with processes[0].watch(one) as watch:
        await _told(processes, _progress(one, 1), Settled(one), _progress(one, 2))
        assert await watch.next(5) == Settled(one)
        assert await watch.next(5) == _progress(one, 2)


async def test_the_end_is_heard_once_and_what_follows_it_is_heard_too(processes: Processes) -> None:
    (here, there), one = processes, uuid4()
    async with here.watch(one) as watch:
        await there.settled(one)
        assert await watch.next(5) == Settled(one)
        await there.publish(_progress(one, 1))
        assert await watch.next(5) == _progress(one, 1)
        await there.settled(one)
        assert await watch.next(5) == Settled(one)
        assert await watch.next(0.01) is None


async def test_every_watcher_hears_and_one_that_leaves_does_not_deafen_the_others(processes: Processes) -> None:
    (here, there), one = processes, uuid4()
    async with here.watch(one) as first, there.watch(one) as second:
        async with here.watch(one):
            assert await here.latest(one) is None
        await here.publish(_progress(one, 1))
        assert [await first.next(5), await second.next(5)] == [_progress(one, 1)] * 2


async def test_news_of_another_request_are_not_heard(processes: Processes) -> None:
    (here, there), other = processes, uuid4()
    async with here.watch(uuid4()) as watch, here.watch(other) as control:
        await there.settled(other)
        assert await control.next(5) == Settled(other)
        assert await watch.next(0.01) is None


async def test_a_ring_stands_for_its_row_until_somebody_comes(bell: Bell) -> None:
    one, later = uuid4(), uuid4()
    await bell.doorbell.ring(one)
    await bell.doorbell.ring(later, 3600)
    due = dict(await bell.rings())
    assert due.keys() == {one, later}
    assert due[one] <= 0.1
    assert 3590 < due[later] <= 3600.1
