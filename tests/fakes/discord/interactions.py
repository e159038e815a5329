"""An interaction from the user's side: what was asked, how the app acknowledged it, and what came of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from .changes import Changes
from .clock import Clock
from .jsontypes import Json
from .stored import Message
from .world import Channel, User

T = TypeVar("T")

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
DEADLINE, LIFETIME = 3.0, 15 * 60.0


class InteractionFailed(AssertionError):
    """The app did not do in time what the user was waiting for: Discord shows "The application did not respond"."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """How the app answered, how many seconds that took, and the data it sent along."""

    kind: int
    seconds: float
    data: Json


@dataclass(frozen=True, slots=True)
class Modal:
    """A form on the user's screen, to be given to ``submit_modal``."""

    interaction: Interaction
    custom_id: str
    title: str
    components: list[Json]


@dataclass(slots=True, eq=False)
class Interaction:
    """``message`` is what a component sits on; ``original`` what the app's first answer is shown in."""

    clock: Clock
    changes: Changes
    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    payload: Json
    created: float
    message: Message | None = None
    trigger: Interaction | None = None
    acknowledgement: Acknowledgement | None = None
    original: Message | None = None
    followup_count: int = 0
    followups: list[Message] = field(default_factory=list)

    @property
    def user_install_only(self) -> bool:
        """Whether the app is here only because a user carries it."""
        return self.channel.bot_is_absent

    @property
    def expired(self) -> bool:
        """Whether the token no longer works."""
        return self.clock.now() > self.created + LIFETIME

    @property
    def failed(self) -> bool:
        """Whether the three seconds passed without an answer."""
        return self.acknowledgement is None and self.clock.now() > self.created + DEADLINE

    async def acknowledged(self) -> Acknowledgement:
        """The app's acknowledgement; fails when the three seconds are over."""
        left = max(self.created + DEADLINE - self.clock.now(), 0.0)
        return await self._until(lambda: self.acknowledgement, left, "acknowledge the interaction")

    async def placeholder(self) -> Message:
        """The message of the first answer as soon as there is one, "is thinking…" included."""
        await self.acknowledged()
        return await self._until(lambda: self.original, 1.0, "answer with a message")

    async def response(self, timeout: float = 10.0) -> Message:
        """The message of the first answer once it says something."""
        await self.acknowledged()
        return await self._until(self._answered, timeout, "fill its answer")

    async def followup(self, number: int = 1, timeout: float = 10.0) -> Message:
        """The n-th follow-up message."""
        followups = self.followups
        return await self._until(
            lambda: followups[number - 1] if len(followups) >= number else None, timeout, f"send follow-up {number}"
        )

    async def modal(self) -> Modal:
        """The modal that was opened."""
        answer = self._expect(await self.acknowledged(), MODAL)
        return Modal(self, answer["custom_id"], answer["title"], answer["components"])

    async def choices(self) -> list[Json]:
        """The choices offered by an autocompletion, each with name and value."""
        choices: list[Json] = self._expect(await self.acknowledged(), CHOICES)["choices"]
        return choices

    def metadata(self) -> Json:
        """``interaction_metadata`` of the messages that come of this."""
        kind = COMMAND if self.kind == AUTOCOMPLETE else self.kind
        body: Json = {"id": str(self.id), "type": kind, "user": self.user.json()}
        body["authorizing_integration_owners"] = self.payload["authorizing_integration_owners"]
        if kind == COMPONENT and self.message is not None:
            body["interacted_message_id"] = str(self.message.id)
        if kind == MODAL_SUBMIT and self.trigger is not None:
            body["triggering_interaction_metadata"] = self.trigger.metadata()
        return body

    def _answered(self) -> Message | None:
        return self.original if self.original and not self.original.now.loading else None

    def _expect(self, answer: Acknowledgement, kind: int) -> Json:
        if answer.kind != kind:
            raise InteractionFailed(f"the app answered with type {answer.kind} instead of {kind}: {answer.data}")
        return answer.data

    async def _until(self, predicate: Callable[[], T | None], timeout: float, deed: str) -> T:
        try:
            found = await self.changes.until(predicate, timeout)
        except TimeoutError:
            raise InteractionFailed(f"the app did not {deed} within {timeout:.1f} s") from None
        assert found is not None
        return found
