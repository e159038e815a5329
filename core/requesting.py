"""Use case: accept a request, and what its owner may do with it afterwards."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from core import imaging, wording
from core.catalogue import Catalogue
from core.errors import BadRequest, ConfirmFirst, NotFound, Outage, ProviderError, SwitchedOff
from core.generation import Accepted, Generation, ImageRequest, Options, Reference, ReplyTo, Requester, Venue
from core.house import House
from core.limits import decide
from core.ports import AccountStore, Doorbell, RequestStore, Signals, Terms
from core.prompt import Asked, Choices, read, write
from core.styles import Styles

log = logging.getLogger(__name__)

MAX_REFERENCE_BYTES = 50 * 1024 * 1024
"""What OpenAI's images.edit takes at most."""


@dataclass(frozen=True, slots=True)
class Requesting:
    """Takes requests. A request is a committed row before anyone is told that it was accepted."""

    requests: RequestStore
    accounts: AccountStore
    doorbell: Doorbell
    signals: Signals
    catalogue: Catalogue
    styles: Styles
    house: House
    enabled: bool = True
    instance: str = "local"
    """Names this process: it owns the delivery of what it accepted."""

    def read(self, text: str, choices: Choices = Choices()) -> Asked:  # noqa: B008  frozen, so one default serves all
        """Typed text and chosen options, understood. Raises BadRequest with every mistake."""
        return read(text, self.catalogue, self.styles, choices)

    async def submit(self, request: ImageRequest, *, confirmed: bool = False) -> Accepted:
        """Commits the request and wakes a worker. Raises a Refusal (nothing stored) or an Outage.

        A dear request that was not `confirmed` is kept and asked about: ConfirmFirst carries what `confirm` takes.
        """
        await self._check(request)
        terms = self.house.terms(request, courier=self.instance if request.reply_to else None)
        if not confirmed and self.house.to_be_confirmed(terms.price):
            return await self._asked_about(request, terms)
        accepted = await self.requests.accept(request, terms)
        if not accepted.duplicate:
            log.info("accepted", extra={"position": accepted.position, **accepted.generation.log_context()})
            await self._ring(accepted.generation.id)
        return accepted

    async def _asked_about(self, request: ImageRequest, terms: Terms) -> Accepted:
        """Raises ConfirmFirst, but for a request that was taken before, or that a limit would refuse all the same."""
        if known := await self.requests.known(request.idempotency_key):
            return known
        facts = await self.requests.facts(request.requester, request.venue, terms)
        decide(facts, terms.price, terms.periods, terms.upgrade)
        price = terms.price.micro
        raise ConfirmFirst(price, wording.confirm_first(price), await self.requests.propose(request), request.prompt)

    async def confirm(self, proposal_id: UUID, requester: Requester, reply_to: ReplyTo | None) -> Accepted:
        """Makes what was asked about. Raises NotFound for a stranger, too.

        Under the key of what was asked, so that it is one request however often it was told, asked about and confirmed.
        """
        request = await self.requests.proposal(proposal_id, requester)
        if request is None:
            raise NotFound
        return await self.submit(replace(request, reply_to=reply_to), confirmed=True)

    async def generation(self, generation_id: UUID, requester: Requester) -> Generation:
        """The requester's own request. Raises NotFound for anybody else's, too."""
        found = await self.requests.generation(generation_id)
        if found is None or found.user_id != await self.accounts.user_id(requester):
            raise NotFound
        return found

    async def seen(self, generation_id: UUID) -> Generation:
        """A request whose message the asker has in front of them. Raises NotFound."""
        found = await self.requests.generation(generation_id)
        if found is None:
            raise NotFound
        return found

    async def recent(self, requester: Requester, limit: int) -> tuple[Generation, ...]:
        """The requester's latest requests, the newest last."""
        return tuple(await self.requests.recent(await self.accounts.user_id(requester), limit))

    async def standing(self, generation: Generation) -> Accepted:
        """The request as it is now, with its place in the queue and when it should be done."""
        return await self.requests.standing(generation.id) or Accepted(generation, 0, None)

    async def cancel(self, generation_id: UUID, requester: Requester) -> Generation:
        """Stops the requester's own request, waiting or running; a finished one stays as it is."""
        await self.generation(generation_id, requester)
        after = await self.requests.cancel(generation_id)
        if after is None:
            raise NotFound
        try:
            if after.status.final:
                await self.signals.settled(generation_id)
            else:
                await self.signals.ask_to_cancel(generation_id)
        except Outage:
            log.warning("cancel_signal_lost", extra=after.log_context())  # the lease renewal reads the mark
        for freed in await self.requests.unpark(after) if after.status.final else ():
            await self._ring(freed)
        return after

    async def again(
        self,
        generation_id: UUID,
        requester: Requester,
        *,
        idempotency_key: str,
        reply_to: ReplyTo | None,
        thread: str | None,
        venue: Venue = Venue(),  # noqa: B008  frozen, so one default serves all
        text: str | None = None,
        reseed: bool = False,
        confirmed: bool = False,
    ) -> Accepted:
        """The same once more: as it was (retry), with another seed (variations), or with changed `text` (edit)."""
        before = await self.seen(generation_id)
        asked = Asked(before.prompt, before.options, ()) if text is None else self.read(text)
        return await self.submit(
            ImageRequest(
                requester=requester,
                prompt=asked.prompt,
                options=self._reseeded(asked.options) if reseed else asked.options,
                idempotency_key=idempotency_key,
                reply_to=reply_to,
                thread=thread,
                parent_image_id=before.parent_image_id,
                references=await self.requests.references(generation_id),
                venue=venue,
            ),
            confirmed=confirmed,
        )

    def text_of(self, generation: Generation) -> str:
        """The prompt as it would be typed, options as flags: what an edit form is filled with."""
        return write(generation.prompt, generation.options, self.catalogue)

    def _reseeded(self, options: Options) -> Options:
        model = self.catalogue.find(options.model)
        return replace(options, seed=secrets.randbelow(2**31) if model and model.seeds else None)

    async def _check(self, request: ImageRequest) -> None:
        if not self.enabled:
            raise SwitchedOff
        model = self.catalogue.find(request.options.model)
        if model is None:
            raise BadRequest([f"There is no model called {request.options.model!r}. Choose one from the list."])
        if request.references and not model.edits:
            raise BadRequest(
                [f"{model.title} cannot work from a picture. Leave the picture out or choose another model."]
            )
        if len(request.references) > max(model.max_references, 0):
            raise BadRequest([f"{model.title} takes at most {model.max_references} pictures to work from."])
        for number, one in enumerate(request.references, 1):
            await _check_reference(number, one)

    async def _ring(self, generation_id: UUID) -> None:
        try:
            await self.doorbell.ring(generation_id)
        except Outage:
            log.warning("ring_lost", extra={"generation": str(generation_id)})  # the sweep rings again


async def _check_reference(number: int, reference: Reference) -> None:
    """Nothing that is no picture is stored or sent on; raises BadRequest."""
    try:
        facts = await asyncio.to_thread(imaging.inspect, reference.data, max_bytes=MAX_REFERENCE_BYTES)
        wrong = "it is a GIF" if facts.media_type == "image/gif" else ""
    except ProviderError as error:
        wrong = error.detail
    if wrong:
        raise BadRequest(
            [f"Picture {number} cannot be worked from: {wrong}. Send a PNG, JPEG or WebP of at most 50 MB."]
        )
