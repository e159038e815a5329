"""The provider hangs, trickles, cuts off, is busy, is down: each request ends once, what may be billed is booked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.openai import faults
from tests.faults.accounts import Count, balanced, count
from tests.faults.asking import everywhere
from tests.faults.stage import Stage, stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(template: Path, logs: Path) -> AsyncIterator[Stage]:
    async with stage(template, logs, IMAGE_TIMEOUT_SECONDS="4", IMAGE_MAX_RETRIES="1") as raised:
        yield raised


@pytest_asyncio.fixture(loop_scope="module")
async def so_far(on: Stage) -> Count:
    return await count(on)


async def test_hangs_and_trickles_end_with_the_time_for_a_picture(on: Stage, so_far: Count) -> None:
    on.openai.script(faults.Hang(), faults.Hang(after_partials=1), faults.Trickle())
    await (await everywhere(on, "too slow for any deadline")).failed()
    _came_to(await balanced(on, "provider hangs and trickles"), so_far, failed=3, calls=3, lost=3)


async def test_connections_that_are_cut_are_not_tried_again(on: Stage, so_far: Count) -> None:
    on.openai.script(faults.Cut(), faults.Cut(reset=True), faults.Cut(after_partials=2))
    await (await everywhere(on, "cut off")).failed()
    _came_to(await balanced(on, "provider cuts off"), so_far, failed=3, calls=3, lost=3)


async def test_a_busy_provider_is_asked_again_when_it_said(on: Stage, so_far: Count) -> None:
    on.openai.script(faults.rate_limit({"retry-after": "1"}), times=3)
    await (await everywhere(on, "asked again")).finished()
    _came_to(await balanced(on, "429 with Retry-After"), so_far, finished=3, calls=6, refused=3)


async def test_a_storm_that_passes_is_waited_out(on: Stage, so_far: Count) -> None:
    on.openai.script(faults.server_error(), times=3)
    await (await everywhere(on, "after the storm")).finished()
    _came_to(await balanced(on, "500 once each"), so_far, finished=3, calls=6, refused=3)


async def test_a_storm_that_stays_is_told_and_costs_nothing(on: Stage, so_far: Count) -> None:
    on.openai.script(faults.server_error(), times=6)
    await (await everywhere(on, "in the storm")).failed()
    _came_to(await balanced(on, "500 for good"), so_far, failed=3, calls=6, refused=6)


def _came_to(now: Count, before: Count, **expected: int) -> None:
    """What was counted since, the rest of it nothing."""
    names = ("finished", "failed", "calls", "refused", "lost")
    assert {name: getattr(now, name) - getattr(before, name) for name in names} == dict.fromkeys(names, 0) | expected
