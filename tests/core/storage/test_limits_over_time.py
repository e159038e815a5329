"""What was used is counted by the period that it was used in: at its end there is room again, over PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import Fault, LimitReached
from core.generation import Accepted, Generation, Requester, Venue
from core.limits import Price, Tally
from core.periods import Periods, Span
from core.policies import UNLIMITED, Policy, Scope
from core.ports import Made
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from tests.core.material import ADA, BOB, LEASE, made, outcome, request, terms
from tests.core.stores import Stores

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PRICE = 13_220
MOMENT = timedelta(microseconds=1)

PER_PERSON = {
    Span.HOUR: replace(UNLIMITED, per_hour=1),
    Span.DAY: replace(UNLIMITED, per_day=1),
    Span.MONTH: replace(UNLIMITED, per_month=1),
}
MONEY = {
    Span.DAY: replace(UNLIMITED, spend_day_micro=PRICE),
    Span.MONTH: replace(UNLIMITED, spend_month_micro=PRICE),
}
SHARED = {
    Span.DAY: Policy(scope=Scope.INSTALLATION, subject="", pool_day_micro=PRICE),
    Span.MONTH: Policy(scope=Scope.INSTALLATION, subject="", pool_month_micro=PRICE),
}


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A wall clock's time in that zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


class Clock:
    """Asks at the moments that a test names."""

    def __init__(self, stores: Stores, zone: ZoneInfo = BERLIN) -> None:
        self._stores = stores
        self._zone = zone

    async def ask(self, at: datetime, who: Requester = ADA, pictures: int = 1) -> Accepted:
        price = Price(pictures=pictures, micro=PRICE * pictures)
        given = terms(None, periods=Periods(at, self._zone), price=price)
        return await self._stores.requests.accept(request(who), given)

    async def refused(self, at: datetime, who: Requester = ADA) -> LimitReached:
        with pytest.raises(LimitReached) as refusal:
            await self.ask(at, who)
        return refusal.value

    async def tallies(self, at: datetime, who: Requester = ADA) -> Mapping[tuple[Scope, Span], Tally]:
        facts = await self._stores.requests.facts(who, Venue(), terms(periods=Periods(at, self._zone)))
        return {(one.scope, one.span): one for one in facts.tallies}


async def lay_down(stores: Stores, policy: Policy) -> None:
    await PostgresPolicies(stores.database).lay_down(policy, "test")


async def claimed(stores: Stores) -> Generation:
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    return running


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        (Span.HOUR, "2026-11-20T12:59:59", "2026-11-20T13:00"),
        (Span.DAY, "2026-11-20T23:59:59", "2026-11-21T00:00"),
        (Span.DAY, "2028-02-28T23:59:59", "2028-02-29T00:00"),
        (Span.DAY, "2028-02-29T23:59:59", "2028-03-01T00:00"),
        (Span.DAY, "2026-03-29T23:59:59", "2026-03-30T00:00"),
        (Span.DAY, "2026-10-25T23:59:59", "2026-10-26T00:00"),
        (Span.MONTH, "2026-11-30T23:59:59", "2026-12-01T00:00"),
        (Span.MONTH, "2026-12-31T23:59:59", "2027-01-01T00:00"),
        (Span.MONTH, "2028-02-29T23:59:59", "2028-03-01T00:00"),
    ],
)
async def test_a_count_of_pictures_starts_over_with_its_period(
    stores: Stores, span: Span, before: str, after: str
) -> None:
    await lay_down(stores, PER_PERSON[span])
    clock = Clock(stores)
    await clock.ask(local(before))
    refusal = await clock.refused(local(before))
    assert refusal.resets_at == local(after)
    await clock.refused(local(after) - MOMENT)
    assert (await clock.ask(local(after))).generation.left is not None
    await clock.refused(local(after))


@pytest.mark.parametrize("policies", [MONEY, SHARED], ids=["own", "shared"])
@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        (Span.DAY, "2026-11-20T23:59:59", "2026-11-21T00:00"),
        (Span.DAY, "2028-02-29T23:59:59", "2028-03-01T00:00"),
        (Span.MONTH, "2026-11-30T23:59:59", "2026-12-01T00:00"),
    ],
)
async def test_a_budget_starts_over_with_its_period(
    stores: Stores, policies: Mapping[Span, Policy], span: Span, before: str, after: str
) -> None:
    await lay_down(stores, policies[span])
    clock = Clock(stores)
    await clock.ask(local(before), BOB if policies is SHARED else ADA)
    assert (await clock.refused(local(before))).resets_at == local(after)
    await clock.ask(local(after))
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.difference_micro) == (2 * PRICE, 0)


async def test_a_new_day_is_no_new_month(stores: Stores) -> None:
    await lay_down(stores, PER_PERSON[Span.MONTH])
    clock = Clock(stores)
    await clock.ask(local("2026-11-20T12:00"))
    refusal = await clock.refused(local("2026-11-21T12:00"))
    assert refusal.resets_at == local("2026-12-01T00:00")


async def test_a_leap_day_is_a_day_of_february(stores: Stores) -> None:
    await lay_down(stores, PER_PERSON[Span.MONTH])
    clock = Clock(stores)
    await clock.ask(local("2028-02-28T12:00"))
    await clock.refused(local("2028-02-29T12:00"))
    await clock.ask(local("2028-03-01T12:00"))


async def test_the_hour_that_comes_twice_has_room_twice(stores: Stores) -> None:
    await lay_down(stores, PER_PERSON[Span.HOUR])
    clock = Clock(stores)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    await clock.ask(first)
    await clock.ask(first + timedelta(hours=1))  # half past two once more
    await clock.refused(first + timedelta(hours=1))


async def test_another_time_zone_keeps_what_was_used_today(stores: Stores) -> None:
    """Noon is the same day in Berlin and in New York; only when it ends has changed."""
    await lay_down(stores, PER_PERSON[Span.DAY])
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    await Clock(stores, BERLIN).ask(noon)
    refusal = await Clock(stores, NEW_YORK).refused(noon)
    assert refusal.resets_at == local("2026-11-21T00:00", NEW_YORK)


async def test_a_cooldown_runs_by_the_clock_and_not_by_periods(stores: Stores) -> None:
    await lay_down(stores, replace(UNLIMITED, cooldown_seconds=30))
    clock, midnight = Clock(stores), local("2026-11-21T00:00")
    await clock.ask(midnight - timedelta(seconds=5))
    refusal = await clock.refused(midnight + timedelta(seconds=5))
    assert str(refusal) == "Please wait 20 seconds."
    await clock.ask(midnight + timedelta(seconds=25))


@pytest.mark.parametrize("ending", ["failed", "cancelled", "cancelled while it waited", "given up"])
async def test_what_was_not_made_gives_its_room_back_in_the_period_it_was_taken_from(
    stores: Stores, ending: str
) -> None:
    await lay_down(stores, replace(UNLIMITED, per_day=1, spend_month_micro=PRICE))
    clock = Clock(stores)
    last_night, next_month = local("2026-11-30T23:30"), local("2026-12-01T00:30")
    generation = (await clock.ask(last_night)).generation
    await clock.ask(next_month)
    if ending == "cancelled while it waited":
        await stores.requests.cancel(generation.id)
    elif ending == "given up":
        running = await stores.work.claim("w", timedelta(seconds=-1))
        assert running is not None
        assert running.id == generation.id
        await stores.work.reclaim(1)
    else:
        running = await claimed(stores)
        assert running.id == generation.id
        if ending == "failed":
            assert await stores.work.fail(running, "w", Fault.MODERATED, "")
        else:
            assert await stores.work.cancelled(running, "w")

    before, after = await clock.tallies(last_night), await clock.tallies(next_month)
    for span in Span:
        assert (before[Scope.USER, span].pictures, before[Scope.USER, span].used_micro) == (0, 0)
        assert (after[Scope.USER, span].pictures, after[Scope.USER, span].used_micro) == (1, PRICE)
    await clock.ask(last_night)
    await clock.refused(next_month)


async def test_what_is_finished_after_midnight_is_spent_on_the_day_it_was_asked(stores: Stores) -> None:
    await lay_down(stores, MONEY[Span.DAY])
    clock = Clock(stores)
    evening, morning = local("2026-11-20T23:59"), local("2026-11-21T00:01")
    await clock.ask(evening)
    one: Made = made()
    assert await stores.work.finish(await claimed(stores), "w", outcome(one))
    assert (await clock.tallies(evening))[Scope.USER, Span.DAY].spent_micro == PRICE
    assert (Scope.USER, Span.DAY) not in await clock.tallies(morning)
    await clock.ask(morning)
    await clock.refused(evening)


async def test_a_request_that_made_fewer_pictures_gives_the_rest_back(stores: Stores) -> None:
    await lay_down(stores, replace(UNLIMITED, per_day=4))
    clock, noon = Clock(stores), local("2026-11-20T12:00")
    given = terms(None, periods=Periods(noon, BERLIN), price=Price(pictures=4, micro=4 * PRICE))
    asked = request(options=replace(request().options, count=4))
    await stores.requests.accept(asked, given)
    await clock.refused(noon)
    assert await stores.work.finish(await claimed(stores), "w", outcome(made(0), made(1)))
    tally = (await clock.tallies(noon))[Scope.USER, Span.DAY]
    assert (tally.pictures, tally.reserved_micro, tally.spent_micro) == (2, 0, 2 * PRICE)
    assert [(await clock.ask(noon)).generation.counted for _ in range(2)] == [True, True]
    await clock.refused(noon)
