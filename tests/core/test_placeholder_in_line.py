"""A placeholder in the queue: its place is told anew when it moved, and nothing is edited when it did not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from core import wording
from core.clock import now
from core.errors import Outage
from core.gallery import Gallery
from core.generation import Accepted, Progress, Stage, Status
from core.placeholder import Placeholder
from core.views import Waiting, Working
from tests.core.material import ADA, BOB, request, terms
from tests.core.test_delivering import Mailbox
from tests.eventually import until
from tests.fakes.ports import MemoryRequests
from tests.fakes.workshop import Workshop


@dataclass(slots=True)
class Watched(MemoryRequests):
    """Counts how often somebody looked how a request stands."""

    looks: int = 0

    async def standing(self, generation_id: UUID) -> Accepted | None:
        self.looks += 1
        return await MemoryRequests.standing(self, generation_id)

    async def looked(self, times: int = 5) -> None:
        """Returns once it was looked at so many more times."""
        before = self.looks

        async def enough() -> bool:
            return self.looks >= before + times

        await until(enough)


@dataclass(slots=True)
class Line:
    """What a test needs at hand."""

    store: Watched
    workshop: Workshop
    mailbox: Mailbox
    first: UUID
    placeholder: Placeholder


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """The message of a request of Ada's behind one of Bob's; each takes ten seconds."""
    store, mailbox = Watched(seconds=10.0), Mailbox()
    workshop = Workshop(store)
    first = await store.accept(request(BOB), terms())
    accepted = await store.accept(request(ADA), terms())
    assert accepted.generation.reply_to is not None
    placeholder = Placeholder(
        accepted=accepted,
        reply_to=accepted.generation.reply_to,
        courier=mailbox,
        owner="bot-1",
        deliveries=workshop.deliveries,
        requests=workshop.store,
        gallery=Gallery(workshop.images, workshop.store.accounts),
        signals=workshop.signals,
        in_flight=lambda: 1,
        silence=0.01,
    )
    tending = asyncio.create_task(placeholder.tend())
    await mailbox.until(Waiting)
    try:
        yield Line(store, workshop, mailbox, first.generation.id, placeholder)
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)


def places(mailbox: Mailbox) -> list[tuple[int, int | None]]:
    return [(view.accepted.position, view.accepted.eta_seconds) for view in mailbox.shown if isinstance(view, Waiting)]


async def test_the_place_is_told_anew_when_the_queue_moved(line: Line) -> None:
    assert places(line.mailbox) == [(2, 20)]
    line.workshop.begin(line.first)
    await line.mailbox.until(Waiting, 2)
    assert places(line.mailbox) == [(2, 20), (1, 10)]


async def test_nothing_is_edited_while_nothing_moves(line: Line) -> None:
    await line.store.looked()
    assert places(line.mailbox) == [(2, 20)]


async def test_a_new_forecast_is_told_too(line: Line) -> None:
    line.store.seconds = 30.0
    await line.mailbox.until(Waiting, 2)
    assert places(line.mailbox)[-1] == (2, 60)


async def test_a_message_is_never_edited_faster_than_its_platform_allows(line: Line) -> None:
    line.placeholder.next_edit = asyncio.get_running_loop().time() + 3600
    line.workshop.begin(line.first)
    await line.store.looked()
    assert places(line.mailbox) == [(2, 20)]


async def test_a_parked_request_is_let_in_before_the_reader_s_eyes(line: Line) -> None:
    asked = line.placeholder.accepted.generation.id
    line.store.change(asked, parked=True, max_running=1)
    await line.mailbox.until(Waiting, 2)
    line.store.change(asked, parked=False)
    await line.mailbox.until(Waiting, 3)
    shown = [wording.waiting_words(view.accepted) for view in line.mailbox.shown if isinstance(view, Waiting)]
    assert shown[1] == "waiting for your other picture to end"
    assert shown[2] == "2nd in line, about 20 s left"


async def test_a_pause_before_the_next_try_stays_told_and_then_the_place_is_again(line: Line) -> None:
    asked, later = line.placeholder.accepted.generation.id, now() + timedelta(hours=1)
    line.store.change(asked, status=Status.QUEUED, not_before=later)
    await line.workshop.signals.publish(Progress(asked, 1, Stage.QUEUED, 10, retry_at=later))
    await line.mailbox.until(Working)
    await line.store.looked()
    assert places(line.mailbox) == [(2, 20)]
    line.store.change(asked, not_before=now())
    await line.mailbox.until(Waiting, 2)
    assert [type(view) for view in line.mailbox.shown] == [Waiting, Working, Waiting]


async def test_a_place_that_could_not_be_shown_is_shown_at_the_next_look(line: Line) -> None:
    line.mailbox.faults.append(Outage("busy", 0.01))
    line.workshop.begin(line.first)
    await line.mailbox.until(Waiting, 3)
    assert places(line.mailbox) == [(2, 20), (1, 10), (1, 10)]
