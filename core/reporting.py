"""How far a running request is: figures from the provider, from partial pictures, or from measured durations."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from core import imaging
from core.errors import Outage, ProviderError
from core.generation import Generation, Progress, Stage
from core.ports import Fraction, Made, Partial, Signals

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two updates that only time brought about."""

HELD_BACK = 0.95
"""The most that measured time alone may claim: the rest is shown when the picture is there."""

ATTEMPT = 100_000
"""Sequence numbers of a later attempt are above all of an earlier one."""


class Reporter:
    """Publishes one request's progress. Never goes back, never claims what no source backs."""

    def __init__(self, signals: Signals, generation: Generation, expected_seconds: float | None = None) -> None:
        self._signals = signals
        self._generation = generation
        self.expected_seconds = expected_seconds
        """The measured duration of such requests, once it is known."""
        self._sequence = generation.attempts * ATTEMPT
        self._stage = Stage.QUEUED
        self._percent = 0
        self._shares: dict[int, float] = {}
        self._partials: dict[int, bytes] = {}
        self._preview: bytes | None = None
        self._previews = 0
        self._begun = _seconds()

    async def enter(self, stage: Stage, *, retry_at: datetime | None = None) -> None:
        """The request is in this stage from now on."""
        self._stage = stage
        await self._publish(max(self._percent, stage.start), retry_at)

    async def hear(self, event: Partial | Fraction | Made) -> None:
        """Takes a provider's event into account."""
        match event:
            case Fraction(done):
                self._shares[0] = max(self._shares.get(0, 0.0), done * self._generation.options.count)
            case Partial(position, k, of, data):
                self._shares[position] = max(self._shares.get(position, 0.0), k / (of + 1))
                await self._show(position, data)
            case Made(position=position):
                self._shares[position] = 1.0
                if sum(self._shares.values()) >= self._generation.options.count:
                    return  # the last picture: the next stage says more, and at once
        await self._publish(self._drawn())

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """While inside, time moves the figures too, where durations were measured."""
        if self.expected_seconds is None:
            yield
            return
        ticker = asyncio.create_task(self._tick(), name=f"ticker-{self._generation.id}")
        try:
            yield
        finally:
            ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticker

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            await self._publish(self._drawn())

    def _drawn(self) -> int:
        """Percent within the generating stage: the furthest that any source backs."""
        share = min(1.0, sum(self._shares.values()) / self._generation.options.count)
        if self.expected_seconds:
            share = max(share, min(HELD_BACK, (_seconds() - self._begun) / self.expected_seconds))
        room = Stage.PROCESSING.start - Stage.GENERATING.start - 1
        return Stage.GENERATING.start + int(room * share)

    async def _show(self, position: int, data: bytes) -> None:
        """A partial picture that cannot be read is not worth failing for: the finished one is checked."""
        self._partials[position] = data
        pictures = [self._partials.get(n) for n in range(self._generation.options.count)]
        try:
            if len(pictures) == 1:
                self._preview = await asyncio.to_thread(imaging.preview, data)
            else:
                self._preview = await asyncio.to_thread(imaging.contact_sheet, pictures)
        except ProviderError as error:
            self._partials.pop(position)
            log.info("preview_unreadable", extra={"reason": error.detail, **self._generation.log_context()})
        else:
            self._previews += 1

    async def _publish(self, percent: int, retry_at: datetime | None = None) -> None:
        self._percent = max(self._percent, percent)
        self._sequence += 1
        progress = Progress(
            generation_id=self._generation.id,
            sequence=self._sequence,
            stage=self._stage,
            percent=self._percent,
            eta_seconds=self._left(),
            preview=self._preview,
            preview_index=self._previews,
            retry_at=retry_at,
        )
        try:
            await self._signals.publish(progress)
        except Outage:
            log.info("progress_lost", extra=self._generation.log_context())  # the row is what counts

    def _left(self) -> int | None:
        if self.expected_seconds is None:
            return None
        return max(1, round(self.expected_seconds - (_seconds() - self._begun)))


def _seconds() -> float:
    return asyncio.get_running_loop().time()
