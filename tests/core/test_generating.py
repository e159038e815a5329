"""Making pictures, over the real queue in PostgreSQL and a provider that does what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.catalogue import load_catalogue
from core.errors import Fault, ProviderError
from core.generating import Easel, Generating
from core.generation import Generation, Progress, Reference, Stage, Status
from core.ports import Fraction, Partial, ProviderCall, ProviderEvent
from core.storage.work import PostgresWork
from core.styles import load_styles
from core.sweeping import Sweeping
from tests.core.material import OPTIONS, made, picture, request, terms
from tests.core.stores import Stores
from tests.fakes.ports import MemoryDoorbell, MemorySignals

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

Script = Callable[[ProviderCall], AsyncGenerator[ProviderEvent, None]]


@dataclass(slots=True)
class Painter:
    """Implements the provider's port by a script for each call; the last one serves all later calls."""

    scripts: list[Script]
    calls: list[ProviderCall] = field(default_factory=list)
    name: str = "openai"

    async def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        self.calls.append(call)
        script = self.scripts[min(len(self.calls), len(self.scripts)) - 1]
        async for event in script(call):
            yield event

    async def check(self, model: str) -> str:
        return "well"

    async def close(self) -> None:
        return None


@dataclass(slots=True)
class Workshop:
    generating: Generating
    painter: Painter
    signals: MemorySignals
    doorbell: MemoryDoorbell
    stores: Stores

    async def accept(self, **changed: Any) -> UUID:
        accepted = await self.stores.requests.accept(request(**changed), terms(None))
        return accepted.generation.id

    async def row(self, generation_id: UUID) -> Generation:
        found = await self.stores.requests.generation(generation_id)
        assert found is not None
        return found


def workshop(stores: Stores, *scripts: Script, max_retries: int = 2, work: PostgresWork | None = None) -> Workshop:
    painter, signals, doorbell = Painter(list(scripts)), MemorySignals(), MemoryDoorbell()
    easel = Easel({"openai": painter}, load_catalogue(), load_styles(), 10_000_000, max_retries)
    generating = Generating(
        work=work or stores.work, signals=signals, doorbell=doorbell, easel=easel, worker="w", clock=lambda: NOON
    )
    return Workshop(generating, painter, signals, doorbell, stores)


