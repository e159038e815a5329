"""When a waiting request should be done: from its place, the usual duration, and how much is done side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core import wording
from core.fairness import ready_in
from core.generation import Status
from core.policies import Policy, Scope
from tests.core.implementations import Ports
from tests.core.material import ADA, BOB, OPTIONS, picture, request, terms


def test_with_one_worker_each_place_in_line_is_a_round() -> None:
    assert [ready_in(10.0, place, 1) for place in (0, 1, 2, 3)] == [10, 10, 20, 30]


def test_what_is_done_side_by_side_shares_the_rounds() -> None:
    assert [ready_in(10.0, place, 5) for place in (1, 6, 11)] == [10, 20, 30]


def test_nobody_knows_without_a_usual_duration() -> None:
    assert ready_in(None, 3, 4) is None


@given(st.floats(0.1, 600), st.integers(1, 1000), st.integers(0, 100))
def test_a_place_further_ahead_is_never_later(typical: float, place: int, side_by_side: int) -> None:
    here, ahead = ready_in(typical, place + 1, side_by_side), ready_in(typical, place, side_by_side)
    assert here is not None
    assert ahead is not None
    assert round(typical) <= ahead <= here


async def _measured(ports: Ports, took_ms: int = 10_000) -> None:
    """Three requests that took so long each, so that there is a median."""
    for _ in range(3):
        asked = await ports.asked()
        await ports.hand.begin(asked)
        await ports.hand.finish(asked, picture(), took_ms=took_ms)


async def test_the_forecast_of_an_accepted_request_counts_those_ahead(ports: Ports) -> None:
    await _measured(ports)
    shown = [await ports.accept() for _ in range(4)]
    times = [one.eta_seconds or 0 for one in shown]
    assert [one.position for one in shown] == [1, 2, 3, 4]
    assert times[0] == 10
    assert times == sorted(set(times))


async def test_a_place_and_its_forecast_move_up_as_the_queue_moves(ports: Ports) -> None:
    await _measured(ports)
    first = await ports.asked()
    second = await ports.accept()
    before = await ports.requests.standing(second.generation.id)
    await ports.hand.begin(first)
    after = await ports.requests.standing(second.generation.id)
    assert before == second
    assert after is not None
    assert (after.position, after.eta_seconds) == (1, 10)
    assert (second.eta_seconds or 0) > 10


async def test_what_runs_or_ended_has_no_place(ports: Ports) -> None:
    await _measured(ports)
    asked = await ports.asked()
    await ports.hand.begin(asked)
    running = await ports.requests.standing(asked)
    assert running is not None
    assert (running.generation.status, running.position) == (Status.RUNNING, 0)
    await ports.hand.finish(asked, picture())
    ended = await ports.requests.standing(asked)
    assert ended is not None
    assert (ended.generation.status, ended.position) == (Status.FINISHED, 0)


async def test_a_stranger_s_id_has_no_standing(ports: Ports) -> None:
    assert await ports.requests.standing((await ports.row(await ports.asked())).user_id) is None


async def test_a_request_that_waits_for_ones_own_says_so_until_it_is_let_in(ports: Ports) -> None:
    await _measured(ports)
    one_at_a_time = terms(None, ceiling=Policy(scope=Scope.INSTALLATION, subject="", max_running=1))
    first, second = [await ports.requests.accept(request(ADA, options=OPTIONS), one_at_a_time) for _ in range(2)]
    assert [one.generation.parked for one in (first, second)] == [False, True]
    assert second.eta_seconds is None
    assert wording.waiting_words(second) == "waiting for your other picture to end"
    assert await ports.row(second.generation.id) == second.generation

    await ports.hand.begin(first.generation.id)
    other = await ports.requests.accept(request(BOB), one_at_a_time)
    assert (other.position, other.generation.parked) == (1, False)
    await ports.hand.finish(first.generation.id, picture())
    assert await ports.requests.unpark(await ports.row(first.generation.id)) == [second.generation.id]
    let_in = await ports.requests.standing(second.generation.id)
    assert let_in is not None
    assert not let_in.generation.parked
    assert "in line" in wording.waiting_words(let_in)
