"""What remembers: work, deliveries, pictures and accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from core.errors import Fault
from core.generation import Generation, Options, Picture, Reference, ReplyTo, Requester
from core.ports.providers import Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a worker stores when pictures were made."""

    made: Sequence[Made]
    checked: Awaitable[Sequence[StoredImage]]
    """The same pictures, looked at while they are on their way into the database. May be awaited again."""
    provider_prompt: str
    cost_micro: int
    generation_time_ms: int
    lost_micro: int = 0
    """What those of the pictures may have cost whose answers never came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A picture that was looked at: what is stored beside its text."""

    made: Made
    media_type: str
    width: int
    height: int
    thumbnail_base64: str = field(repr=False)
    cost_micro: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The request that is next in line."""

    generation_id: UUID
    provider: str
    pictures: int


class WorkStore(Protocol):
    """The queue as the worker sees it. Every write is refused (False) once the lease is another's."""

    async def upcoming(self) -> Upcoming | None:
        """What `claim` would take, as far as it asks for pictures."""
        ...

    async def claim(self, worker: str, lease: timedelta, most: int | None = None) -> Generation | None:
        """The next queued row in fair order becomes running under this worker's lease.

        None, too, where it asks for more than `most` pictures: what comes after it must wait for it.
        """
        ...

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]: ...

    async def renew(self, ids: Sequence[UUID], worker: str, lease: timedelta) -> Mapping[UUID, bool]:
        """For each row still ours: whether its cancellation was asked for. Lost ones are missing."""
        ...

    async def finish(self, generation: Generation, worker: str, outcome: Outcome) -> bool:
        """Raises what `outcome.checked` raises; then nothing is stored."""
        ...

    async def begin_call(self, generation: Generation, worker: str) -> bool:
        """The provider is about to be asked: from now on a worker that vanishes leaves a lost call behind.

        False, too, for a request that is to be cancelled.
        """
        ...

    async def fail(
        self, generation: Generation, worker: str, fault: Fault, detail: str, *, lost_micro: int | None = None
    ) -> bool:
        """Gives everything back. `lost_micro` books what may have been paid all the same."""
        ...

    async def cancelled(self, generation: Generation, worker: str, *, lost_micro: int | None = None) -> bool: ...

    async def hand_back(
        self, generation: Generation, worker: str, pause: timedelta | None, *, lost_micro: int | None = None
    ) -> bool:
        """Running → queued, to be claimed again after this pause by the store's clock; what was reserved stays so.

        What was to be cancelled is cancelled instead.
        """
        ...

    async def reclaim(self, max_attempts: int, grace: timedelta = timedelta(0)) -> Sequence[UUID]:
        """Rows whose lease ran out are queued again, or failed as INTERRUPTED after too many attempts.

        A call that was under way is booked as lost. Nothing is judged before the store itself has been up for so long:
        while it was away, no worker could renew its lease.
        """
        ...

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        """After a request of somebody ended: those of the same person that may run now, to be rung for."""
        ...

    async def unpark_forgotten(self) -> Sequence[UUID]:
        """The same for everybody: what was left parked when a process died between an end and `unpark`."""
        ...

    async def forget(self) -> int:
        """Drops what nobody can ask for any more; returns how many rows went."""
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

    async def undelivered(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        """The user's finished requests whose message no platform takes any more, the latest first."""
        ...

    async def reopen(self, generation_id: UUID, reply_to: ReplyTo, courier: str, lease: timedelta) -> bool:
        """A result that was given up is to be shown in this message. False for any other, such as one on its way."""
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

    async def add_token(self, requester: Requester, token_hash: bytes, *, admin: bool = False) -> None:
        """`admin` lets its bearer speak for the operator."""
        ...

    async def revoke_tokens(self, requester: Requester) -> int:
        """All of this user's; returns how many there were."""
        ...

    async def requester_for_token(self, token_hash: bytes) -> Requester | None:
        """None for an unknown or revoked token."""
        ...

    async def is_admin_token(self, token_hash: bytes) -> bool: ...
