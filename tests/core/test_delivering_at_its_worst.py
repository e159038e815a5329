"""Messages whose courier, database or neighbours misbehave: the end is shown all the same, and nobody dies of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core.delivering import Delivering
from core.errors import Outage
from core.gallery import Gallery
from core.generation import Progress, ReplyTo, Stage
from core.storage.deliveries import PostgresDeliveries
from core.views import Finished, Waiting, Working
from tests.core.material import ADA, LEASE, made, outcome, request, terms
from tests.core.stores import Stores
from tests.core.test_delivering import Mailbox, office
from tests.eventually import until
from tests.fakes.ports import MemorySignals


async def _next_try(stores: Stores) -> float:
    """Seconds from now."""
    query = text("SELECT extract(epoch FROM lease_until - now()) FROM deliveries WHERE courier IS NULL")
    async with stores.database.single() as connection:
        return float((await connection.execute(query)).scalar() or 0)


async def test_an_adapter_that_stumbles_over_progress_still_shows_the_end(stores: Stores) -> None:
    mailbox = Mailbox(faults=[None, KeyError("a mistake of the adapter's")])
    async with office(stores, mailbox) as at:
        await at.signals.publish(await at.accept())
        await mailbox.until(Working)
        await at.finish()
        await mailbox.until(Finished)
        assert isinstance(mailbox.shown[-1], Finished)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (KeyError("a mistake of the adapter's"), 3600),
        (Outage("away"), 10),
        (Outage("away", retry_after=float("inf")), 3600),
        (Outage("away", retry_after=float("nan")), 10),
        (Outage("away", retry_after=-5), 10),
    ],
)
async def test_an_end_that_cannot_be_shown_is_tried_again_at_a_sensible_time(
    stores: Stores, fault: Exception, seconds: float
) -> None:
    async with office(stores, Mailbox(faults=[None, fault])) as at:
        await at.accept()
        await at.finish()

        async def postponed() -> bool:
            return await _next_try(stores) > 0

        await until(postponed)
        assert seconds - 5 < await _next_try(stores) <= seconds
        assert await at.state() == "open"


async def test_why_a_request_went_back_into_the_queue_is_shown(stores: Stores) -> None:
    async with office(stores, Mailbox(pace=0.2)) as at:
        progress = await at.accept()
        running = await stores.work.claim("w", LEASE)
        assert running is not None
        await at.signals.publish(progress)
        await at.mailbox.until(Working)
        await stores.work.hand_back(running, "w", None)
        await at.signals.publish(Progress(running.id, 2, Stage.QUEUED, 61, retry_at=running.created_at))
        await at.signals.settled(running.id)
        await at.mailbox.until(Working, 2)
        last = at.mailbox.shown[-1]
        assert isinstance(last, Working)
        assert last.progress.retry_at == running.created_at


async def test_a_sweep_that_fails_is_followed_by_another(stores: Stores) -> None:
    swept = asyncio.Event()

    class Stumbling(PostgresDeliveries):
        async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
            swept.set()
            raise KeyError("a row that nobody can read")

    mailbox = Mailbox()
    delivering = Delivering(
        deliveries=Stumbling(stores.database),
        requests=stores.requests,
        gallery=Gallery(stores.images, stores.accounts),
        signals=MemorySignals(),
        instance="bot-1",
    )
    delivering.serve(mailbox)
    delivering.follow(await stores.requests.accept(request(ADA), terms("bot-1")))
    await mailbox.until(Waiting)
    running = asyncio.create_task(delivering.run())
    async with asyncio.timeout(5):
        await swept.wait()
    await asyncio.wait({running}, timeout=0.05)
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_where_a_message_moved_to_is_stored_however_often_the_database_is_away(stores: Stores) -> None:
    """Else the next try would show the end in the old message, beside the new one."""
    elsewhere = ReplyTo("discord", {"message_id": "another"})

    class Away(PostgresDeliveries):
        refusals = 2

        async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
            if self.refusals:
                self.refusals -= 1
                raise Outage("The database is away.")
            await super().move(generation_id, reply_to)

    mailbox = Mailbox()
    delivering = Delivering(
        deliveries=Away(stores.database),
        requests=stores.requests,
        gallery=Gallery(stores.images, stores.accounts),
        signals=MemorySignals(),
        instance="bot-1",
    )
    delivering.serve(mailbox)
    accepted = await stores.requests.accept(request(ADA), terms("bot-1"))
    mailbox.moves_to = elsewhere
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    await stores.work.finish(running, "w", outcome(made()))
    delivering.follow(accepted)

    async def is_stored() -> bool:
        found = await stores.requests.generation(accepted.generation.id)
        return found is not None and found.reply_to == elsewhere

    await until(is_stored)
    assert [type(view) for view in mailbox.shown] == [Finished]


async def test_a_message_that_was_tried_for_days_can_still_be_taken_over(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(ADA), terms(None))
    async with stores.database.transaction() as connection:
        await connection.execute(text("UPDATE deliveries SET tries = 32767, lease_until = now() - interval '1 s'"))
    taken = await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10)
    assert [one.id for one in taken] == [accepted.generation.id]
