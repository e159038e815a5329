"""The life of one placeholder message: the latest progress wins, the end comes at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.clock import now
from core.errors import LimnerError, Outage, Undeliverable
from core.gallery import Gallery
from core.generation import Accepted, Generation, Progress, ReplyTo, Status
from core.persisting import insisted
from core.ports import Courier, DeliveryStore, RequestStore, Settled, Signals, Watch
from core.views import Cancelled, Failed, Finished, View, Waiting, Working

log = logging.getLogger(__name__)

SILENCE = 5.0
"""Seconds without news after which the row is read again: a lost signal delays by this much, no more."""

LEASE = timedelta(seconds=30)
"""How long the owner of a message that vanished is waited for, unless an operator says otherwise."""

RETRY = timedelta(seconds=10)
"""Until the next try at a platform that is away, where it named no time itself."""

LONGEST = timedelta(hours=1)
"""The longest that a platform is believed when it names a time; also until a mistake of our own is tried again."""


@dataclass(slots=True)
class Placeholder:
    """Shows one request in one message until its end was shown."""

    accepted: Accepted
    reply_to: ReplyTo
    courier: Courier
    owner: str
    deliveries: DeliveryStore
    requests: RequestStore
    gallery: Gallery
    signals: Signals
    in_flight: Callable[[], int]
    lease: timedelta = LEASE
    silence: float = SILENCE
    place: tuple[int, int | None, bool] | None = None
    """What the message says of the queue; None while it says something else."""
    next_edit: float = 0.0
    quiet: bool = False
    """Set when the platform refused a progress edit for good; the end is tried all the same."""

    async def tend(self) -> None:
        """Runs until the message is final, or its delivery was handed to a later try."""
        async with self.signals.watch(self.accepted.generation.id) as watch:
            # Read after subscribing: what settled before is seen here, what settles later is heard.
            generation = await self._now()
            if generation.status is Status.QUEUED:
                await self._show_place(self.accepted)
            while not generation.status.final:
                generation = await self._follow(watch, generation)
        await self._deliver(generation)

    async def _follow(self, watch: Watch, generation: Generation) -> Generation:
        """Edits with each progress that survives the pacing; returns the row when it may have changed."""
        pending: Progress | None = None
        while True:
            wait = self.silence if pending is None else max(0.0, self.next_edit - _seconds())
            news = await watch.next(wait)
            if isinstance(news, Settled):
                generation = await self._now()
                if generation.status.final:
                    return generation
                continue  # back in the queue: what is pending says why
            pending = news or pending
            if pending is None:
                return await self._look()
            if _seconds() >= self.next_edit:
                self.place = None
                await self._edit(Working(generation, pending))
                pending = None

    async def _look(self) -> Generation:
        """The row as it is now. The queue moves without news of this request, so its place is told anew."""
        standing = await self.requests.standing(self.accepted.generation.id)
        if standing is None:
            return self.accepted.generation
        generation = standing.generation
        put_off = generation.not_before is not None and generation.not_before > now()
        if generation.status is Status.QUEUED and not put_off and _seconds() >= self.next_edit:
            await self._show_place(standing)
        return generation

    async def _show_place(self, standing: Accepted) -> None:
        place = (standing.position, standing.eta_seconds, standing.generation.parked)
        if place != self.place:
            self.place = place
            await self._edit(Waiting(standing))

    async def _edit(self, view: View) -> None:
        if self.quiet:
            return
        self.next_edit = _seconds() + self.courier.interval(self.in_flight())
        try:
            await self._show(view)
        except Outage as away:
            self.place, self.next_edit = None, _seconds() + _pause(away).total_seconds()
        except Undeliverable as never:
            log.info("progress_refused", extra={"reason": str(never), **self.accepted.generation.log_context()})
            self.quiet = True
        except Exception:  # the edge: an adapter that stumbles over progress may still be able to show the end
            log.exception("progress_failed", extra=self.accepted.generation.log_context())
            self.quiet = True

    async def _deliver(self, generation: Generation) -> None:
        """Shows the end, if the message is still ours to edit."""
        renewing = self.deliveries.renew([generation.id], self.owner, self.lease)
        # The end is read meanwhile: it counts only if the message turns out to be ours.
        ours, end = await asyncio.gather(renewing, self._end(generation), return_exceptions=True)
        if isinstance(ours, BaseException):
            raise ours
        if generation.id not in ours:
            return
        try:
            await self._show(_result(end))
        except Undeliverable as never:
            log.warning("undeliverable", extra={"reason": str(never), **generation.log_context()})
            await self.deliveries.give_up(generation.id, self.owner, str(never))
        except LimnerError as away:
            log.warning("delivery_postponed", extra={"reason": str(away), **generation.log_context()})
            await self.deliveries.postpone(generation.id, self.owner, _pause(away), str(away))
        except Exception as defect:  # the edge: a mistake of ours must not be made every few seconds, nor lose the end
            log.exception("delivery_failed", extra=generation.log_context())
            await self.deliveries.postpone(generation.id, self.owner, LONGEST, type(defect).__name__)
        else:
            await self.deliveries.delivered(generation.id, self.owner)

    async def _show(self, view: View) -> None:
        moved = await self.courier.show(self.reply_to, view)
        if moved is not None:
            self.reply_to = moved
            # Insisted on: whoever does not know of the new message would show the end in the old one, too.
            await insisted(lambda: self._is_at(moved), self.accepted.generation.log_context())

    async def _is_at(self, place: ReplyTo) -> bool:
        await self.deliveries.move(self.accepted.generation.id, place)
        return True

    async def _end(self, generation: Generation) -> View:
        if generation.status is Status.FINISHED:
            return Finished(generation, await self.gallery.finished(generation))
        return Failed(generation) if generation.status is Status.FAILED else Cancelled(generation)

    async def _now(self) -> Generation:
        found = await self.requests.generation(self.accepted.generation.id)
        return found or self.accepted.generation


def _result(end: View | BaseException) -> View:
    if isinstance(end, BaseException):
        raise end
    return end


def _pause(away: LimnerError) -> timedelta:
    seconds = away.retry_after if isinstance(away, Outage) else None
    return timedelta(seconds=min(seconds, LONGEST.total_seconds())) if seconds and seconds > 0 else RETRY


def _seconds() -> float:
    return asyncio.get_running_loop().time()
