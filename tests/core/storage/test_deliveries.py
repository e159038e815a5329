"""Taking over at the same moment, which only a database has to bear."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import text

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


async def test_a_request_that_cannot_be_read_does_not_hold_back_the_others(stores: Stores) -> None:
    asked = [
        (await stores.requests.accept(replace(request(ADA), idempotency_key=f"{n}"), terms("bot-1"))).generation.id
        for n in range(3)
    ]
    await stores.deliveries.renew(asked, "bot-1", GONE)
    async with stores.database.single() as connection:
        await connection.execute(text("UPDATE generations SET options = '{}' WHERE id = :id"), {"id": asked[1]})
    found = await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10)
    assert {one.id for one in found} == {asked[0], asked[2]}
