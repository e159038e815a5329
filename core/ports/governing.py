"""What remembers the rules and the money: policies, tiers, the ledger, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.limits import Tally
from core.periods import Periods, Span
from core.policies import Policy, Scope
from core.ports.requests import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Somebody, or everybody with a role, is in a tier."""

    workspace: str
    """Empty: everywhere, by the operator's word."""
    subject: str
    """`user:<id of the account>` or `role:<the platform's id>`."""
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was spent on one subject."""

    subject: str
    name: str
    """To be shown: a person's name, else the subject."""
    pictures: int
    reserved_micro: int
    spent_micro: int
    lost_micro: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCall:
    """A call whose answer never came, and which may have been billed."""

    generation_id: UUID
    attempt: int
    user_name: str
    lost_micro: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The ledger added up, in micro-USD, and whether everything else agrees with it."""

    reserved_micro: int
    spent_micro: int
    lost_micro: int
    open_micro: int
    """Reserved by requests that wait or run, from their own rows: must equal `reserved_micro`."""
    tallied_micro: int
    """Reserved, spent and lost by the tallies of the installation: must equal the sum of the three above."""

    @property
    def difference_micro(self) -> int:
        """0 when everything agrees."""
        booked = self.reserved_micro + self.spent_micro + self.lost_micro
        return abs(self.reserved_micro - self.open_micro) + abs(booked - self.tallied_micro)


class PolicyStore(Protocol):
    """What admins lay down."""

    async def policies(self, workspace: str | None) -> Sequence[Policy]:
        """Those of one workspace, its channels and its members; all that there are for None."""
        ...

    async def policy(self, scope: Scope, subject: str) -> Policy | None:
        """What was laid down without being imposed."""
        ...

    async def lay_down(self, policy: Policy, by: str, only: Collection[str] | None = None) -> Policy:
        """Replaces what was laid down for the same subject, and as much imposed; `only` these fields, if named.

        Returns what holds now. Two that change different fields at once undo nothing of one another.
        """
        ...

    async def assign(self, assignment: Assignment, by: str) -> None:
        """An empty tier takes the word back."""
        ...

    async def assignments(self, workspace: str | None) -> Sequence[Assignment]: ...

    async def grant(self, user_id: UUID, periods: Periods, span: Span, pictures: int, most: int | None = None) -> bool:
        """That many pictures on top, in this period and in the longer ones around it. Negative takes them back.

        False, and nothing is granted, where all that was granted for one of these periods would pass `most`.
        """
        ...


class LedgerStore(Protocol):
    """Where the money went. Days are labels such as `2026-11-20`, both ends included."""

    async def spend(self, by: Scope | Span, *, workspace: str | None, since: str, until: str) -> Sequence[Spend]:
        """By USER, WORKSPACE, TIER or by DAY; the dearest first. Of everything for the workspace None."""
        ...

    async def lost(self, workspace: str | None, limit: int) -> Sequence[LostCall]:
        """The latest first."""
        ...

    async def balance(self) -> Balance: ...

    async def tallies(self, subjects: Sequence[tuple[Scope, str]], periods: Periods) -> Sequence[Tally]:
        """What was used of these periods."""
        ...


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """A notice that this process is to deliver."""

    id: UUID
    notice: Notice
    tries: int


class NoticeStore(Protocol):
    """What is still to be said."""

    async def take(self, platforms: Sequence[str], lease: timedelta, limit: int) -> Sequence[OpenNotice]:
        """Those that are due, not to be taken by anybody else for the time of the lease."""
        ...

    async def sent(self, notice_id: UUID) -> None: ...

    async def postpone(self, notice_id: UUID, delay: timedelta, reason: str) -> None: ...

    async def give_up(self, notice_id: UUID, reason: str) -> None: ...
