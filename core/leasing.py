"""What one worker has in hand: each request under a lease that is renewed, each call to a provider as a task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum, auto
from typing import Any, TypeVar
from uuid import UUID

from core.errors import Outage
from core.generation import Generation
from core.ports import WorkStore

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
"""How long a worker that vanished is waited for, unless an operator says otherwise."""

RENEWALS = 4
"""In the course of one lease, so that a slow round trip costs no work."""

T = TypeVar("T")


class Dropped(Enum):
    """Why a call was dropped here, on purpose."""

    CANCELLED = auto()
    """Its asker wished so."""
    LEASE_LOST = auto()
    """Another worker has the request by now: to go on would mean to pay twice."""


class Leases:
    """Knows what runs in this process."""

    def __init__(self, work: WorkStore, worker: str, lease: timedelta = LEASE) -> None:
        self._work = work
        self._worker = worker
        self.lease = lease
        self._running: dict[UUID, Generation] = {}
        self._calls: dict[UUID, asyncio.Task[Any]] = {}
        self._dropped: dict[UUID, Dropped] = {}

    @contextmanager
    def held(self, generation: Generation) -> Iterator[None]:
        """The lease is renewed while inside."""
        self._running[generation.id] = generation
        try:
            yield
        finally:
            self._running.pop(generation.id, None)
            self._dropped.pop(generation.id, None)

    async def call(self, generation_id: UUID, work: Coroutine[Any, Any, T]) -> T:
        """Does the work as a task of its own, so that dropping it drops nothing else. Raises CancelledError then."""
        task = asyncio.create_task(work, name=f"drawing-{generation_id}")
        self._calls[generation_id] = task
        try:
            return await task
        finally:
            task.cancel()
            self._calls.pop(generation_id, None)

    def drop(self, generation_id: UUID, why: Dropped) -> None:
        """Drops the call, if one is under way: once the pictures are made they are kept instead."""
        task = self._calls.get(generation_id)
        if task is not None and not task.done():
            log.info("call_dropped", extra={"generation": str(generation_id), "why": why.name.lower()})
            self._dropped[generation_id] = why
            task.cancel()

    def dropped(self, generation_id: UUID) -> Dropped | None:
        """Why the call was dropped; None where this process itself is being stopped."""
        return self._dropped.get(generation_id)

    async def keep(self, every: float | None = None) -> None:
        """Renews all leases until cancelled, each so many seconds. Also hears of cancellations that a signal lost."""
        pause = self.lease.total_seconds() / RENEWALS if every is None else every
        while True:
            await asyncio.sleep(pause)
            if self._running:
                await _without_end(self._renew(), len(self._running))

    async def _renew(self) -> None:
        ids = list(self._running)
        held = await self._work.renew(ids, self._worker, self.lease)
        for generation_id in ids:
            if generation_id not in held:
                self.drop(generation_id, Dropped.LEASE_LOST)
            elif held[generation_id]:
                self.drop(generation_id, Dropped.CANCELLED)


async def _without_end(renewing: Awaitable[None], running: int) -> None:
    """Whatever goes wrong is tried again: without this loop every lease runs out, and what runs here is paid twice."""
    try:
        await renewing
    except Outage:
        log.warning("leases_not_renewed", extra={"running": running})
    except Exception:  # the edge
        log.exception("leases_not_renewed", extra={"running": running})
