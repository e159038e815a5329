"""Who owns which placeholder message, in memory: leases run out by the clock, as they do in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import now
from core.generation import Generation, ReplyTo, Status

FIRST_LEASE = timedelta(seconds=30)
"""How long the accepting process owns the message before its first renewal."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that somebody has to edit to the end."""

    platform: str
    courier: str | None
    lease_until: datetime
    outcome: str = ""
    """`delivered` or why it was given up; empty while it is open."""


@dataclass(slots=True)
class MemoryDeliveries:
    """Implements `core.ports.DeliveryStore` over the rows of a `MemoryRequests`."""

    generations: dict[UUID, Generation]
    rows: dict[UUID, Delivery] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def open(self, generation_id: UUID, platform: str, courier: str | None) -> None:
        self.rows[generation_id] = Delivery(platform, courier, now() + FIRST_LEASE)

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        return frozenset([one for one in ids if await self._set(one, courier, lease_until=now() + lease)])

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        due = [
            one
            for one, row in sorted(self.rows.items(), key=lambda item: item[1].lease_until)
            if not row.outcome and row.platform in platforms and row.lease_until <= now()
        ][:limit]
        for one in due:
            self.rows[one] = replace(self.rows[one], courier=courier, lease_until=now() + lease)
        return [self.generations[one] for one in due]

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        self.generations[generation_id] = replace(self.generations[generation_id], reply_to=reply_to)

    async def delivered(self, generation_id: UUID, courier: str) -> bool:
        return await self._set(generation_id, courier, outcome="delivered")

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None:
        await self._set(generation_id, courier, courier=None, lease_until=now() + delay)

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        await self._set(generation_id, courier, outcome=reason)

    async def undelivered(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        lost = [self.generations[one] for one, row in self.rows.items() if row.outcome not in {"", "delivered"}]
        theirs = [one for one in lost if one.user_id == user_id and one.status is Status.FINISHED]
        return theirs[::-1][:limit]

    async def reopen(self, generation_id: UUID, reply_to: ReplyTo, courier: str, lease: timedelta) -> bool:
        row = self.rows.get(generation_id)
        if row is not None and row.outcome in {"", "delivered"}:
            return False
        await self.move(generation_id, reply_to)
        self.rows[generation_id] = Delivery(reply_to.platform, courier, now() + lease)
        return True

    async def release(self, courier: str) -> None:
        for one in list(self.rows):
            await self._set(one, courier, courier=None, lease_until=now())

    async def outcome(self, generation_id: UUID, seconds: float = 15) -> str:
        """What became of a delivery, once it is over."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: self.rows[generation_id].outcome)
        return self.rows[generation_id].outcome

    async def _set(self, generation_id: UUID, owner: str, **values: Any) -> bool:
        """Only while it is open and its owner asks."""
        row = self.rows.get(generation_id)
        if row is None or row.outcome or row.courier != owner:
            return False
        async with self.changed:
            self.rows[generation_id] = replace(row, **values)
            self.changed.notify_all()
        return True
