"""What one person has waiting: cancelling all of it lets none of it begin."""

from __future__ import annotations

from dataclasses import replace

from core.generation import Status
from core.policies import UNLIMITED
from tests.core.material import ADA, request
from tests.fakes.workshop import Workshop


async def test_cancelling_everything_lets_nothing_begin_that_waited_for_it() -> None:
    shop = Workshop()
    shop.store.policies = [replace(UNLIMITED, max_running=1)]
    studio = shop.studio()
    asked = [(await studio.requesting.submit(request())).generation for _ in range(4)]
    assert [one.parked for one in asked] == [False, True, True, True]
    before = len(shop.doorbell.rings)
    ended = await studio.queueing.cancel_all(ADA)
    assert [(one.id, one.status) for one in ended] == [(one.id, Status.CANCELLED) for one in asked]
    assert shop.doorbell.rings[before:] == []
