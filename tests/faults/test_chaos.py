"""A small storm in the suite; the ten large ones are run with `python -m tests.faults.chaos --seeds 1-10`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.chaos import storm
from tests.faults.reckoning import Reckoning
from tests.faults.weather import HOW_OFTEN

WELL = Reckoning(requests=10, accepted=9, delivered=6, failed=2, cancelled=1, calls=9)


async def test_a_small_storm_loses_nothing_and_pays_nothing_twice(template: Path, logs: Path) -> None:
    result, weather = await storm(template, logs, seed=7, requests=30, seconds=8)
    print(result)  # noqa: T201  the count is what this is for
    assert result.holds, result.remarks
    assert result.delivered > 0
    assert weather.struck == HOW_OFTEN


@pytest.mark.parametrize("wrong", ["duplicated", "lost", "unaccounted", "difference", "accepted", "delivered"])
def test_one_request_or_micro_dollar_too_many_breaks_the_promise(wrong: str) -> None:
    assert WELL.holds
    assert not replace(WELL, **{wrong: getattr(WELL, wrong) + 1}).holds