async def draws(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
    for position in range(call.options.count):
        yield Partial(position, 1, 1, picture("grey"))
        yield made(position, picture(["red", "green", "blue", "black"][position]))


def fails(fault: Fault, retry_after: float | None = None) -> Script:
    async def script(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        if call.options.count:
            raise ProviderError(fault, "as scripted", retry_after)
        yield Fraction(0.0)

    return script


async def test_a_request_becomes_pictures_with_what_they_cost(stores: Stores) -> None:
    shop = workshop(stores, draws)
    asked = await shop.accept(options=replace(OPTIONS, count=4, style="watercolor"))
    assert await shop.generating.run_next()
    row = await shop.row(asked)
    assert row.status is Status.FINISHED
    assert row.cost_micro == 4 * load_catalogue().get(OPTIONS.model).cost_micro(text_in=10, image_in=0, out=439)
    assert [one.position for one in await stores.images.pictures(asked)] == [0, 1, 2, 3]
    assert "watercolo" in shop.painter.calls[0].prompt
    assert row.prompt == "a lighthouse"


async def test_progress_goes_through_every_stage_and_never_back(stores: Stores) -> None:
    shop = workshop(stores, draws)
    asked = await shop.accept()
    heard = []
    async with shop.signals.watch(asked) as watch:
        running = asyncio.create_task(shop.generating.run_next())
        while isinstance(news := await watch.next(5), Progress):
            heard.append(news)
        await running
    assert [one.percent for one in heard] == sorted(one.percent for one in heard)
    assert heard[-1].stage is Stage.SAVING
    assert any(one.preview for one in heard)


async def test_nothing_waiting_means_nothing_done(stores: Stores) -> None:
    shop = workshop(stores, draws)
    assert not await shop.generating.run_next()
    assert shop.painter.calls == []


@pytest.mark.parametrize("fault", [Fault.MODERATED, Fault.QUOTA, Fault.TIMEOUT, Fault.CUT_OFF, Fault.INVALID_KEY])
async def test_what_may_have_been_billed_or_cannot_get_better_is_not_tried_again(stores: Stores, fault: Fault) -> None:
    shop = workshop(stores, fails(fault))
    asked = await shop.accept()
    await shop.generating.run_next()
    row = await shop.row(asked)
    assert (row.status, row.fault, row.cost_micro) == (Status.FAILED, fault, None)
    assert len(shop.painter.calls) == 1


async def test_a_busy_provider_is_tried_again_when_it_said_so(stores: Stores) -> None:
    shop = workshop(stores, fails(Fault.RATE_LIMITED, 12.0), draws)
    asked = await shop.accept()
    await shop.generating.run_next()
    row = await shop.row(asked)
    assert row.status is Status.QUEUED
    assert row.not_before is not None
    assert row.not_before > row.created_at + timedelta(seconds=12)  # by the database's clock, which all workers share
    assert shop.doorbell.rings == [asked]
    latest = await shop.signals.latest(asked)
    assert latest is not None
    assert latest.retry_at == NOON + timedelta(seconds=12)


async def test_retries_end(stores: Stores) -> None:
    shop = workshop(stores, fails(Fault.SERVER_ERROR, 0.0), max_retries=2)
    asked = await shop.accept()
    while (await shop.row(asked)).status is Status.QUEUED:
        await shop.generating.run_next()
    assert (await shop.row(asked)).fault is Fault.SERVER_ERROR
    assert len(shop.painter.calls) == 3


async def test_something_that_is_no_picture_is_refused_and_not_stored(stores: Stores) -> None:
    async def lies(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        yield made(0, b"<html>busy</html>")

    shop = workshop(stores, lies)
    asked = await shop.accept()
    await shop.generating.run_next()
    assert (await shop.row(asked)).fault is Fault.BAD_IMAGE
    assert await stores.images.pictures(asked) == []


async def test_some_of_several_pictures_are_kept_when_the_others_fail(stores: Stores) -> None:
    async def half(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        yield made(0)
        raise ProviderError(Fault.SERVER_ERROR)

    shop = workshop(stores, half)
    asked = await shop.accept(options=replace(OPTIONS, count=2))
    await shop.generating.run_next()
    assert (await shop.row(asked)).status is Status.FINISHED
    assert len(await stores.images.pictures(asked)) == 1


async def test_a_cancelled_request_drops_the_provider_s_call_and_costs_nothing(stores: Stores) -> None:
    begun, dropped = asyncio.Event(), asyncio.Event()

    async def slow(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            dropped.set()
        yield Fraction(1.0)

    shop = workshop(stores, slow)
    asked = await shop.accept()
    running = asyncio.create_task(shop.generating.run_next())
    await begun.wait()
    await stores.requests.cancel(asked)
    shop.generating.cancel(asked)
    assert await running
    row = await shop.row(asked)
    assert (row.status, row.cost_micro) == (Status.CANCELLED, None)
    assert dropped.is_set()


async def test_a_worker_that_is_stopped_hands_its_request_back(stores: Stores) -> None:
    begun = asyncio.Event()

    async def slow(call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        begun.set()
        await asyncio.Event().wait()
        yield Fraction(1.0)

    shop = workshop(stores, slow)
    asked = await shop.accept()
    running = asyncio.create_task(shop.generating.run_next())
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await shop.row(asked)).status is Status.QUEUED
    assert shop.doorbell.rings == [asked]


async def test_a_model_whose_provider_is_not_set_up_fails_with_its_own_fault(stores: Stores) -> None:
    shop = workshop(stores, draws)
    accepted = await stores.requests.accept(request(), terms(None, provider="elsewhere"))
    await shop.generating.run_next()
    assert (await shop.row(accepted.generation.id)).fault is Fault.UNKNOWN_MODEL


async def test_the_work_of_a_lost_worker_is_found_again(stores: Stores) -> None:
    shop = workshop(stores, draws)
    asked = await shop.accept()
    await stores.work.claim("dead", timedelta(seconds=-1))
    assert await Sweeping(stores.work, shop.signals).left_behind(10) == [asked]
    assert await shop.generating.run_next()
    assert (await shop.row(asked)).status is Status.FINISHED


async def test_pictures_that_came_along_reach_the_provider(stores: Stores) -> None:
    shop = workshop(stores, draws)
    brought = Reference(picture("orange"), "image/png")
    await shop.accept(references=(brought,))
    await shop.generating.run_next()
    assert shop.painter.calls[0].references == (brought,)
