"""Whose turn it is, if the provider takes anything right now: no request is claimed that may not be asked for yet."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta

from core.errors import Outage
from core.generation import Generation
from core.ports import Doorbell, Pace, Upcoming, WorkStore

log = logging.getLogger(__name__)

TRIES = 5
"""Looks at the head of the queue before somebody else's claims are waited out."""

SOON = 0.2
"""Seconds until the next look then; also how far from each other two late tickets are worth having."""

LOOK = 1.0
"""Seconds for which a provider that takes nothing is believed without asking the pace again."""

EARLY = 0.9
"""Of that time; so that a late ticket, should it come a little early, is not used up in vain as well."""


class Claims:
    """Claims for one worker. Without a pace it asks nobody but the queue."""

    def __init__(self, work: WorkStore, doorbell: Doorbell, worker: str, pace: Pace | None) -> None:
        self._work = work
        self._doorbell = doorbell
        self._worker = worker
        self._pace = pace
        self._shut_until = 0.0
        self._ticket_at = 0.0
        """When the late ticket is due that stands for all whose tickets were used up in vain."""

    async def next(self, lease: timedelta) -> Generation | None:
        """The request whose turn it is; None when nothing waits, or when it must: then a later ticket is rung.

        What comes first in line is waited for even if what comes after it were small enough: order stays fair.
        """
        if self._pace is None:
            return await self._work.claim(self._worker, lease)
        if _seconds() < self._shut_until:
            return None
        head = await self._work.upcoming()
        for _ in range(TRIES):
            if head is None:
                return None
            wait = await self._pace.wait(head.provider, head.pictures)
            if wait > 0:
                await self._later(head, wait)
                return None
            claimed = await self._claimed(self._pace, head, lease)
            if claimed is not None:
                await self._ring_for_the_next()
                return claimed
            head = await self._work.upcoming()
        if head is not None:
            await self._later(head, SOON)
        return None

    async def _claimed(self, pace: Pace, head: Upcoming, lease: timedelta) -> Generation | None:
        """Somebody else may have claimed the head meanwhile; what comes next is taken only if it asks for no more."""
        asked = 0
        try:
            claimed = await self._work.claim(self._worker, lease, head.pictures)
            if claimed is not None and claimed.provider == head.provider:
                asked = claimed.options.count
        finally:
            if asked < head.pictures:
                await pace.give_back(head.provider, head.pictures - asked)
        return claimed

    async def _later(self, head: Upcoming, wait: float) -> None:
        """One late ticket serves for all that were used up in vain: whoever claims then rings for the next."""
        now = _seconds()
        self._shut_until = now + min(wait, LOOK) * EARLY
        if now + SOON < self._ticket_at <= now + wait + SOON:
            return
        log.info("paced", extra={"provider": head.provider, "seconds": round(wait, 1)})
        self._ticket_at = now + wait
        await self._ring(head, wait)

    async def _ring_for_the_next(self) -> None:
        """Its own ticket may have been used up while the provider took nothing."""
        with contextlib.suppress(Outage):
            if (head := await self._work.upcoming()) is not None:
                await self._ring(head, 0.0)

    async def _ring(self, head: Upcoming, delay: float) -> None:
        with contextlib.suppress(Outage):  # the sweep rings again
            await self._doorbell.ring(head.generation_id, delay)


def _seconds() -> float:
    return asyncio.get_running_loop().time()
