"""The seams of the core, each method with its promise."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.errors import Fault
from core.generation import (
    Accepted,
    Generation,
    ImageRequest,
    Options,
    Picture,
    Progress,
    Reference,
    ReplyTo,
    Requester,
)
from core.views import View

# ---------------------------------------------------------------- image providers


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCall:
    """What a provider is asked for: `options.count` pictures."""

    prompt: str
    """Complete: the style's words are already in it."""
    options: Options
    references: tuple[Reference, ...] = ()
    safety_identifier: str = ""
    """A hash that stands for the user, for the provider's abuse checks."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    text_in: int = 0
    image_in: int = 0
    out: int = 0


@dataclass(frozen=True, slots=True)
class Partial:
    """A preview of the picture at `position`; it is the k-th (from 1) of `of` to come."""

    position: int
    k: int
    of: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fraction:
    """The provider itself says how far it is, 0.0 to 1.0."""

    done: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished picture. `base64` is the provider's own string and decodes to `data`."""

    position: int
    data: bytes = field(repr=False)
    base64: str = field(repr=False)
    revised_prompt: str | None = None
    usage: Usage | None = None
    """None where the provider does not count; the catalogue's estimate then stands."""
    metadata: Mapping[str, object] = field(default_factory=dict)
    """What else the provider said (model, size, quality, request id …), JSON-able."""


ProviderEvent = Partial | Fraction | Made


class ImageProvider(Protocol):
    """Draws pictures."""

    name: str

    def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        """Yields events until `options.count` `Made` came. Raises only ProviderError.

        Never retries by itself: whether a second call may be paid for is not its decision. Closing the
        iterator (or cancelling) drops the connection. Where some of several pictures were made and others
        failed, those made are yielded first and the error is raised last.
        """
        ...

    async def check(self, model: str) -> str:
        """One line for the doctor: key and model are good. Raises ProviderError."""
        ...

    async def close(self) -> None: ...


# ---------------------------------------------------------------- storage


class RequestStore(Protocol):
    """Accepting requests and asking after them."""

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        """One transaction: the requester's account, the row `queued` in its turn, its delivery leased to `courier`.

        The same idempotency key again returns the first row with `duplicate=True` and stores nothing.
        """
        ...

    async def generation(self, generation_id: UUID) -> Generation | None: ...

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        """The pictures that came with a request."""
        ...

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        """The user's latest requests, the newest last."""
        ...

    async def position(self, generation: Generation) -> int:
        """1 is next in line; 0 for anything that is not queued."""
        ...

    async def cancel(self, generation_id: UUID) -> Generation | None:
        """A queued row is cancelled at once; a running one is marked and its worker stops. Returns it as it is now."""
        ...

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        """Median duration of the latest requests like this one; None below three measurements."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a worker stores when pictures were made."""

    images: Sequence[StoredImage]
    provider_prompt: str
    cost_micro: int
    generation_time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A picture on its way into the database."""

    made: Made
    media_type: str
    width: int
    height: int
    thumbnail_base64: str = field(repr=False)
    cost_micro: int
    sha256: str


class WorkStore(Protocol):
    """The queue as the worker sees it. Every write is refused (False) once the lease is another's."""

    async def claim(self, worker: str, lease: timedelta) -> Generation | None:
        """The next queued row in fair order becomes running under this worker's lease."""
        ...

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]: ...

    async def renew(self, ids: Sequence[UUID], worker: str, lease: timedelta) -> Mapping[UUID, bool]:
        """For each row still ours: whether its cancellation was asked for. Lost ones are missing."""
        ...

    async def finish(self, generation: Generation, worker: str, outcome: Outcome) -> bool: ...

    async def fail(self, generation: Generation, worker: str, fault: Fault, detail: str) -> bool: ...

    async def cancelled(self, generation: Generation, worker: str) -> bool: ...

    async def hand_back(self, generation: Generation, worker: str, not_before: datetime | None) -> bool:
        """Running → queued, to be claimed again from `not_before` on."""
        ...

    async def reclaim(self, max_attempts: int) -> Sequence[UUID]:
        """Rows whose lease ran out are queued again, or failed as INTERRUPTED after too many attempts."""
        ...

    async def waiting(self, limit: int) -> Sequence[UUID]:
        """Ids of queued rows that may run now, in order: for re-ringing."""
        ...

    async def typical_seconds(self, options: Options, provider: str) -> float | None: ...


class DeliveryStore(Protocol):
    """Who owns which placeholder message, and what is still to be shown."""

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        """Those still ours."""
        ...

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        """Undelivered messages whose owner is gone or whose next try is due, now leased to this courier."""
        ...

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        """The message lives at another address from now on."""
        ...

    async def delivered(self, generation_id: UUID, courier: str) -> bool: ...

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None: ...

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        """The platform will never take it; it stays in the gallery."""
        ...

    async def release(self, courier: str) -> None:
        """This courier is leaving: its open messages may be taken over at once."""
        ...


class ImageStore(Protocol):
    """Reading what was made. Image text is read only where it is shown."""

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]: ...

    async def picture(self, image_id: UUID) -> Picture | None: ...

    async def data(self, image_id: UUID) -> bytes | None:
        """The provider's bytes, exactly."""
        ...

    async def base64(self, image_id: UUID) -> str | None: ...

    async def thumbnail(self, image_id: UUID) -> bytes | None: ...


class AccountStore(Protocol):
    """Users, and the tokens with which programs act for them."""

    async def user_id(self, requester: Requester) -> UUID:
        """Made at first sight."""
        ...

    async def requester(self, user_id: UUID) -> Requester | None: ...

    async def add_token(self, requester: Requester, token_hash: bytes) -> None: ...

    async def requester_for_token(self, token_hash: bytes) -> Requester | None:
        """None for an unknown or revoked token."""
        ...


# ---------------------------------------------------------------- signals


class Doorbell(Protocol):
    """Wakes a worker. Only an alarm: the row is already committed."""

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        """Raises Outage; the sweep rings again."""
        ...


class Signals(Protocol):
    """News about requests, from the worker to whoever shows them. Losing one delays, never loses."""

    async def publish(self, progress: Progress) -> None: ...

    async def settled(self, generation_id: UUID) -> None:
        """The row's status has changed, mostly for good; read it."""
        ...

    async def ask_to_cancel(self, generation_id: UUID) -> None: ...

    async def latest(self, generation_id: UUID) -> Progress | None: ...

    def watch(self, generation_id: UUID) -> AbstractAsyncContextManager[Watch]:
        """Subscribed on entry, so nothing sent after it is missed."""
        ...


class Watch(Protocol):
    """The news of one request; older progress gives way to newer."""

    async def next(self, timeout: float) -> Progress | Settled | None:
        """The newest unseen progress, `Settled`, or None after `timeout` seconds of silence."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """The request's status has changed: it is over, or it went back into the queue. The row tells."""

    generation_id: UUID


# ---------------------------------------------------------------- platforms


class Courier(Protocol):
    """Puts a view into a platform's message."""

    platform: str

    def interval(self, in_flight: int) -> float:
        """Seconds to leave between two edits of one message while `in_flight` messages are being edited."""
        ...

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        """Edits the message; showing the same view twice is harmless.

        Returns a new address if the message had to move. Raises Outage (try again, maybe after `retry_after`)
        or Undeliverable (never).
        """
        ...
