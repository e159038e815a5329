"""Scheduled work: finds what a lost worker or a lost ticket left behind."""

from __future__ import annotations

import logging
from typing import Any

from core.errors import Outage
from core.sweeping import Sweeping
from worker.queue import TicketQueue

log = logging.getLogger(__name__)

EVERY = set(range(0, 60, 5))
"""Seconds of the minute. With a lease of 20 s a dead worker is noticed within 30 s."""

AT_ONCE = 200
"""Tickets written by one sweep; the next one goes on."""


async def sweep(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Rows whose worker is gone go back into the queue; waiting rows get a ticket. Doing it twice is harmless."""
    sweeping: Sweeping = ctx["sweeping"]
    tickets: TicketQueue = ctx["tickets"]
    try:
        waiting = await sweeping.left_behind(AT_ONCE)
        for generation_id in waiting:
            await tickets.ring_again(generation_id)
    except Outage as away:
        log.warning("sweep_failed", extra={"reason": str(away)})


async def tidy(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Once an hour."""
    sweeping: Sweeping = ctx["sweeping"]
    try:
        await sweeping.tidy()
    except Outage as away:
        log.warning("tidying_failed", extra={"reason": str(away)})
