"""Turns, retries and legal moves: pure decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Fault, ProviderError
from core.fairness import turn
from core.generation import LEGAL_MOVES, Stage, Status
from core.retrying import PATIENCE, SAFE, next_try

numbers = st.floats(0, 1e9, allow_nan=False)


@given(numbers, numbers, st.floats(0.1, 4), st.floats(0.1, 10))
def test_a_turn_never_starts_before_what_is_served_nor_before_the_user_s_last(
    served: float, last: float, cost: float, weight: float
) -> None:
    start, finish = turn(served, last, cost, weight)
    assert start == max(served, last)
    assert finish >= start


def test_a_user_with_many_requests_is_spread_out_behind_one_who_comes_later() -> None:
    finish, starts = 0.0, []
    for _ in range(200):
        start, finish = turn(0.0, finish, 1.0)
        starts.append(start)
    newcomer, _ = turn(0.0, 0.0, 1.0)
    assert sum(start <= newcomer for start in starts) == 1


def test_an_idle_user_earns_no_credit() -> None:
    assert turn(1000.0, 3.0, 1.0)[0] == 1000.0


def test_a_heavier_tier_is_served_more_often() -> None:
    assert turn(0.0, 0.0, 1.0, weight=4.0)[1] < turn(0.0, 0.0, 1.0, weight=1.0)[1]


@pytest.mark.parametrize("fault", sorted(set(Fault) - SAFE))
def test_only_what_certainly_made_nothing_is_tried_again(fault: Fault) -> None:
    assert next_try(ProviderError(fault), 1, 10) is None


@pytest.mark.parametrize("fault", sorted(SAFE))
def test_pauses_double_up_to_a_minute_and_end(fault: Fault) -> None:
    pauses = [next_try(ProviderError(fault), attempt, 7) for attempt in range(1, 9)]
    assert pauses[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert max(one for one in pauses if one is not None) == timedelta(minutes=1)
    assert pauses[7] is None


def test_the_provider_s_own_time_is_honoured_unless_it_is_too_long_to_wait() -> None:
    assert next_try(ProviderError(Fault.RATE_LIMITED, retry_after=37), 1, 3) == timedelta(seconds=37)
    assert next_try(ProviderError(Fault.RATE_LIMITED, retry_after=PATIENCE + 1), 1, 3) is None


def test_an_end_is_an_end() -> None:
    assert {status for status in Status if status.final} == {Status.FINISHED, Status.FAILED, Status.CANCELLED}
    assert all(move in Status for moves in LEGAL_MOVES.values() for move in moves)


def test_stages_begin_at_the_percentages_that_were_promised() -> None:
    assert [stage.start for stage in Stage] == [10, 30, 60, 80, 90, 100]
