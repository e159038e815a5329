"""Whose turn it is: start-time fair queuing, one number computed when a request is inserted."""

from __future__ import annotations


def turn(served: float, last_finish: float, cost: float, weight: float = 1.0) -> tuple[float, float]:
    """Returns (virtual start, virtual finish) of a request.

    `served` is the virtual start of what was last begun, `last_finish` where the user's previous request ends.
    A user with 200 requests is spread out behind one who asks for the first time; an idle user earns no credit.
    After Goyal, Vin, Cheng: Start-time Fair Queuing (1996).
    """
    start = max(served, last_finish)
    return start, start + cost / weight
