"""What remembers requests: on which terms they are accepted, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from core.generation import Accepted, Generation, ImageRequest, Options, Reference, Requester, Venue
from core.limits import Facts, Meter, Price
from core.periods import Periods
from core.policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be said to somebody, once."""

    key: str
    """What it is about: the same thing is never said twice to the same address."""
    platform: str
    """Who carries it: `discord`, `slack` or `mail`."""
    address: str
    """As the carrier reads it: `user:<id>`, `channel:<id>` or an e-mail address."""
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what a request is accepted."""

    provider: str
    price: Price
    periods: Periods
    default_tier: str
    """Of those whom nobody put into one."""
    ceiling: Policy
    """What the settings say of the installation; what the table says can only be tighter."""
    slack_micro: int = 0
    """A shared budget with more room than this cannot be used up by all requests that can be under way at once."""
    courier: str | None = None
    """Who owns the message."""
    lease: timedelta = timedelta(seconds=30)
    """How long its owner has it before the first renewal."""
    upgrade: str = ""
    """How to get more, told with a refusal."""
    notices: Callable[[Sequence[Meter], UUID], Sequence[Notice]] = lambda _meters, _user: ()
    """What is to be said of budgets that run out."""


class RequestStore(Protocol):
    """Accepting requests and asking after them."""

    async def accept(self, request: ImageRequest, terms: Terms) -> Accepted:
        """One transaction: limits are decided, money is reserved, the row is `queued` in its turn, its message leased.

        The same idempotency key again returns the first row with `duplicate=True` and stores nothing. Raises the
        Refusal of `core.limits.decide`; then nothing was stored.
        """
        ...

    async def known(self, idempotency_key: str) -> Accepted | None:
        """What was accepted under this key before, as a duplicate."""
        ...

    async def facts(self, requester: Requester, venue: Venue, terms: Terms) -> Facts:
        """What `core.limits` would decide by right now."""
        ...

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        """After a request of somebody ended: those of the same person that may run now, to be rung for."""
        ...

    async def propose(self, request: ImageRequest) -> UUID:
        """Keeps a request that is to be confirmed."""
        ...

    async def proposal(self, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
        """The requester's own; None for anybody else's, too."""
        ...

    async def generation(self, generation_id: UUID) -> Generation | None: ...

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        """The pictures that came with a request."""
        ...

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        """The user's latest requests, the newest last."""
        ...

    async def open_of(self, user_id: UUID) -> Sequence[Generation]:
        """The user's requests that wait or run, the oldest first."""
        ...

    async def line(self) -> int:
        """How many requests of everybody wait, counted up to a thousand."""
        ...

    async def standing(self, generation_id: UUID) -> Accepted | None:
        """The request as it is now, with its place and when it should be done; as `accept` would tell it now."""
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
