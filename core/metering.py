"""Use case: how much somebody used of what they may, without asking for anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Refusal
from core.generation import Requester, Venue
from core.house import House
from core.limits import Meter, Price, decide, personal_meters
from core.periods import Span
from core.policies import Scope
from core.ports import RequestStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one person may do in one place right now."""

    tier: str
    meters: tuple[Meter, ...]
    """Of this person: pictures first, then money."""
    spent_micro: int
    """This month, settled."""
    reserved_micro: int
    """For what waits and runs."""
    under_way: int
    """Requests that run, or may as soon as a worker is free."""
    waiting: int
    max_running: int | None
    max_waiting: int | None
    free_at: datetime | None
    """When the pause between two requests is over; None if it is."""
    refusal: Refusal | None
    """Why the next picture would be refused; None if it would be taken."""
    upgrade: str
    """How to get more; empty where there is no way."""


@dataclass(frozen=True, slots=True)
class Metering:
    requests: RequestStore
    house: House

    async def usage(self, requester: Requester, venue: Venue) -> Usage:
        terms = self.house.looking()
        facts = await self.requests.facts(requester, venue, terms)
        may, month = facts.allowance, facts.tally(Scope.USER, Span.MONTH)
        refusal = None
        try:
            decide(facts, Price(pictures=1, micro=0), terms.periods, self.house.upgrade)
        except Refusal as met:
            refusal = met
        free_at = None
        if may.cooldown_seconds and facts.last_accepted_at is not None:
            free_at = facts.last_accepted_at + timedelta(seconds=may.cooldown_seconds)
        return Usage(
            tier=facts.tier,
            meters=personal_meters(facts, terms.periods),
            spent_micro=month.spent_micro,
            reserved_micro=month.reserved_micro,
            under_way=facts.open_at_once,
            waiting=facts.waiting,
            max_running=may.max_running,
            max_waiting=may.max_waiting,
            free_at=free_at if free_at is not None and free_at > terms.periods.at else None,
            refusal=refusal,
            upgrade=self.house.upgrade,
        )
