"""A database that is away, in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from core.errors import Outage
from core.generation import Accepted, ImageRequest
from core.ports import Terms
from tests.fakes.ports import MemoryRequests


@dataclass(slots=True)
class AwayRequests(MemoryRequests):
    """Hangs for the first few requests, then refuses some, then takes the others."""

    hang: int = 0
    refuse: int = 0

    async def accept(self, request: ImageRequest, terms: Terms) -> Accepted:
        if self.hang:
            self.hang -= 1
            await asyncio.Event().wait()
        if self.refuse:
            self.refuse -= 1
            raise Outage
        return await MemoryRequests.accept(self, request, terms)
