"""Making pictures while everything else goes wrong: nothing that was paid for is lost or paid for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest

from core.errors import Fault, Outage, ProviderError
from core.generation import Generation, Reference, Status
from core.persisting import seen_through
from core.ports import Outcome, ProviderCall, ProviderEvent
from core.storage.accounting import PostgresLedger
from core.storage.work import PostgresWork
from tests.core.material import OPTIONS, made
from tests.core.stores import Stores
from tests.core.test_generating import Workshop, draws, workshop


@dataclass
class Unsteady(PostgresWork):
    """The real queue, whose writes wait for the test or fail as it says."""

    stores: Stores
    faults: list[Exception] = field(default_factory=list)
    storing: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        super().__init__(self.stores.database)

    async def finish(self, generation: Generation, worker: str, outcome: Outcome) -> bool:
        self.storing.set()
        await self.go_on.wait()
        if self.faults:
            raise self.faults.pop(0)
        return await super().finish(generation, worker, outcome)

    async def fail(
        self, generation: Generation, worker: str, fault: Fault, detail: str, *, lost_micro: int | None = None
    ) -> bool:
        if self.faults:
            raise self.faults.pop(0)
        return await super().fail(generation, worker, fault, detail, lost_micro=lost_micro)


async def test_a_worker_that_is_stopped_while_storing_stores_first(stores: Stores) -> None:
    work = Unsteady(stores)
    shop = workshop(stores, draws, work=work)
    asked = await shop.accept()
    running = asyncio.create_task(shop.generating.run_next())
    await work.storing.wait()
    running.cancel()
    _, still = await asyncio.wait({running}, timeout=0.05)
    assert still, "the canceller must not close the database under the write"
    work.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await shop.row(asked)).status is Status.FINISHED
    assert len(await stores.images.pictures(asked)) == 1


async def test_being_stopped_does_not_wait_for_ever() -> None:
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(seen_through(endless(), patience=0.01))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_an_outage_of_the_database_only_delays_what_was_made(stores: Stores) -> None:
    work = Unsteady(stores, [Outage("away")])
    work.go_on.set()
    shop = workshop(stores, draws, work=work)
    asked = await shop.accept()
    await shop.generating.run_next()
    assert (await shop.row(asked)).status is Status.FINISHED
    assert len(shop.painter.calls) == 1


async def test_a_failure_that_may_have_been_billed_is_written_down_through_an_outage(stores: Stores) -> None:
    async def cut(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        if call.prompt:
            raise ProviderError(Fault.CUT_OFF, "the line is dead")
        yield made()

    shop = workshop(stores, cut, work=Unsteady(stores, [Outage("away")]))
    asked = await shop.accept()
    await shop.generating.run_next()
    assert (await shop.row(asked)).fault is Fault.CUT_OFF


@pytest.mark.parametrize(
    ("fault", "lost"), [(Fault.TIMEOUT, 2), (Fault.CUT_OFF, 2), (Fault.SERVER_ERROR, 0), (Fault.MODERATED, 0)]
)
async def test_those_of_several_pictures_that_may_have_been_billed_unseen_are_lost(
    stores: Stores, fault: Fault, lost: int
) -> None:
    async def half(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        for position in range(2):
            yield made(position)
        raise ProviderError(fault, "the others")

    shop = workshop(stores, half)
    asked = await shop.accept(options=replace(OPTIONS, count=4))
    await shop.generating.run_next()
    row = await shop.row(asked)
    assert (row.status, len(await stores.images.pictures(asked))) == (Status.FINISHED, 2)
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.lost_micro, balance.difference_micro) == (row.reserved_micro * lost // 4, 0)
    assert balance.spent_micro == row.cost_micro


async def test_what_was_cancelled_before_the_provider_was_asked_costs_nothing(stores: Stores) -> None:
    class Late(PostgresWork):
        async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
            await stores.requests.cancel(generation_id)
            return await super().references(generation_id)

    shop = workshop(stores, draws, work=Late(stores.database))
    asked = await shop.accept()
    assert await shop.generating.run_next()
    assert (await shop.row(asked)).status is Status.CANCELLED
    assert shop.painter.calls == []
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.spent_micro, balance.lost_micro) == (0, 0, 0)


async def test_a_mistake_of_our_own_is_not_repeated_at_the_provider_s_price(stores: Stores) -> None:
    async def broken(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        yield made()
        raise KeyError("nobody foresaw this")

    shop = workshop(stores, broken)
    asked = await shop.accept()
    assert await shop.generating.run_next()
    row = await shop.row(asked)
    assert (row.status, row.fault, row.fault_detail) == (Status.FAILED, Fault.INTERNAL, "KeyError")


@pytest.mark.parametrize("words", ["a\0b", "a\ud800b", "\0"])
async def test_words_that_postgresql_cannot_hold_cost_no_picture(stores: Stores, words: str) -> None:
    async def curious(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        yield made(revised_prompt=words)

    shop = workshop(stores, curious)
    asked = await shop.accept()
    await shop.generating.run_next()
    row = await shop.row(asked)
    assert row.status is Status.FINISHED
    assert row.revised_prompt in {"ab", "a\ufffdb", None}


@pytest.mark.parametrize("words", ["a\0b", "a\ud800b"])
async def test_a_provider_s_odd_words_still_end_in_its_fault(stores: Stores, words: str) -> None:
    async def odd(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        if call.prompt:
            raise ProviderError(Fault.REJECTED, words)
        yield made()

    shop = workshop(stores, odd)
    asked = await shop.accept()
    await shop.generating.run_next()
    row = await shop.row(asked)
    assert (row.fault, row.fault_detail.replace("\ufffd", "")) == (Fault.REJECTED, "ab")


async def test_leases_are_kept_through_a_mistake(stores: Stores) -> None:
    renewals: list[int] = []

    class Stumbling(PostgresWork):
        async def renew(self, ids: Sequence[UUID], worker: str, lease: timedelta) -> Mapping[UUID, bool]:
            renewals.append(1)
            if len(renewals) == 1:
                raise KeyError("nobody foresaw this")
            again.set()
            return await super().renew(ids, worker, lease)

    again, begun = asyncio.Event(), asyncio.Event()

    async def slow(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        begun.set()
        await again.wait()
        yield made()

    shop: Workshop = workshop(stores, slow, work=Stumbling(stores.database))
    asked = await shop.accept()
    keeping = asyncio.create_task(shop.generating.keep_leases(every=0.01))
    running = asyncio.create_task(shop.generating.run_next())
    async with asyncio.timeout(30):
        await running
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert (await shop.row(asked)).status is Status.FINISHED
