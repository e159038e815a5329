"""Policies, money and notices in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core.clock import now
from core.limits import Tally
from core.periods import Periods, Span
from core.policies import TIERS, Policy, Scope
from core.ports import Assignment, Balance, LostCall, Notice, OpenNotice, Spend


@dataclass(slots=True)
class MemoryPolicies:
    """Implements `core.ports.PolicyStore`."""

    rows: dict[tuple[Scope, str], Policy] = field(
        default_factory=lambda: {(one.scope, one.subject): one for one in TIERS}
    )
    imposed: dict[tuple[Scope, str], Policy] = field(default_factory=dict)
    tiers: dict[tuple[str, str], str] = field(default_factory=dict)
    granted: list[tuple[UUID, Span, int]] = field(default_factory=list)

    async def policies(self, workspace: str | None) -> Sequence[Policy]:
        rows = [*self.rows.values(), *self.imposed.values()]
        every = sorted(rows, key=lambda one: (one.scope, one.subject, one.imposed))
        if workspace is None:
            return every
        return [
            one
            for one in every
            if (one.scope is Scope.WORKSPACE and one.subject == workspace)
            or (one.scope is Scope.CHANNEL and one.subject.startswith(f"{workspace}/"))
            or (one.scope is Scope.MEMBER and one.subject.startswith(f"{workspace}|"))
        ]

    async def policy(self, scope: Scope, subject: str) -> Policy | None:
        return self.rows.get((scope, subject))

    async def lay_down(self, policy: Policy, by: str, only: Collection[str] | None = None) -> Policy:
        rows, key = self.imposed if policy.imposed else self.rows, (policy.scope, policy.subject)
        if key in rows and only is not None:
            policy = replace(rows[key], **{name: getattr(policy, name) for name in only})
        rows[key] = policy
        return policy

    async def assign(self, assignment: Assignment, by: str) -> None:
        if assignment.tier:
            self.tiers[assignment.workspace, assignment.subject] = assignment.tier
        else:
            self.tiers.pop((assignment.workspace, assignment.subject), None)

    async def assignments(self, workspace: str | None) -> Sequence[Assignment]:
        return [
            Assignment(workspace=where, subject=subject, tier=tier)
            for (where, subject), tier in sorted(self.tiers.items())
            if workspace is None or where == workspace
        ]

    async def grant(self, user_id: UUID, periods: Periods, span: Span, pictures: int, most: int | None = None) -> bool:
        before = sum(count for who, when, count in self.granted if (who, when) == (user_id, span))
        if most is not None and before + pictures > most:
            return False
        self.granted.append((user_id, span, pictures))
        return True


@dataclass(slots=True)
class MemoryLedger:
    """Implements `core.ports.LedgerStore`; holds what a test puts into it."""

    lines: list[Spend] = field(default_factory=list)
    calls: list[LostCall] = field(default_factory=list)
    used: list[Tally] = field(default_factory=list)

    async def spend(self, by: Scope | Span, *, workspace: str | None, since: str, until: str) -> Sequence[Spend]:
        return self.lines

    async def lost(self, workspace: str | None, limit: int) -> Sequence[LostCall]:
        return self.calls[:limit]

    async def balance(self) -> Balance:
        return Balance(reserved_micro=0, spent_micro=0, lost_micro=0, open_micro=0, tallied_micro=0)

    async def tallies(self, subjects: Sequence[tuple[Scope, str]], periods: Periods) -> Sequence[Tally]:
        return [one for one in self.used if (one.scope, one.subject) in subjects]


@dataclass(slots=True)
class MemoryNotices:
    """Implements `core.ports.NoticeStore`."""

    rows: dict[UUID, Notice] = field(default_factory=dict)
    due: dict[UUID, datetime] = field(default_factory=dict)
    tries: dict[UUID, int] = field(default_factory=dict)
    outcomes: dict[UUID, str] = field(default_factory=dict)

    def add(self, notice: Notice) -> UUID:
        notice_id = uuid4()
        self.rows[notice_id], self.due[notice_id], self.tries[notice_id] = notice, now(), 0
        return notice_id

    async def take(self, platforms: Sequence[str], lease: timedelta, limit: int) -> Sequence[OpenNotice]:
        found = [
            one
            for one, notice in self.rows.items()
            if one not in self.outcomes and notice.platform in platforms and self.due[one] <= now()
        ][:limit]
        for one in found:
            self.due[one] = now() + lease
            self.tries[one] += 1
        return [OpenNotice(one, self.rows[one], self.tries[one]) for one in found]

    async def sent(self, notice_id: UUID) -> None:
        self.outcomes[notice_id] = "sent"

    async def postpone(self, notice_id: UUID, delay: timedelta, reason: str) -> None:
        self.due[notice_id] = now() + delay

    async def give_up(self, notice_id: UUID, reason: str) -> None:
        self.outcomes[notice_id] = reason
