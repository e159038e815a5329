"""Use case: show progress and hand over the result, wherever and whenever the message can be edited."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

from core.errors import LimnerError, Outage
from core.gallery import Gallery
from core.generation import Accepted, Generation
from core.placeholder import LEASE, Placeholder
from core.ports import Courier, DeliveryStore, RequestStore, Signals

log = logging.getLogger(__name__)

RENEWALS = 6
"""In the course of one lease, so that one lost round trip costs no message."""

TAKE_OVER_AT_ONCE = 50


class Delivering:
    """Owns the placeholder messages of this process and takes over those that lost their owner."""

    def __init__(
        self,
        *,
        deliveries: DeliveryStore,
        requests: RequestStore,
        gallery: Gallery,
        signals: Signals,
        instance: str,
        lease: timedelta = LEASE,
    ) -> None:
        self._deliveries = deliveries
        self._requests = requests
        self._gallery = gallery
        self._signals = signals
        self._instance = instance
        self._lease = lease
        self._couriers: dict[str, Courier] = {}
        self._tending: dict[UUID, asyncio.Task[None]] = {}

    def serve(self, courier: Courier) -> None:
        """From now on messages of this platform are edited here."""
        self._couriers[courier.platform] = courier

    def follow(self, accepted: Accepted) -> None:
        """Starts to tend the message of a request; at once, in the background, owned by `run`.

        A duplicate is left to whoever accepted it first.
        """
        if not accepted.duplicate:
            self._start(accepted)

    def _start(self, accepted: Accepted) -> None:
        generation = accepted.generation
        courier = self._couriers.get(generation.reply_to.platform) if generation.reply_to else None
        if courier is None or generation.reply_to is None or generation.id in self._tending:
            return
        placeholder = Placeholder(
            accepted=accepted,
            reply_to=generation.reply_to,
            courier=courier,
            owner=self._instance,
            deliveries=self._deliveries,
            requests=self._requests,
            gallery=self._gallery,
            signals=self._signals,
            in_flight=lambda: len(self._tending),
            lease=self._lease,
        )
        task = asyncio.create_task(self._tend(placeholder), name=f"placeholder-{generation.id}")
        self._tending[generation.id] = task
        task.add_done_callback(lambda _: self._tending.pop(generation.id, None))

    async def run(self) -> None:
        """Keeps leases and takes over orphans until cancelled; then leaves all messages to others."""
        try:
            while True:
                try:
                    await self._keep()
                    await self._take_over()
                except Outage as away:
                    log.warning("delivery_sweep_failed", extra={"reason": str(away)})
                except Exception:  # the edge: one row that cannot be read must not end this bot, and the next
                    log.exception("delivery_sweep_failed")
                await asyncio.sleep(self._lease.total_seconds() / RENEWALS)
        finally:
            await self._stop()

    async def _tend(self, placeholder: Placeholder) -> None:
        try:
            await placeholder.tend()
        except LimnerError as error:  # the database is away: the lease runs out and a sweep takes it up again
            log.warning("placeholder_left", extra={"reason": str(error)})
        except Exception:  # the edge: a task that nobody awaits would die unheard; a sweep takes its message up again
            log.exception("placeholder_left")

    async def _keep(self) -> None:
        ids = list(self._tending)
        ours = await self._deliveries.renew(ids, self._instance, self._lease) if ids else frozenset()
        for lost in set(ids) - ours:
            if task := self._tending.get(lost):
                task.cancel()

    async def _take_over(self) -> None:
        if not self._couriers:
            return
        found = await self._deliveries.take_over(self._instance, list(self._couriers), self._lease, TAKE_OVER_AT_ONCE)
        for generation in found:
            self._start(await self._as_accepted(generation))

    async def _as_accepted(self, generation: Generation) -> Accepted:
        return await self._requests.standing(generation.id) or Accepted(generation, 0, None)

    async def _stop(self) -> None:
        tasks = list(self._tending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._deliveries.release(self._instance)
        except Outage as away:
            log.warning("release_failed", extra={"reason": str(away)})
