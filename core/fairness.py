"""Whose turn it is, by start-time fair queuing: one number computed when a request is inserted. And when it comes."""

from __future__ import annotations


def turn(served: float, last_finish: float, cost: float, weight: float = 1.0) -> tuple[float, float]:
    """Returns (virtual start, virtual finish) of a request.

    `served` is the virtual start of what was last begun, `last_finish` where the user's previous request ends.
    A user with 200 requests is spread out behind one who asks for the first time; an idle user earns no credit.
    After Goyal, Vin, Cheng: Start-time Fair Queuing (1996).
    """
    start = max(served, last_finish)
    return start, start + cost / weight


def ready_in(typical_seconds: float | None, position: int, side_by_side: int) -> int | None:
    """Seconds until a waiting request should be done; None while nobody knows how long such requests take.

    Requests are worked on `side_by_side` at a time and take about as long as one another, so the one at `position`
    (1 is next, 0 is under way) has `(position - 1) / side_by_side` rounds before it and one of its own. Not rounded up
    to whole rounds: they are never in step, and the figure should move whenever the queue does.
    """
    if typical_seconds is None:
        return None
    rounds = 1 + max(0, position - 1) / max(1, side_by_side)
    return round(typical_seconds * rounds)
