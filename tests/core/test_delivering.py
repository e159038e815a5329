"""One placeholder message: the latest wins, the end comes at once, nothing made stays undelivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from core.delivering import Delivering
from core.errors import Fault, Outage, Undeliverable
from core.gallery import Gallery
from core.generation import Progress, ReplyTo, Stage
from core.views import Cancelled, Failed, Finished, View, Waiting, Working
from tests.core.material import ADA, made, outcome, request, terms
from tests.core.stores import Stores
from tests.eventually import until
from tests.fakes.ports import MemorySignals

LEASE = timedelta(seconds=30)


@dataclass(slots=True)
class Mailbox:
    """Implements the courier's port: keeps what it is shown, and fails as told."""

    pace: float = 0.0
    faults: list[Exception | None] = field(default_factory=list)
    moves_to: ReplyTo | None = None
    shown: list[View] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    platform: str = "discord"

    def interval(self, in_flight: int) -> float:
        return self.pace

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        async with self.news:
            self.shown.append(view)
            self.news.notify_all()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        return self.moves_to

    async def until(self, kind: type[View], count: int = 1) -> None:
        async with asyncio.timeout(10), self.news:
            await self.news.wait_for(lambda: sum(isinstance(view, kind) for view in self.shown) >= count)


@dataclass(slots=True)
class Office:
    delivering: Delivering
    mailbox: Mailbox
    signals: MemorySignals
    stores: Stores

    async def accept(self) -> Progress:
        """Asked and followed; returns the first progress to publish."""
        accepted = await self.stores.requests.accept(request(ADA), terms("bot-1"))
        self.delivering.follow(accepted)
        await self.mailbox.until(Waiting)
        return Progress(accepted.generation.id, 1, Stage.GENERATING, 61)

    async def finish(self) -> bytes:
        running = await self.stores.work.claim("w", LEASE)
        assert running is not None
        picture = made()
        await self.stores.work.finish(running, "w", outcome(picture))
        await self.signals.settled(running.id)
        return picture.data

    async def state(self) -> str:
        async with self.stores.database.single() as connection:
            return str((await connection.execute(text("SELECT state FROM deliveries"))).scalar_one())


@asynccontextmanager
async def office(stores: Stores, mailbox: Mailbox, instance: str = "bot-1") -> AsyncIterator[Office]:
    signals = MemorySignals()
    delivering = Delivering(
        deliveries=stores.deliveries,
        requests=stores.requests,
        gallery=Gallery(stores.images, stores.accounts),
        signals=signals,
        instance=instance,
    )
    delivering.serve(mailbox)
    running = asyncio.create_task(delivering.run())
    try:
        yield Office(delivering, mailbox, signals, stores)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _delivered(at: Office, state: str = "delivered") -> None:
    async def stands() -> bool:
        return await at.state() == state

    await until(stands)


async def test_a_message_shows_waiting_progress_and_the_very_bytes(stores: Stores) -> None:
    async with office(stores, Mailbox()) as at:
        progress = await at.accept()
        await at.signals.publish(progress)
        await at.mailbox.until(Working)
        data = await at.finish()
        await at.mailbox.until(Finished)
        await _delivered(at)
        last = at.mailbox.shown[-1]
        assert isinstance(last, Finished)
        assert [image.data for image in last.images] == [data]


async def test_progress_that_comes_faster_than_the_pace_is_coalesced_and_the_end_does_not_wait(
    stores: Stores,
) -> None:
    async with office(stores, Mailbox(pace=60)) as at:
        progress = await at.accept()
        for number in range(50):
            await at.signals.publish(Progress(progress.generation_id, 2 + number, Stage.GENERATING, 60))
        await at.finish()
        await at.mailbox.until(Finished)
        assert not any(isinstance(view, Working) for view in at.mailbox.shown)


async def test_the_end_is_shown_even_if_every_signal_was_lost(stores: Stores) -> None:
    async with office(stores, Mailbox()) as at:
        await at.accept()
        running = await stores.work.claim("w", LEASE)
        assert running is not None
        await stores.work.finish(running, "w", outcome())
        await at.mailbox.until(Finished)
        await _delivered(at)


async def test_a_platform_that_is_away_gets_it_later_without_paying_again(stores: Stores) -> None:
    mailbox = Mailbox(faults=[None, Outage("busy", retry_after=0.01)])
    async with office(stores, mailbox) as at:
        await at.accept()
        await at.finish()
        await mailbox.until(Finished, 2)
        await _delivered(at)


async def test_a_place_that_is_gone_is_given_up_and_the_picture_stays(stores: Stores) -> None:
    mailbox = Mailbox(faults=[None, Undeliverable("the channel was deleted")])
    async with office(stores, mailbox) as at:
        progress = await at.accept()
        await at.finish()
        await _delivered(at, "undeliverable")
        assert len(await stores.images.pictures(progress.generation_id)) == 1


async def test_progress_that_is_refused_does_not_keep_the_end_from_being_tried(stores: Stores) -> None:
    mailbox = Mailbox(faults=[Undeliverable("no edits")])
    async with office(stores, mailbox) as at:
        await at.accept()
        await at.finish()
        await mailbox.until(Finished)
        await _delivered(at)


async def test_a_message_whose_bot_is_gone_is_finished_by_another(stores: Stores) -> None:
    accepted = await stores.requests.accept(request(ADA), terms("dead"))
    await stores.deliveries.renew([accepted.generation.id], "dead", timedelta(seconds=-1))
    async with office(stores, Mailbox(), "bot-2") as at:
        await at.mailbox.until(Waiting)
        await at.finish()
        await at.mailbox.until(Finished)
        await _delivered(at)


async def test_a_duplicate_is_left_to_whoever_accepted_it(stores: Stores) -> None:
    same = request(ADA)
    await stores.requests.accept(same, terms("bot-2"))
    again = await stores.requests.accept(same, terms("bot-1"))
    async with office(stores, Mailbox()) as at:
        at.delivering.follow(again)
        await at.accept()
        assert [view.generation.id for view in at.mailbox.shown if isinstance(view, Waiting)] != [again.generation.id]
        assert len(at.mailbox.shown) == 1


async def test_a_message_that_moved_is_edited_at_its_new_place(stores: Stores) -> None:
    moved = ReplyTo("discord", {"message": "2"})
    async with office(stores, Mailbox(moves_to=moved)) as at:
        progress = await at.accept()
        await at.finish()
        await _delivered(at)
        row = await stores.requests.generation(progress.generation_id)
        assert row is not None
        assert row.reply_to == moved


async def test_a_cancelled_and_a_failed_request_end_in_their_own_views(stores: Stores) -> None:
    async with office(stores, Mailbox()) as at:
        progress = await at.accept()
        await stores.requests.cancel(progress.generation_id)
        await at.signals.settled(progress.generation_id)
        await at.mailbox.until(Cancelled)
        await at.accept()
        running = await stores.work.claim("w", LEASE)
        assert running is not None
        await stores.work.fail(running, "w", Fault.QUOTA, "")
        await at.signals.settled(running.id)
        await at.mailbox.until(Failed)


async def test_a_bot_that_stops_leaves_its_open_messages_to_the_others(stores: Stores) -> None:
    async with office(stores, Mailbox()) as at:
        progress = await at.accept()
    taken = await stores.deliveries.take_over("bot-2", ["discord"], LEASE, 10)
    assert [one.id for one in taken] == [progress.generation_id]
