"""From what somebody did in Slack to an accepted request, whose message the courier then owns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from bot.slack import answers
from bot.slack.courier import SlackCourier
from bot.slack.origin import Origin
from bot.slack.place import PLATFORM, Place, requester
from bot.slack.venue import Venues
from bot.slack.web_api import WebApi
from core.errors import NotAllowed
from core.generation import Accepted, ImageRequest, Requester, Venue
from core.prompt import Choices
from core.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, where it shall be shown, and the key that makes it one request however often it arrives."""

    team: str
    user: str
    name: str
    key: str
    """Unique within the workspace."""
    place: Place

    @classmethod
    def of(cls, origin: Origin) -> Self:
        """One request for one act."""
        return cls(team=origin.team, user=origin.user, name=origin.name, key=origin.act, place=origin.place())

    @property
    def requester(self) -> Requester:
        return requester(self.team, self.user, self.name)

    @property
    def idempotency_key(self) -> str:
        return f"{PLATFORM}:{self.team}:{self.key}"

    @property
    def conversation(self) -> str:
        return self.place.conversation(self.team)


class Intake:
    """Raises Refusals and Outages; nothing was stored then."""

    def __init__(self, studio: Studio, courier: SlackCourier, web_api: WebApi, venues: Venues) -> None:
        self._studio = studio
        self._courier = courier
        self._web_api = web_api
        self._venues = venues

    async def check_may_post(self, channel: str) -> None:
        """Before anything is stored: a picture that could not be shown would have to be paid for."""
        if not await self._web_api.may_post(channel):
            raise NotAllowed(answers.CANNOT_POST, "")

    async def ask(self, asking: Asking, text: str, choices: Choices) -> None:
        asked = self._studio.requesting.read(text, choices)
        request = ImageRequest(
            requester=asking.requester,
            prompt=asked.prompt,
            options=asked.options,
            idempotency_key=asking.idempotency_key,
            reply_to=asking.place.noting(asked.notes).reply_to(),
            thread=asking.conversation,
            venue=await self._venue(asking),
        )
        self.follow(await self._studio.requesting.submit(request))

    async def again(
        self, asking: Asking, generation_id: UUID, *, text: str | None = None, reseed: bool = False
    ) -> None:
        """The same once more, with another seed, or with changed words."""
        notes = self._studio.requesting.read(text).notes if text is not None else ()
        accepted = await self._studio.requesting.again(
            generation_id,
            asking.requester,
            idempotency_key=asking.idempotency_key,
            reply_to=asking.place.noting(notes).reply_to(),
            thread=asking.conversation,
            venue=await self._venue(asking),
            text=text,
            reseed=reseed,
        )
        self.follow(accepted)

    async def confirm(self, requester: Requester, proposal_id: UUID, pressed: str = "") -> None:
        """What was asked about, once, where it was asked for. `pressed` is the question's own message, to become it."""
        place = await self.proposed(requester, proposal_id)
        if pressed and not place.ts:
            place = replace(place, ts=pressed)
        self.follow(await self._studio.requesting.confirm(proposal_id, requester, place.reply_to()))

    async def proposed(self, requester: Requester, proposal_id: UUID) -> Place:
        """Where a request that is to be confirmed shall be shown. Raises NotAllowed for anybody but its asker."""
        found = await self._studio.requesting.requests.proposal(proposal_id, requester)
        if found is None or found.reply_to is None:
            raise NotAllowed(answers.ONLY_ASKER_ANSWERS, "")
        return Place.read(found.reply_to)

    async def _venue(self, asking: Asking) -> Venue:
        return await self._venues.of(asking.team, asking.place.channel, asking.user)

    def follow(self, accepted: Accepted) -> None:
        """The courier shows it from now on."""
        if not accepted.duplicate:
            self._courier.expect(accepted.generation.id)
        self._studio.delivering.follow(accepted)
