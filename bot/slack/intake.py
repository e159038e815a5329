"""From what somebody did in Slack to an accepted request, whose message the courier then owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from bot.slack.courier import SlackCourier
from bot.slack.origin import Origin
from bot.slack.place import PLATFORM, Place
from core.generation import Accepted, ImageRequest, Requester
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
        return Requester(PLATFORM, f"{self.team}/{self.user}", self.name or self.user)

    @property
    def idempotency_key(self) -> str:
        return f"{PLATFORM}:{self.team}:{self.key}"

    @property
    def conversation(self) -> str:
        return self.place.conversation(self.team)


class Intake:
    """Raises Refusals and Outages; nothing was stored then."""

    def __init__(self, studio: Studio, courier: SlackCourier) -> None:
        self._studio = studio
        self._courier = courier

    async def ask(self, asking: Asking, text: str, choices: Choices) -> None:
        asked = self._studio.requesting.read(text, choices)
        request = ImageRequest(
            requester=asking.requester,
            prompt=asked.prompt,
            options=asked.options,
            idempotency_key=asking.idempotency_key,
            reply_to=asking.place.noting(asked.notes).reply_to(),
            thread=asking.conversation,
        )
        self._follow(await self._studio.requesting.submit(request))

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
            text=text,
            reseed=reseed,
        )
        self._follow(accepted)

    def _follow(self, accepted: Accepted) -> None:
        if not accepted.duplicate:
            self._courier.expect(accepted.generation.id)
        self._studio.delivering.follow(accepted)
