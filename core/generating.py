"""Use case: make the pictures of the request whose turn it is."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import imaging
from core.catalogue import Catalogue
from core.clock import Clock
from core.errors import Fault, Outage, ProviderError
from core.generation import Generation, Options, Reference, Stage
from core.ports import Doorbell, ImageProvider, Made, Outcome, ProviderCall, Signals, StoredImage, WorkStore
from core.prompt import compose
from core.reporting import Reporter
from core.retrying import next_try
from core.styles import Styles

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
RENEW_EVERY = 5.0
"""Seconds; a quarter of the lease, so that a slow round trip costs no work."""

MAX_ATTEMPTS = 5
"""Claims after which a request that keeps losing its worker is given up."""

STORE_AGAIN = 0.5, 5.0
"""Seconds between tries to store what was made while the database is away: the first and the longest."""


@dataclass(frozen=True, slots=True)
class Easel:
    """What it takes to draw."""

    providers: Mapping[str, ImageProvider]
    catalogue: Catalogue
    styles: Styles
    max_image_bytes: int
    max_retries: int


class Generating:
    """Runs requests, many at once, each under a lease."""

    def __init__(
        self, *, work: WorkStore, signals: Signals, doorbell: Doorbell, easel: Easel, worker: str, clock: Clock
    ) -> None:
        self._work = work
        self._signals = signals
        self._doorbell = doorbell
        self._easel = easel
        self._worker = worker
        self._clock = clock
        self._drawing: dict[UUID, asyncio.Task[Sequence[Made]]] = {}
        self._running: dict[UUID, Generation] = {}
        self._cancelled: set[UUID] = set()

    async def run_next(self) -> bool:
        """Claims one request and brings it to an end, or back into the queue. False when nothing waits."""
        generation = await self._work.claim(self._worker, LEASE)
        if generation is None:
            return False
        self._running[generation.id] = generation
        try:
            if generation.cancel_requested:
                await self._work.cancelled(generation, self._worker)
            else:
                await self._run(generation)
        finally:
            self._running.pop(generation.id, None)
            self._cancelled.discard(generation.id)
            with contextlib.suppress(Outage):
                await self._signals.settled(generation.id)
        return True

    async def keep_leases(self) -> None:
        """Renews the leases of all that runs here, until cancelled. Also hears of cancellations that a signal lost."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            ids = list(self._running)
            if not ids:
                continue
            try:
                held = await self._work.renew(ids, self._worker, LEASE)
            except Outage:
                log.warning("leases_not_renewed", extra={"running": len(ids)})
                continue
            for generation_id in (one for one, cancelled in held.items() if cancelled):
                self.cancel(generation_id)

    def cancel(self, generation_id: UUID) -> None:
        """Drops the provider's call; once the pictures are made they are kept instead."""
        drawing = self._drawing.get(generation_id)
        if drawing is not None and not drawing.done():
            self._cancelled.add(generation_id)
            drawing.cancel()

    async def left_behind(self, limit: int) -> Sequence[UUID]:
        """Frees the rows of lost workers; returns what waits, in order, to be rung for."""
        for generation_id in await self._work.reclaim(MAX_ATTEMPTS):
            log.warning("reclaimed", extra={"generation": str(generation_id)})
            await self._signals.settled(generation_id)
        return await self._work.waiting(limit)

    async def _run(self, generation: Generation) -> None:
        begun = _seconds()
        reporter = Reporter(self._signals, generation)
        try:
            reporter.expected_seconds, references = await asyncio.gather(
                self._work.typical_seconds(generation.options, generation.provider),
                self._work.references(generation.id),
            )
            await reporter.enter(Stage.INITIALISING)
            prompt = compose(generation.prompt, generation.options, self._easel.styles)
            made = await self._drawn(generation, prompt, references, reporter)
        except ProviderError as error:
            await self._failed(generation, error, reporter)
        except asyncio.CancelledError:
            await asyncio.shield(self._stopped(generation))
            if generation.id not in self._cancelled:
                raise
        else:
            spent = round((_seconds() - begun) * 1000)
            await asyncio.shield(self._keep(generation, made, prompt, spent, reporter))

    async def _drawn(
        self, generation: Generation, prompt: str, references: tuple[Reference, ...], reporter: Reporter
    ) -> Sequence[Made]:
        """The provider's call as a task of its own, so that a cancellation drops it and nothing else."""
        call = ProviderCall(
            prompt=prompt,
            options=generation.options,
            references=references,
            safety_identifier=hashlib.sha256(generation.user_id.bytes).hexdigest(),
        )
        provider = self._easel.providers.get(generation.provider)
        if provider is None:
            raise ProviderError(Fault.UNKNOWN_MODEL, f"no provider called {generation.provider!r} is set up")
        await reporter.enter(Stage.GENERATING)
        task = asyncio.create_task(self._draw(provider, call, reporter), name=f"drawing-{generation.id}")
        self._drawing[generation.id] = task
        try:
            return await task
        finally:
            task.cancel()
            self._drawing.pop(generation.id, None)

    async def _draw(self, provider: ImageProvider, call: ProviderCall, reporter: Reporter) -> Sequence[Made]:
        """Some of several pictures are better than none: an error counts only when nothing was made."""
        made: list[Made] = []
        try:
            async with reporter.ticking(), contextlib.aclosing(provider.generate(call)) as events:
                async for event in events:
                    if isinstance(event, Made):
                        made.append(event)
                    await reporter.hear(event)
        except ProviderError as error:
            if not made:
                raise
            log.warning("some_pictures_failed", extra={"made": len(made), "fault": str(error.fault)})
        if not made:
            raise ProviderError(Fault.BAD_IMAGE, "the provider ended without a picture")
        return sorted(made, key=lambda one: one.position)

    async def _keep(
        self, generation: Generation, made: Sequence[Made], prompt: str, spent: int, reporter: Reporter
    ) -> None:
        """Looks at the pictures while they are on their way into the database; commits when both are done."""
        await reporter.enter(Stage.PROCESSING)
        checking = asyncio.create_task(self._checked(generation, made, reporter), name=f"checking-{generation.id}")
        outcome = Outcome(
            made=made,
            checked=checking,
            provider_prompt=prompt,
            cost_micro=sum(self._cost(one, generation.options) for one in made),
            generation_time_ms=spent,
        )
        try:
            await self._stored(generation, outcome)
        except ProviderError as error:
            await self._failed(generation, error, reporter)
        finally:
            await asyncio.gather(checking, return_exceptions=True)

    async def _checked(self, generation: Generation, made: Sequence[Made], reporter: Reporter) -> Sequence[StoredImage]:
        images = []
        for one in made:
            checked, sha256 = await asyncio.gather(
                asyncio.to_thread(imaging.check, one.data, max_bytes=self._easel.max_image_bytes),
                asyncio.to_thread(_sha256, one.data),
            )
            images.append(
                StoredImage(
                    made=one,
                    media_type=checked.facts.media_type,
                    width=checked.facts.width,
                    height=checked.facts.height,
                    thumbnail_base64=imaging.encode(checked.thumbnail),
                    cost_micro=self._cost(one, generation.options),
                    sha256=sha256,
                )
            )
        await reporter.enter(Stage.SAVING)
        return images

    def _cost(self, made: Made, options: Options) -> int:
        """From the provider's own count of tokens; the catalogue's figure where it does not count."""
        model = self._easel.catalogue.find(options.model)
        if model is None:
            return 0
        if made.usage is None:
            return model.estimate_micro(options, "") // options.count
        return model.cost_micro(text_in=made.usage.text_in, image_in=made.usage.image_in, out=made.usage.out)

    async def _stored(self, generation: Generation, outcome: Outcome) -> None:
        """What was made is paid for: an outage of the database only delays."""
        pause = STORE_AGAIN[0]
        while True:
            try:
                kept = await self._work.finish(generation, self._worker, outcome)
            except Outage:
                log.warning("storing_postponed", extra=generation.log_context())
                await asyncio.sleep(pause)
                pause = min(pause * 2, STORE_AGAIN[1])
            else:
                if not kept:
                    log.error("finished_but_lost", extra=generation.log_context())
                return

    async def _failed(self, generation: Generation, error: ProviderError, reporter: Reporter) -> None:
        log.warning(
            "provider_failed", extra={"fault": str(error.fault), "detail": error.detail, **generation.log_context()}
        )
        pause = next_try(error, generation.attempts, self._easel.max_retries)
        if pause is None:
            await self._work.fail(generation, self._worker, error.fault, error.detail)
            return
        again = self._clock() + pause
        if await self._work.hand_back(generation, self._worker, again):
            await reporter.enter(Stage.QUEUED, retry_at=again)
            with contextlib.suppress(Outage):
                await self._doorbell.ring(generation.id, pause.total_seconds())

    async def _stopped(self, generation: Generation) -> None:
        if generation.id in self._cancelled:
            await self._work.cancelled(generation, self._worker)
        else:
            await self._work.hand_back(generation, self._worker, None)
            with contextlib.suppress(Outage):
                await self._doorbell.ring(generation.id)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _seconds() -> float:
    return asyncio.get_running_loop().time()
