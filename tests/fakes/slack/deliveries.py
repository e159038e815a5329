"""Handing commands, interactions and events to the bot: attempts, acknowledgements and Slack's retries."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict

from .journal import Journal
from .records import Json, Message

EnvelopeKind = Literal["slash_commands", "interactive", "events_api"]


class Tampering(TypedDict, total=False):
    """How a request over HTTP differs from Slack's own: signed with another secret, or sent an hour ago."""

    forged: bool
    stale: bool


@dataclass(slots=True)
class Attempt:
    """One try at handing something over. `ack_seconds` is None as long as no acknowledgement came."""

    number: int
    sent_at: float
    reason: str = ""
    envelope_id: str = ""
    connection: int | None = None
    ack_seconds: float | None = None
    status: int | None = None
    response: Json | str | None = None
    failure: str = ""
    no_retry: bool = False


@dataclass(slots=True)
class Delivery:
    """Something that happened in Slack, and every try at telling the bot of it."""

    kind: EnvelopeKind
    payload: Json
    message: Message | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        """Whether the bot took it in time."""
        return bool(self.attempts) and not self.attempts[-1].failure

    @property
    def ack_seconds(self) -> float | None:
        """From the last try to its acknowledgement."""
        return self.attempts[-1].ack_seconds

    @property
    def response(self) -> Json | str | None:
        """What came with the acknowledgement."""
        return self.attempts[-1].response

    @property
    def status(self) -> int | None:
        """The HTTP status of the last try, None over Socket Mode."""
        return self.attempts[-1].status

    @property
    def event_id(self) -> str:
        """The event's id; the same on each try."""
        return str(self.payload.get("event_id", ""))


class Transport(Protocol):
    """A way to the bot: makes one try and fills in what came of it."""

    async def send(self, kind: EnvelopeKind, payload: Json, attempt: Attempt, tampering: Tampering) -> Any:
        """Hand it over and wait for the acknowledgement, or note the failure."""


@dataclass(slots=True)
class Patience:
    """How long Slack waits, and when it tries again.

    Slack waits 3 s and repeats an event at once, after 1 min and after 5 min. The pauses here are short so that a
    test sees all four tries; set them to (0, 60, 300) for the real ones.
    """

    ack_seconds: float = 3.0
    retry_pauses: tuple[float, ...] = (0.0, 0.05, 0.2)


class Deliveries:
    """Sends through whichever transport is switched on, repeating events that were not acknowledged."""

    def __init__(self, journal: Journal, transport: Transport, patience: Patience) -> None:
        self.transport, self.patience = transport, patience
        self.sent: list[Delivery] = []
        self._journal = journal

    async def deliver(self, delivery: Delivery, tampering: Tampering) -> Delivery:
        """Hand it over, with all retries; returns when it was acknowledged or Slack has given up."""
        self.sent.append(delivery)
        await self._attempt(delivery, "", tampering)
        # Commands and interactions are tried once: the person who waits sees that the app did not respond.
        repeats = delivery.kind == "events_api" and not tampering
        for pause in self.patience.retry_pauses if repeats else ():
            if delivery.acked or delivery.attempts[-1].no_retry:
                break
            await asyncio.sleep(pause)
            await self._attempt(delivery, delivery.attempts[-1].failure, tampering)
        return delivery

    async def _attempt(self, delivery: Delivery, reason: str, tampering: Tampering) -> None:
        now = asyncio.get_running_loop().time()
        attempt = Attempt(len(delivery.attempts), now, reason)
        delivery.attempts.append(attempt)
        await self.transport.send(delivery.kind, delivery.payload, attempt, tampering)
        self._journal.changed()
