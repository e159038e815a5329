"""Use case: what admins lay down, and where the money went.

An admin of a workspace governs that workspace alone and can only tighten what the operator allows there: the operator's
own word about a workspace, its channels and its members stands beside theirs. The operator governs everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.errors import BadRequest, NotAllowed, NotFound
from core.house import House
from core.limits import Facts, Meter, pool_meters
from core.periods import Span
from core.policies import PERSONAL, POOLED, TIERS, Policy, Scope, tightened
from core.ports import Assignment, Balance, LedgerStore, LostCall, PolicyStore, Spend

LOST_SHOWN = 20
MOST_MICRO = 1_000_000_000_000
"""Of any budget, so that no sum overflows; a million dollars."""
MOST = 1_000_000_000
"""Of any other limit."""

MOST_GRANTED = 10_000
"""Pictures at a time."""
MOST_BY_ADMINS = 100
"""Pictures in one period, to one person, by admins of workspaces: what they give counts everywhere."""

_WITH_ADMINS = (Scope.WORKSPACE, Scope.CHANNEL, Scope.MEMBER)

POOLS = ("pool_day_micro", "pool_month_micro")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who governs what."""

    workspace: str
    """As `Venue.workspace`; empty for the operator, who governs everything."""
    name: str
    """Written down beside what was changed."""

    @property
    def operator(self) -> bool:
        return not self.workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendReport:
    """Where the money went between two days, both included."""

    since: str
    until: str
    lines: tuple[Spend, ...]
    pools: tuple[Meter, ...]
    lost: tuple[LostCall, ...]
    balance: Balance | None
    """For the operator: whether the books agree."""


