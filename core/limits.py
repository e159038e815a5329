"""Whether a request may be taken: a pure decision over facts that were read under a lock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core import wording
from core.errors import Limit, LimitReached, NotAllowed, SwitchedOff
from core.generation import Left
from core.periods import Periods, Span
from core.policies import POOLED, Allowance, Policy, Scope, allowance, paused, shut_out

ALERT_PERCENT = 80
"""Of a budget that is used when people are told, softly, before it stops them."""

_SPANS_OF_MONEY = (Span.DAY, Span.MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was used of one subject's period."""

    scope: Scope
    subject: str
    span: Span
    pictures: int = 0
    reserved_micro: int = 0
    spent_micro: int = 0
    lost_micro: int = 0
    """Paid for answers that never came: the operator's money, so it counts for pools and for no person."""
    granted: int = 0
    """Pictures that an admin gave on top for this period."""

    @property
    def used_micro(self) -> int:
        return self.reserved_micro + self.spent_micro + (self.lost_micro if self.scope in POOLED else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision rests on."""

    tier: str
    policies: Sequence[Policy]
    tallies: Sequence[Tally]
    open_at_once: int = 0
    """Requests of this person that run or may be claimed."""
    waiting: int = 0
    """Requests of this person in the queue."""
    last_accepted_at: datetime | None = None

    @property
    def allowance(self) -> Allowance:
        return allowance(self.policies)

    def tally(self, scope: Scope, span: Span) -> Tally:
        found = (one for one in self.tallies if one.scope is scope and one.span is span)
        return next(found, Tally(scope=scope, subject="", span=span))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a request asks for."""

    pictures: int
    micro: int
    """Estimated from the catalogue, in millionths of a US dollar."""
    counted: bool = True
    """False for the demo's pictures and for tests: they cost nothing and use nothing up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One limit and how much of it is used, for bars and refusals."""

    limit: Limit
    scope: Scope
    subject: str
    span: Span
    used: int
    of: int
    resets_at: datetime

    @property
    def money(self) -> bool:
        return self.limit not in {Limit.PICTURES_HOUR, Limit.PICTURES_DAY, Limit.PICTURES_MONTH}

    @property
    def left(self) -> int:
        return max(0, self.of - self.used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The request may be taken."""

    weight: float
    parked: bool
    """It waits for an earlier one of the same person to end."""
    max_running: int | None
    left: Left | None
    alerts: tuple[Meter, ...]
    """Budgets of which more than `ALERT_PERCENT` are used now."""


_PICTURES = {Span.HOUR: Limit.PICTURES_HOUR, Span.DAY: Limit.PICTURES_DAY, Span.MONTH: Limit.PICTURES_MONTH}
_SPEND = {Span.DAY: Limit.SPEND_DAY, Span.MONTH: Limit.SPEND_MONTH}
_POOL = {Span.DAY: Limit.POOL_DAY, Span.MONTH: Limit.POOL_MONTH}


def decide(facts: Facts, price: Price, periods: Periods, upgrade: str = "") -> Verdict:
    """Raises the Refusal that keeps the person waiting longest; `upgrade` says how to get more."""
    _check_open(facts.policies)
    may = facts.allowance
    if not price.counted:
        return Verdict(weight=may.weight, parked=False, max_running=None, left=None, alerts=())
    _check_pace(facts, may, periods.at)
    own, pools = personal_meters(facts, periods), pool_meters(facts, periods)
    full = [one for one in (*own, *pools) if one.used + _asked(one, price) > one.of]
    if full:
        raise _full(max(full, key=lambda one: (one.resets_at, one.scope is Scope.USER)), price, upgrade)
    return Verdict(
        weight=may.weight,
        parked=may.max_running is not None and facts.open_at_once >= may.max_running,
        max_running=may.max_running,
        left=left_after(own, price.pictures),
        alerts=tuple(
            replace(one, used=one.used + price.micro) for one in (*own, *pools) if one.money and _alerting(one, price)
        ),
    )


def personal_meters(facts: Facts, periods: Periods) -> tuple[Meter, ...]:
    """The limits of one person: pictures first, then money."""
    may = facts.allowance
    meters = []
    for span, limit in _PICTURES.items():
        tally = facts.tally(Scope.USER, span)
        meters.append((limit, span, tally.pictures, _plus(may.pictures.get(span), tally.granted)))
    for span, limit in _SPEND.items():
        meters.append((limit, span, facts.tally(Scope.USER, span).used_micro, may.spend_micro.get(span)))
    return tuple(
        Meter(limit=limit, scope=Scope.USER, subject="", span=span, used=used, of=of, resets_at=periods.end(span))
        for limit, span, used, of in meters
        if of is not None
    )


def pool_meters(facts: Facts, periods: Periods) -> tuple[Meter, ...]:
    """The budgets that this person shares with others."""
    return tuple(
        Meter(
            limit=_POOL[span],
            scope=policy.scope,
            subject=policy.subject,
            span=span,
            used=facts.tally(policy.scope, span).used_micro,
            of=of,
            resets_at=periods.end(span),
        )
        for policy in facts.policies
        if policy.scope in POOLED
        for span in _SPANS_OF_MONEY
        if (of := policy.pool(span)) is not None
    )


def tight(facts: Facts, periods: Periods, slack_micro: int) -> frozenset[Scope]:
    """Shared budgets with so little room that requests must be decided one after another."""
    return frozenset(one.scope for one in pool_meters(facts, periods) if one.left <= slack_micro)


def surely_tight(ceiling: Policy, slack_micro: int) -> frozenset[Scope]:
    """Those that are so small by the settings that they are tight from the beginning."""
    pools = [pool for span in _SPANS_OF_MONEY if (pool := ceiling.pool(span)) is not None]
    return frozenset({ceiling.scope}) if pools and min(pools) <= slack_micro else frozenset()


def left_after(own: Iterable[Meter], pictures: int) -> Left | None:
    """What is left of the tightest count of pictures, for `3 of 10 left today`."""
    counts = [one for one in own if not one.money]
    if not counts:
        return None
    least = min(counts, key=lambda one: one.left)
    return Left(max(0, least.left - pictures), least.of, least.span.value)


def _check_open(policies: Sequence[Policy]) -> None:
    if stopped := paused(policies):
        where = "" if stopped.scope is Scope.INSTALLATION else " here"
        why = f" {stopped.reason}" if stopped.reason else ""
        raise SwitchedOff(f"Making pictures is paused{where}.{why}")
    if barred := shut_out(policies):
        why = f" {barred.reason}" if barred.reason else ""
        if barred.scope in {Scope.USER, Scope.MEMBER}:
            raise NotAllowed(f"You may not ask for pictures{' here' if barred.scope is Scope.MEMBER else ''}.{why}")
        raise NotAllowed(f"Pictures may not be asked for in this place.{why}", "Try another channel, or ask an admin.")


def _check_pace(facts: Facts, may: Allowance, at: datetime) -> None:
    if may.cooldown_seconds and facts.last_accepted_at is not None:
        free_at = facts.last_accepted_at + timedelta(seconds=may.cooldown_seconds)
        wait = math.ceil((free_at - at).total_seconds())
        # A clock that was put back must not lock anybody out for longer than the pause itself.
        if 0 < wait <= may.cooldown_seconds:
            raise LimitReached(Limit.COOLDOWN, f"Please wait {wording.seconds(wait)}.", resets_at=free_at)
    if may.max_waiting is not None and facts.waiting >= may.max_waiting:
        many = f"You already have {wording.pictures(facts.waiting, 'request')} waiting, which is the most you may have."
        raise LimitReached(Limit.WAITING, many, "Wait for one of them to end, or cancel one: /queue lists them.")


def _full(meter: Meter, price: Price, upgrade: str) -> LimitReached:
    return LimitReached(
        meter.limit,
        wording.limit_reached(meter.limit, meter.used, meter.of, meter.span.words, price.micro, meter.scope.value),
        "Ask an admin." if meter.scope is not Scope.USER else upgrade,
        # What is more than the whole of it never fits.
        resets_at=None if _asked(meter, price) > meter.of else meter.resets_at,
    )


def _asked(meter: Meter, price: Price) -> int:
    return price.micro if meter.money else price.pictures


def _alerting(meter: Meter, price: Price) -> bool:
    return meter.of > 0 and (meter.used + price.micro) * 100 >= meter.of * ALERT_PERCENT


def _plus(limit: int | None, granted: int) -> int | None:
    return None if limit is None else limit + granted
