"""Use case: what somebody has waiting, running and undelivered; cancelling it, and having it delivered again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from core.errors import Refusal
from core.generation import Accepted, Generation, ReplyTo, Requester, Status
from core.ports import DeliveryStore, RequestStore
from core.requesting import Requesting

SHOWN = 10
"""Requests that are listed."""


class NothingToResend(Refusal):
    """There is no finished picture of this request to send again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The queue as one person sees it."""

    total: int
    """Requests of everybody that wait, counted up to a thousand."""
    mine: tuple[Accepted, ...]
    """Waiting and running, the oldest first, with their places."""
    undelivered: tuple[Generation, ...]
    """Finished, but their message could not be shown; the latest first."""


@dataclass(frozen=True, slots=True)
class Queueing:
    requesting: Requesting
    requests: RequestStore
    deliveries: DeliveryStore
    instance: str = "local"

    async def queue(self, requester: Requester) -> Queue:
        user_id = await self.requesting.accounts.user_id(requester)
        total, mine, undelivered = await asyncio.gather(
            self.requests.line(), self.requests.open_of(user_id), self.deliveries.undelivered(user_id, SHOWN)
        )
        places = await asyncio.gather(*(self._placed(one) for one in mine[:SHOWN]))
        return Queue(total=total, mine=tuple(places), undelivered=tuple(undelivered))

    async def cancel_all(self, requester: Requester) -> tuple[Generation, ...]:
        """Everything of the requester's that waits or runs; returns it as it is afterwards, the oldest first.

        The latest is cancelled first: the end of an earlier one would let it begin, and the provider would be paid.
        """
        mine = await self.requests.open_of(await self.requesting.accounts.user_id(requester))
        after = [await self.requesting.cancel(one.id, requester) for one in reversed(mine)]
        return tuple(reversed(after))

    async def resend(self, generation_id: UUID, requester: Requester, reply_to: ReplyTo) -> Accepted:
        """Delivers the requester's own finished picture to another message. Never paid again. Raises NotFound."""
        generation = await self.requesting.generation(generation_id, requester)
        if generation.status is not Status.FINISHED:
            raise NothingToResend
        lease = self.requesting.house.message_lease
        if not await self.deliveries.reopen(generation_id, reply_to, self.instance, lease):
            raise NothingToResend("This picture was delivered already, or is on its way.", "Nothing was charged again.")
        return Accepted(await self.requesting.generation(generation_id, requester), 0, None)

    async def _placed(self, generation: Generation) -> Accepted:
        return await self.requests.standing(generation.id) or Accepted(generation, 0, None)
