"""Policies and tiers: what admins lay down, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from core.periods import Periods, Span
from core.policies import Policy, Scope
from core.ports import Assignment
from core.storage.database import Database
from core.storage.money_tables import policies, tallies, tier_assignments

_POLICY = [policies.c[one.name] for one in fields(Policy)]
_LONGER = {Span.HOUR: tuple(Span), Span.DAY: (Span.DAY, Span.MONTH), Span.MONTH: (Span.MONTH,)}


class PostgresPolicies:
    """Implements `core.ports.PolicyStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def policies(self, workspace: str | None) -> Sequence[Policy]:
        query = select(*_POLICY).order_by(policies.c.scope, policies.c.subject, policies.c.imposed)
        if workspace is not None:
            scope, subject = policies.c.scope, policies.c.subject
            query = query.where(
                ((scope == Scope.WORKSPACE) & (subject == workspace))
                | ((scope == Scope.CHANNEL) & subject.startswith(f"{workspace}/", autoescape=True))
                | ((scope == Scope.MEMBER) & subject.startswith(f"{workspace}|", autoescape=True))
            )
        async with self._database.single() as connection:
            return [_policy(row) for row in await connection.execute(query)]

    async def policy(self, scope: Scope, subject: str) -> Policy | None:
        query = select(*_POLICY).where(policies.c.scope == scope, policies.c.subject == subject, ~policies.c.imposed)
        async with self._database.single() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _policy(row)

    async def lay_down(self, policy: Policy, by: str, only: Collection[str] | None = None) -> Policy:
        values = {**asdict(policy), "updated_by": by, "updated_at": func.now()}
        changed = {"updated_by", "updated_at", *(asdict(policy) if only is None else only)}
        statement = (
            insert(policies)
            .values(values)
            .on_conflict_do_update(
                index_elements=["scope", "subject", "imposed"],
                set_={name: value for name, value in values.items() if name in changed},
            )
            .returning(*_POLICY)
        )
        async with self._database.single() as connection:
            return _policy((await connection.execute(statement)).one())

    async def assign(self, assignment: Assignment, by: str) -> None:
        key = (
            tier_assignments.c.workspace == assignment.workspace,
            tier_assignments.c.subject == assignment.subject,
        )
        values = {**asdict(assignment), "updated_by": by, "updated_at": func.now()}
        statement = insert(tier_assignments).values(values)
        async with self._database.single() as connection:
            if assignment.tier:
                index = ["workspace", "subject"]
                await connection.execute(statement.on_conflict_do_update(index_elements=index, set_=values))
            else:
                await connection.execute(tier_assignments.delete().where(*key))

    async def assignments(self, workspace: str | None) -> Sequence[Assignment]:
        columns = (tier_assignments.c.workspace, tier_assignments.c.subject, tier_assignments.c.tier)
        query = select(*columns).order_by(*columns)
        if workspace is not None:
            query = query.where(tier_assignments.c.workspace == workspace)
        async with self._database.single() as connection:
            found = (await connection.execute(query)).all()
        return [Assignment(workspace=row.workspace, subject=row.subject, tier=row.tier) for row in found]

    async def grant(self, user_id: UUID, periods: Periods, span: Span, pictures: int, most: int | None = None) -> bool:
        """In the order of the primary key, as every booking goes."""
        async with self._database.transaction() as connection:
            for one in sorted(_LONGER[span]):
                key = {
                    "scope": Scope.USER,
                    "subject": str(user_id),
                    "span": one,
                    "label": periods.label(one),
                    "shard": 0,
                }
                statement = insert(tallies).values(**key, granted=pictures)
                added = tallies.c.granted + statement.excluded.granted
                room = None if most is None else added <= most
                done = await connection.execute(
                    statement.on_conflict_do_update(index_elements=list(key), set_={"granted": added}, where=room)
                )
                if not done.rowcount:
                    await connection.rollback()
                    return False
        return True


def _policy(row: Any) -> Policy:
    found = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's documented way to a mapping
    return Policy(**{**found, "scope": Scope(found["scope"])})
