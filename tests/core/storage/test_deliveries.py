"""Taking over at the same moment, which only a database has to bear."""

from __future__ import annotations

import asyncio

from tests.core.material import ADA, GONE, LEASE, request, terms
from tests.core.stores import Stores


async def test_an_orphaned_message_is_taken_over_by_exactly_one(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(ADA), terms("bot-1"))
    orphan = accepted.generation.id
    await stores.deliveries.renew([orphan], "bot-1", GONE)
    every = await asyncio.gather(
        *(stores.deliveries.take_over(f"bot-{n}", ["discord"], LEASE, 10) for n in range(2, 12))
    )
    assert [one.id for found in every for one in found] == [orphan]
