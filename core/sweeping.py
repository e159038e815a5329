"""Use case: find what lost workers and lost signals left behind, and forget what is long over."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.leasing import LEASE
from core.ports import Signals, WorkStore

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
"""Claims after which a request that keeps losing its worker is given up."""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """Doing it twice, or from several processes at once, is harmless."""

    work: WorkStore
    signals: Signals
    grace: timedelta = LEASE
    """For workers to report back after the database was away."""

    async def left_behind(self, limit: int) -> Sequence[UUID]:
        """Frees the rows of lost workers; returns what waits, in order, to be rung for."""
        for generation_id in await self.work.reclaim(MAX_ATTEMPTS, self.grace):
            log.warning("reclaimed", extra={"generation": str(generation_id)})
            await self.signals.settled(generation_id)
        await self.work.unpark_forgotten()
        return await self.work.waiting(limit)

    async def tidy(self) -> None:
        """Forgets what nobody can ask for any more."""
        if gone := await self.work.forget():
            log.info("forgotten", extra={"rows": gone})
