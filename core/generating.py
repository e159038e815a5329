"""Use case: make the pictures of the request whose turn it is."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from core.catalogue import Catalogue
from core.checking import checked, cost_micro
from core.claiming import Claims
from core.cleaning import clean
from core.clock import Clock
from core.errors import Fault, Outage, ProviderError
from core.generation import Generation, Reference, Stage
from core.leasing import LEASE, Dropped, Leases
from core.persisting import insisted, seen_through
from core.ports import Doorbell, ImageProvider, Made, Outcome, Pace, ProviderCall, Signals, StoredImage, WorkStore
from core.prompt import compose
from core.reporting import Reporter
from core.retrying import maybe_billed, next_try
from core.styles import Styles

log = logging.getLogger(__name__)

Drawn = tuple[Sequence[Made], int]
"""The pictures, and how many more may be billed although their answers never came."""

LONGEST_TEXT = 40_000
"""Characters of a provider's own words that are kept."""


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
        self,
        *,
        work: WorkStore,
        signals: Signals,
        doorbell: Doorbell,
        easel: Easel,
        worker: str,
        clock: Clock,
        lease: timedelta = LEASE,
        pace: Pace | None = None,
    ) -> None:
        self._work = work
        self._signals = signals
        self._doorbell = doorbell
        self._easel = easel
        self._worker = worker
        self._clock = clock
        self._leases = Leases(work, worker, lease)
        self._claims = Claims(work, doorbell, worker, pace)

    async def run_next(self) -> bool:
        """Claims one request and brings it to an end, or back into the queue. False when nothing waits, or all must."""
        generation = await self._claims.next(self._leases.lease)
        if generation is None:
            return False
        with self._leases.held(generation):
            await self._brought_to_an_end(generation)
        return True

    async def keep_leases(self, every: float | None = None) -> None:
        """Renews the leases of all that runs here, until cancelled."""
        await self._leases.keep(every)

    def cancel(self, generation_id: UUID) -> None:
        """The asker's wish: drops the provider's call; once the pictures are made they are kept instead."""
        self._leases.drop(generation_id, Dropped.CANCELLED)

    async def _brought_to_an_end(self, generation: Generation) -> None:
        try:
            if generation.cancel_requested:
                await self._work.cancelled(generation, self._worker)
            else:
                await self._run(generation)
        except Outage:
            raise  # the lease runs out, and a sweep takes the request up again
        except Exception as defect:  # the edge: a mistake of ours would be made, and paid for, at every new claim
            log.exception("defect", extra=generation.log_context())
            lost = generation.reserved_micro  # booked only if the provider was asked
            name, told = type(defect).__name__, generation.log_context()
            await insisted(
                lambda: self._work.fail(generation, self._worker, Fault.INTERNAL, name, lost_micro=lost), told
            )
        finally:
            with contextlib.suppress(Outage):  # a sweep does what is left undone here
                await self._signals.settled(generation.id)
                for freed in await self._work.unpark(generation):
                    await self._doorbell.ring(freed)

    async def _run(self, generation: Generation) -> None:
        begun = _seconds()
        reporter = Reporter(self._signals, generation)
        try:
            reporter.expected_seconds, references = await asyncio.gather(
                self._work.typical_seconds(generation.options, generation.provider),
                self._work.references(generation.id),
            )
            # Last of all, so that nothing is booked as lost while the provider was not asked yet.
            ours, _ = await asyncio.gather(
                self._work.begin_call(generation, self._worker), reporter.enter(Stage.INITIALISING)
            )
            if not ours:
                if not await self._work.cancelled(generation, self._worker):  # asked for since it was claimed
                    log.warning("lease_lost", extra=generation.log_context())
                return
            prompt = compose(generation.prompt, generation.options, self._easel.styles)
            drawn = await self._drawn(generation, prompt, references, reporter)
        except ProviderError as error:
            await self._failed(generation, error, reporter, maybe_billed(error.fault))
        except asyncio.CancelledError:
            why = self._leases.dropped(generation.id)
            await seen_through(self._stopped(generation, why))
            if why is None:
                raise
        else:
            spent = round((_seconds() - begun) * 1000)
            await seen_through(self._keep(generation, drawn, prompt, spent, reporter))

    async def _drawn(
        self, generation: Generation, prompt: str, references: tuple[Reference, ...], reporter: Reporter
    ) -> Drawn:
        """The provider's call, as one that can be dropped."""
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
        return await self._leases.call(generation.id, self._draw(provider, call, reporter))

    async def _draw(self, provider: ImageProvider, call: ProviderCall, reporter: Reporter) -> Drawn:
        """Some of several pictures are better than none: an error counts only when nothing was made."""
        made: list[Made] = []
        unanswered = 0
        try:
            async with reporter.ticking(), contextlib.aclosing(provider.generate(call)) as events:
                async for event in events:
                    if isinstance(event, Made):
                        made.append(_storable(event))
                    await reporter.hear(event)
        except ProviderError as error:
            if not made:
                raise
            unanswered = call.options.count - len(made) if maybe_billed(error.fault) else 0
            log.warning("some_pictures_failed", extra={"made": len(made), "fault": str(error.fault)})
        if not made:
            raise ProviderError(Fault.BAD_IMAGE, "the provider ended without a picture")
        return sorted(made, key=lambda one: one.position), unanswered

    async def _keep(self, generation: Generation, drawn: Drawn, prompt: str, spent: int, reporter: Reporter) -> None:
        """Looks at the pictures while they are on their way into the database; commits when both are done."""
        made, unanswered = drawn
        await reporter.enter(Stage.PROCESSING)
        checking = asyncio.create_task(self._checked(generation, made, reporter), name=f"checking-{generation.id}")
        outcome = Outcome(
            made=made,
            checked=checking,
            provider_prompt=prompt,
            cost_micro=sum(cost_micro(one, generation.options, self._easel.catalogue) for one in made),
            generation_time_ms=spent,
            lost_micro=generation.reserved_micro * unanswered // generation.options.count,
        )
        try:
            told = generation.log_context() | {"cost_micro": outcome.cost_micro, "milliseconds": spent}
            if await insisted(lambda: self._work.finish(generation, self._worker, outcome), told):
                log.info("finished", extra=told)
            else:
                log.error("finished_but_lost", extra=told)  # its cost was booked as lost when the lease was
        except ProviderError as error:
            billed_micro = outcome.cost_micro + outcome.lost_micro
            await self._failed(generation, error, reporter, billed=True, billed_micro=billed_micro)
        finally:
            await asyncio.gather(checking, return_exceptions=True)

    async def _checked(self, generation: Generation, made: Sequence[Made], reporter: Reporter) -> Sequence[StoredImage]:
        limit, models = self._easel.max_image_bytes, self._easel.catalogue
        costs = [cost_micro(one, generation.options, models) for one in made]
        images = [await checked(one, max_bytes=limit, cost_micro=cost) for one, cost in zip(made, costs, strict=True)]
        await reporter.enter(Stage.SAVING)
        return images

    async def _failed(
        self,
        generation: Generation,
        error: ProviderError,
        reporter: Reporter,
        billed: bool,
        billed_micro: int | None = None,
    ) -> None:
        """`billed`: the provider may want its money although there is no picture; the asker is never charged."""
        lost = (generation.reserved_micro if billed_micro is None else billed_micro) if billed else None
        fault, detail, told = error.fault, clean(error.detail[:LONGEST_TEXT]), generation.log_context()
        log.warning("provider_failed", extra={"fault": str(fault), "detail": detail, **told})
        pause = next_try(error, generation.attempts, self._easel.max_retries)
        if pause is None:
            # Insisted on, because a call that may have been billed would be made again.
            await insisted(lambda: self._work.fail(generation, self._worker, fault, detail, lost_micro=lost), told)
            return
        # Insisted on, because it would be taken for a call whose worker vanished, and booked as lost.
        if await insisted(lambda: self._work.hand_back(generation, self._worker, pause), told):
            await reporter.enter(Stage.QUEUED, retry_at=self._clock() + pause)
            with contextlib.suppress(Outage):
                await self._doorbell.ring(generation.id, pause.total_seconds())

    async def _stopped(self, generation: Generation, why: Dropped | None) -> None:
        lost = generation.reserved_micro  # the provider finishes, and bills, what nobody listens to any more
        if why is Dropped.CANCELLED:
            told = generation.log_context()
            await insisted(lambda: self._work.cancelled(generation, self._worker, lost_micro=lost), told)
        elif await self._work.hand_back(generation, self._worker, None, lost_micro=lost):
            with contextlib.suppress(Outage):
                await self._doorbell.ring(generation.id)


def _storable(made: Made) -> Made:
    """PostgreSQL takes no NUL: a picture must not be lost to the words that came with it."""
    words = made.revised_prompt
    return made if words is None else replace(made, revised_prompt=clean(words[:LONGEST_TEXT]))


def _seconds() -> float:
    return asyncio.get_running_loop().time()
