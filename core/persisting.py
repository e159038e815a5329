"""Work that is seen through: an outage only delays it, and being stopped waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from core.errors import Outage

log = logging.getLogger(__name__)

AGAIN = 0.5, 5.0
"""Seconds between tries while the database is away: the first and the longest."""

LAST_CHANCE = 15.0
"""Seconds that work gets to end once its process is being stopped; with the grace of a worker, below Docker's."""


async def seen_through(work: Coroutine[Any, Any, None], patience: float = LAST_CHANCE) -> None:
    """Does the work to its end. A cancellation takes effect only then, or when `patience` is over.

    `asyncio.shield` alone would let the canceller go on, and close the database under work that nobody owns.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=patience)
        task.cancel()
        (failure,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(failure, Exception):
            log.warning("failed_while_stopping", exc_info=failure)
        raise


async def insisted(write: Callable[[], Awaitable[bool]], context: Mapping[str, object]) -> bool:
    """Writes, however long the database is away; `context` is for the log."""
    pause = AGAIN[0]
    while True:
        try:
            return await write()
        except Outage:
            log.warning("writing_postponed", extra=dict(context))
            await asyncio.sleep(pause)
            pause = min(pause * 2, AGAIN[1])
