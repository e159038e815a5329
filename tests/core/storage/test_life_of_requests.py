"""Whatever happens to requests, in whatever order, on the real stores: the money adds up and no move is illegal."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import Row, text

from core.errors import Fault, LimitReached
from core.generation import LEGAL_MOVES, Generation, Requester, Status, Venue
from core.limits import Price
from core.periods import Periods
from core.policies import FREE, PREMIUM, UNLIMITED
from core.storage.accounting import PostgresLedger
from core.storage.database import Database
from core.storage.governing import PostgresPolicies
from tests.core.material import GONE, LEASE, OPTIONS, made, outcome, picture, request, terms
from tests.core.storage.bookkeeping import DIFFERENCES, EMPTY, ROWS
from tests.core.stores import Stores

T = TypeVar("T")

PRICE = 13_220
BEGINNING = datetime(2026, 11, 30, 21, 40, tzinfo=UTC)
"""Close to the end of an hour, a day and a month, so that requests lie on both sides."""

PEOPLE = {
    Requester("discord", "1", "Ada"): FREE,
    Requester("slack", "T1/U2", "Bob"): PREMIUM,
    Requester("web", "3", "Cay"): UNLIMITED,
}
MOST_RUNNING = {one.external_id: tier.max_running for one, tier in PEOPLE.items()}


class LifeOfRequests(RuleBasedStateMachine):
    """People ask, workers claim, end or vanish, askers cancel; a worker that was given up may still come back."""

    keys = Bundle("keys")
    asked = Bundle("asked")
    held = Bundle("held")
    """Claims as workers remember them, those that they lost long ago included."""

    def __init__(self, stores: Stores, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.stores = stores
        self.loop = loop
        self.at = BEGINNING
        self.numbers = 0
        self.before: Mapping[UUID, Row[Any]] = {}
        self.run(self._emptied())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(doing)

    async def _emptied(self) -> None:
        async with self.stores.database.transaction() as connection:
            await connection.execute(EMPTY)
        policies = PostgresPolicies(self.stores.database)
        for tier in (FREE, PREMIUM, UNLIMITED):
            await policies.lay_down(replace(tier, cooldown_seconds=tier.cooldown_seconds and 5), "test")

    # ---------------------------------------------------------------- what can happen

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(
        target=asked,
        who=st.sampled_from(list(PEOPLE)),
        pictures=st.integers(1, 4),
        counted=st.sampled_from([True, True, True, False]),
        workspace=st.sampled_from(["", "discord:81"]),
    )
    def ask(self, who: Requester, pictures: int, counted: bool, workspace: str) -> Any:
        self.numbers += 1
        self.at += timedelta(seconds=6)
        options = replace(OPTIONS, count=pictures)
        price = Price(pictures=pictures, micro=pictures * PRICE, counted=counted)
        asking = request(who, options=options, venue=Venue(workspace), idempotency_key=f"life:{self.numbers}")
        given = terms(
            periods=Periods(self.at, ZoneInfo("Europe/Berlin")), price=price, default_tier=PEOPLE[who].subject
        )
        try:
            accepted = self.run(self.stores.requests.accept(asking, given))
        except LimitReached:
            return multiple()
        before = self.run(self._booked())
        again = self.run(self.stores.requests.accept(asking, given))
        assert again.duplicate
        assert again.generation.id == accepted.generation.id
        assert self.run(self._booked()) == before
        return accepted.generation

    @rule(target=held, worker=st.sampled_from("vw"), lease=st.sampled_from([LEASE, LEASE, GONE]))
    def claim(self, worker: str, lease: timedelta) -> Any:
        claimed = self.run(self.stores.work.claim(worker, lease))
        return multiple() if claimed is None else (claimed, worker)

    @rule(claim=held)
    def begin_call(self, claim: tuple[Generation, str]) -> None:
        self.run(self.stores.work.begin_call(*claim))

    @rule(claim=held, pictures=st.integers(1, 4))
    def finish(self, claim: tuple[Generation, str], pictures: int) -> None:
        generation, worker = claim

        async def finished() -> None:
            drawn = [made(n, SMALL) for n in range(min(pictures, generation.options.count))]
            await self.stores.work.finish(generation, worker, outcome(*drawn))

        self.run(finished())

    @rule(claim=held, lost=st.sampled_from([None, None, PRICE]))
    def fail(self, claim: tuple[Generation, str], lost: int | None) -> None:
        self.run(self.stores.work.fail(*claim, Fault.SERVER_ERROR, "as scripted", lost_micro=lost))

    @rule(claim=held, lost=st.sampled_from([None, PRICE]))
    def stop(self, claim: tuple[Generation, str], lost: int | None) -> None:
        self.run(self.stores.work.cancelled(*claim, lost_micro=lost))

    @rule(claim=held, lost=st.sampled_from([None, PRICE]), pause=st.sampled_from([None, 0.0, 3600.0]))
    def hand_back(self, claim: tuple[Generation, str], lost: int | None, pause: float | None) -> None:
        later = None if pause is None else timedelta(seconds=pause)
        self.run(self.stores.work.hand_back(*claim, later, lost_micro=lost))

    @rule(generation=asked)
    def cancel(self, generation: Generation) -> None:
        self.run(self.stores.requests.cancel(generation.id))

    @rule(generation=asked)
    def unpark(self, generation: Generation) -> None:
        self.run(self.stores.work.unpark(generation))

    @rule(max_attempts=st.sampled_from([1, 5]))
    def sweep(self, max_attempts: int) -> None:
        self.run(self.stores.work.reclaim(max_attempts))
        self.run(self.stores.work.unpark_forgotten())
        assert self.run(self.stores.work.unpark_forgotten()) == []

    # ---------------------------------------------------------------- what holds all the same

    @invariant()
    def every_move_is_legal(self) -> None:
        after = {row.id: row for row in self.run(self._rows())}
        assert set(self.before) <= set(after)
        for one, row in after.items():
            was = Status(self.before[one].status) if one in self.before else Status.QUEUED
            assert row.status == was or Status(row.status) in LEGAL_MOVES[was], (was, row.status)
            assert not was.final or row == self.before[one]
            assert row.attempts >= (self.before[one].attempts if one in self.before else 0)
        self.before = after

    @invariant()
    def what_is_over_holds_no_money_and_only_what_is_finished_costs_any(self) -> None:
        for row in self.before.values():
            finished, over = row.status == Status.FINISHED, Status(row.status).final
            assert row.held_micro == (row.reserved_micro if row.counted and not over else 0)
            assert (row.cost_micro is not None) == finished == (row.made > 0)
            assert row.spent_micro == (row.cost_micro if finished and row.counted else 0)
            assert row.pictures == (0 if not row.counted else row.made if over else row.asked)
            assert row.counted or (row.reserved_micro, row.lost_micro) == (0, 0)
            assert row.lost_micro >= 0

    @invariant()
    def everything_adds_up(self) -> None:
        assert self.run(PostgresLedger(self.stores.database).balance()).difference_micro == 0
        assert self.run(self._differences()) == []

    @invariant()
    def nobody_has_more_under_way_than_they_may(self) -> None:
        open_now = [row for row in self.before.values() if not Status(row.status).final and not row.parked]
        for person, count in Counter(row.person for row in open_now if row.counted).items():
            most = MOST_RUNNING[person]
            assert most is None or count <= most

    @invariant()
    def what_runs_is_leased_and_what_is_parked_waits(self) -> None:
        for row in self.before.values():
            assert (row.lease_until is not None) == (row.status == Status.RUNNING)
            assert not row.parked or row.status in {Status.QUEUED, Status.CANCELLED}

    async def _rows(self) -> list[Row[Any]]:
        async with self.stores.database.single() as connection:
            return list(await connection.execute(ROWS))

    async def _differences(self) -> list[Row[Any]]:
        async with self.stores.database.single() as connection:
            return list(await connection.execute(DIFFERENCES))

    async def _booked(self) -> int:
        async with self.stores.database.single() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM ledger"))).scalar_one())


SMALL = picture(size=(8, 8))


def test_no_order_of_events_loses_money_or_breaks_a_limit(database_url: str) -> None:
    loop, database = asyncio.new_event_loop(), Database(database_url)

    class Here(LifeOfRequests):
        def __init__(self) -> None:
            super().__init__(Stores.over(database), loop)

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=30,
                stateful_step_count=40,
                deadline=None,
                # Made smaller, a failure would take minutes; what it prints is a whole story anyway.
                phases=(Phase.generate,),
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
    finally:
        loop.run_until_complete(database.close())
        loop.close()
