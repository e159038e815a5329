"""What operators and admins lay down: tiers, quotas, budgets, who is shut out; and what follows for one person.

A tier says what a person may do. A word about that person replaces it, field by field. A server, a channel and the
whole installation can only tighten it: whoever administers a server must not be able to spend the operator's money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.periods import Span


class Scope(StrEnum):
    """Whom a policy is about. `subject` then names which one. The value is what the database stores."""

    INSTALLATION = "installation"
    """Everybody; the subject is empty."""
    WORKSPACE = "workspace"
    """A Discord server or a Slack workspace, as `Venue.workspace` names it."""
    CHANNEL = "channel"
    """A channel, as `Venue.channels` names it."""
    TIER = "tier"
    """A tier, by its name."""
    USER = "user"
    """A person, by the id of their account, everywhere."""
    MEMBER = "member"
    """A person in one workspace: `workspace|user id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is laid down for one subject. None says nothing; of a tier it means without limit. Money is in micro-USD."""

    scope: Scope
    subject: str
    imposed: bool = False
    """By the operator on a place that has admins of its own: it stands beside their word, and they cannot lift it."""
    allowed: bool | None = None
    """False shuts out; True of a channel lets in where its workspace is shut out."""
    paused: bool = False
    """New requests are refused; what was accepted goes on."""
    reason: str = ""
    """Told to those who are refused."""
    weight: float | None = None
    """Of a tier: its share of the workers where they are short."""
    assignable: bool | None = None
    """Of a tier: whether admins of a workspace may give it to its members."""
    cooldown_seconds: int | None = None
    max_running: int | None = None
    max_waiting: int | None = None
    per_hour: int | None = None
    """Pictures of one person, and so on."""
    per_day: int | None = None
    per_month: int | None = None
    spend_day_micro: int | None = None
    """Money of one person."""
    spend_month_micro: int | None = None
    pool_day_micro: int | None = None
    """Money of all whom this policy is about, together."""
    pool_month_micro: int | None = None

    def pool(self, span: Span) -> int | None:
        return {Span.DAY: self.pool_day_micro, Span.MONTH: self.pool_month_micro}.get(span)


PERSONAL = (
    "cooldown_seconds",
    "max_running",
    "max_waiting",
    "per_hour",
    "per_day",
    "per_month",
    "spend_day_micro",
    "spend_month_micro",
)
"""The fields that say what one person may do."""

POOLED = (Scope.INSTALLATION, Scope.WORKSPACE, Scope.TIER)
"""Whose members can share a budget."""

FREE = Policy(
    scope=Scope.TIER,
    subject="free",
    weight=1.0,
    assignable=True,
    cooldown_seconds=30,
    max_running=1,
    max_waiting=10,
    per_hour=10,
    per_day=50,
    per_month=200,
    spend_month_micro=5_000_000,
)
PREMIUM = Policy(
    scope=Scope.TIER,
    subject="premium",
    weight=3.0,
    assignable=True,
    cooldown_seconds=5,
    max_running=3,
    max_waiting=20,
    per_hour=60,
    per_day=300,
    per_month=2_000,
    spend_month_micro=50_000_000,
)
UNLIMITED = Policy(scope=Scope.TIER, subject="unlimited", weight=3.0, assignable=False)

TIERS = (FREE, PREMIUM, UNLIMITED)
"""Those that there are from the beginning; the table of policies may change them and add others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one person may do in one place. None is without limit."""

    weight: float = 1.0
    cooldown_seconds: int | None = None
    max_running: int | None = None
    max_waiting: int | None = None
    pictures: Mapping[Span, int | None] = field(default_factory=dict)
    spend_micro: Mapping[Span, int | None] = field(default_factory=dict)


def allowance(policies: Sequence[Policy]) -> Allowance:
    """From every policy that touches a person in a place."""
    tier = _of(policies, Scope.TIER) or FREE
    own = _of(policies, Scope.USER)
    around = [one for one in policies if one.scope in {Scope.INSTALLATION, Scope.WORKSPACE, Scope.CHANNEL}]
    found = {name: _tightest([_said(own, name, tier), *(getattr(one, name) for one in around)]) for name in PERSONAL}
    return Allowance(
        weight=max(tier.weight or 1.0, 0.001),
        # The longest pause is the tightest, where everything else is tighter the smaller it is.
        cooldown_seconds=max(
            (one for one in [_said(own, "cooldown_seconds", tier), *(p.cooldown_seconds for p in around)] if one),
            default=None,
        ),
        max_running=_at_least_one(found["max_running"]),
        max_waiting=_at_least_one(found["max_waiting"]),
        pictures={Span.HOUR: found["per_hour"], Span.DAY: found["per_day"], Span.MONTH: found["per_month"]},
        spend_micro={Span.DAY: found["spend_day_micro"], Span.MONTH: found["spend_month_micro"]},
    )


def shut_out(policies: Sequence[Policy]) -> Policy | None:
    """The policy that keeps this person out of this place, if there is one. Channels come most particular first."""
    for one in policies:
        if one.scope in {Scope.USER, Scope.MEMBER} and one.allowed is False:
            return one
    channels = [one for one in policies if one.scope is Scope.CHANNEL]
    place = [*channels, *(one for one in policies if one.scope is Scope.WORKSPACE)]
    for imposed in (True, False):
        deciding = next((one for one in place if one.imposed is imposed and one.allowed is not None), None)
        if deciding is not None and not deciding.allowed:
            return deciding
    return None


def paused(policies: Iterable[Policy]) -> Policy | None:
    return next((one for one in policies if one.paused), None)


def tightened(one: Policy | None, other: Policy) -> Policy:
    """Both at once, such as what the settings and the table say of the installation."""
    if one is None:
        return other
    names = (*PERSONAL, "pool_day_micro", "pool_month_micro")
    tighter: dict[str, Any] = {name: _tightest([getattr(one, name), getattr(other, name)]) for name in names}
    return replace(one, **tighter)


def _of(policies: Iterable[Policy], scope: Scope) -> Policy | None:
    return next((one for one in policies if one.scope is scope), None)


def _said(own: Policy | None, name: str, tier: Policy) -> int | None:
    said: int | None = None if own is None else getattr(own, name)
    fallback: int | None = getattr(tier, name)
    return fallback if said is None else said


def _at_least_one(limit: int | None) -> int | None:
    """With room for none a request would wait for ever: whoever may not ask at all is shut out instead."""
    return None if limit is None else max(1, limit)


def _tightest(values: Iterable[int | None]) -> int | None:
    return min((one for one in values if one is not None), default=None)