@dataclass(frozen=True, slots=True)
class Administering:
    policies: PolicyStore
    ledger: LedgerStore
    house: House

    # ------------------------------------------------------------ limits

    async def laid_down(self, by: Authority) -> Sequence[Policy]:
        """Everything in this authority's reach."""
        return await self.policies.policies(None if by.operator else by.workspace)

    async def set_limits(self, by: Authority, scope: Scope, subject: str, changes: Mapping[str, int | None]) -> Policy:
        """Changes limits by their field names in `Policy`; None takes one back. Raises BadRequest, NotAllowed."""
        self._check_reach(by, scope, subject)
        mistakes = [f"There is no limit called {name!r}." for name in changes if name not in (*PERSONAL, *POOLS)]
        mistakes += [
            f"{name} must be a whole number from {_least(name)} to {_most(name):,}."
            for name, value in changes.items()
            if value is not None and not (isinstance(value, int) and _least(name) <= value <= _most(name))
        ]
        if any(name in POOLS for name in changes) and scope in {Scope.CHANNEL, Scope.USER, Scope.MEMBER}:
            mistakes.append("A shared budget is set for a workspace, a tier or the whole installation.")
        if scope is Scope.MEMBER and any(name in PERSONAL for name in changes):
            mistakes.append("Limits are set for a channel or the workspace; a single member is given a tier.")
        if mistakes:
            raise BadRequest(mistakes)
        known: dict[str, int | None] = dict(changes)
        return await self._change(by, scope, subject, known)

    async def allow(self, by: Authority, scope: Scope, subject: str, allowed: bool | None, reason: str = "") -> Policy:
        """Shuts out (False), lets in (True) or says nothing (None) about a person, a channel or a workspace."""
        self._check_reach(by, scope, subject)
        return await self._change(by, scope, subject, {"allowed": allowed, "reason": reason[:300]})

    async def pause(self, by: Authority, paused: bool, reason: str = "") -> Policy:
        """The kill switch: new requests are refused, what was accepted goes on. Everywhere, by the operator."""
        scope = Scope.INSTALLATION if by.operator else Scope.WORKSPACE
        return await self._change(by, scope, by.workspace, {"paused": paused, "reason": reason[:300]})

    # ------------------------------------------------------------ people

    async def tiers(self) -> Sequence[Policy]:
        found = {one.subject: one for one in await self.policies.policies(None) if one.scope is Scope.TIER}
        return tuple(({one.subject: one for one in TIERS} | found).values())

    async def put_in_tier(self, by: Authority, subject: str, tier: str) -> Assignment:
        """`subject` is `user:<account id>` or `role:<platform's id>`; an empty tier takes the word back."""
        tiers = {one.subject: one for one in await self.tiers()}
        if tier and tier not in tiers:
            raise BadRequest([f"There is no tier called {tier!r}. Choose one of {', '.join(tiers)}."])
        if tier and not by.operator and not tiers[tier].assignable:
            raise NotAllowed(f"Only the operator may put anybody into the tier {tier}.")
        assignment = Assignment(workspace=by.workspace, subject=subject, tier=tier)
        await self.policies.assign(assignment, by.name)
        return assignment

    async def assignments(self, by: Authority) -> Sequence[Assignment]:
        return await self.policies.assignments(None if by.operator else by.workspace)

    async def block(self, by: Authority, user_id: UUID, blocked: bool, reason: str = "") -> Policy:
        """Nobody who is blocked is accepted: everywhere by the operator, else in the workspace."""
        scope = Scope.USER if by.operator else Scope.MEMBER
        subject = str(user_id) if by.operator else f"{by.workspace}|{user_id}"
        return await self.allow(by, scope, subject, False if blocked else None, reason)

    async def grant(self, by: Authority, user_id: UUID, pictures: int, span: Span) -> None:
        """That many pictures on top for this hour, day or month. Budgets hold all the same.

        Raises BadRequest; NotAllowed beyond what admins of workspaces may give.
        """
        most = MOST_GRANTED if by.operator else MOST_BY_ADMINS
        if not 1 <= pictures <= most:
            raise BadRequest([f"Grant between 1 and {most:,} pictures."])
        limit = None if by.operator else MOST_BY_ADMINS
        if not await self.policies.grant(user_id, self.house.periods, span, pictures, limit):
            most_words = f"{MOST_BY_ADMINS} pictures are the most that may be granted to one person {span.words}."
            raise NotAllowed(most_words, "The operator may grant more.")

    # ------------------------------------------------------------ money

    async def spend(
        self, by: Authority, *, of: Scope | Span = Scope.USER, since: str = "", until: str = ""
    ) -> SpendReport:
        """By USER, WORKSPACE, TIER or DAY, for this month unless the days are named."""
        if of not in {Scope.USER, Scope.WORKSPACE, Scope.TIER, Span.DAY}:
            raise BadRequest(["Spending can be listed by user, workspace, tier or day."])
        periods = self.house.periods
        since, until = since or f"{periods.month}-01", until or periods.day
        workspace = None if by.operator else by.workspace
        return SpendReport(
            since=since,
            until=until,
            lines=tuple(await self.ledger.spend(of, workspace=workspace, since=since, until=until)),
            pools=await self._pools(by),
            lost=tuple(await self.ledger.lost(workspace, LOST_SHOWN)),
            balance=await self.ledger.balance() if by.operator else None,
        )

    async def _pools(self, by: Authority) -> tuple[Meter, ...]:
        """The shared budgets that this authority sees, and what is used of them."""
        laid_down = await self.policies.policies(None if by.operator else by.workspace)
        pools = [one for one in laid_down if one.scope in POOLED and one.scope is not Scope.INSTALLATION]
        if by.operator:
            stored = next((one for one in laid_down if one.scope is Scope.INSTALLATION), None)
            pools.insert(0, tightened(stored, self.house.ceiling))
        periods = self.house.periods
        found = await self.ledger.tallies([(one.scope, one.subject) for one in pools], periods)
        meters = (
            pool_meters(
                Facts(tier="", policies=[pool], tallies=[t for t in found if t.subject == pool.subject]), periods
            )
            for pool in pools
        )
        return tuple(one for some in meters for one in some)

    @staticmethod
    def _check_reach(by: Authority, scope: Scope, subject: str) -> None:
        """Raises NotFound for what an admin of a workspace does not govern, as for what is not there."""
        if scope is Scope.INSTALLATION and subject:
            raise BadRequest(["The installation has no name: leave the subject empty."])
        if scope is not Scope.INSTALLATION and not subject:
            raise BadRequest([f"Name the {scope.value}."])
        if by.operator:
            return
        theirs = {
            Scope.WORKSPACE: subject == by.workspace,
            Scope.CHANNEL: subject.startswith(f"{by.workspace}/"),
            Scope.MEMBER: subject.startswith(f"{by.workspace}|"),
        }
        if not theirs.get(scope, False):
            raise NotFound

    async def _change(self, by: Authority, scope: Scope, subject: str, changes: Mapping[str, object]) -> Policy:
        imposed = by.operator and scope in _WITH_ADMINS
        new = replace(self._new(scope, subject), imposed=imposed, **changes)  # type: ignore[arg-type]  # checked above
        return await self.policies.lay_down(new, by.name, changes)

    @staticmethod
    def _new(scope: Scope, subject: str) -> Policy:
        known = (one for one in TIERS if scope is Scope.TIER and one.subject == subject)
        weight = 1.0 if scope is Scope.TIER else None
        return next(known, Policy(scope=scope, subject=subject, weight=weight))


def _least(name: str) -> int:
    """With room for none, what is accepted would wait for ever."""
    return 1 if name in {"max_running", "max_waiting"} else 0


def _most(name: str) -> int:
    return MOST_MICRO if name.endswith("_micro") else MOST
