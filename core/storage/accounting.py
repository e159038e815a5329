"""Where the money went: sums over the ledger, and whether everything else agrees with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, cast, func, select, text, tuple_

from core.limits import Tally
from core.periods import Periods, Span
from core.policies import Scope
from core.ports import Balance, LostCall, Spend
from core.storage.database import Database
from core.storage.money_tables import ledger, tallies
from core.storage.tables import users

MOST = 100
"""Lines of a report."""

BALANCE = text("""
    SELECT l.reserved_micro, l.spent_micro, l.lost_micro, o.open_micro, t.tallied_micro
      FROM (SELECT coalesce(sum(reserved_micro), 0)::bigint AS reserved_micro,
                   coalesce(sum(spent_micro), 0)::bigint AS spent_micro,
                   coalesce(sum(lost_micro), 0)::bigint AS lost_micro FROM ledger) AS l,
           (SELECT coalesce(sum(reserved_micro), 0)::bigint AS open_micro
              FROM generations WHERE counted AND status IN ('queued', 'running')) AS o,
           (SELECT coalesce(sum(reserved_micro + spent_micro + lost_micro), 0)::bigint AS tallied_micro
              FROM tallies WHERE scope = 'installation' AND span = 'month') AS t
""")


class PostgresLedger:
    """Implements `core.ports.LedgerStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spend(self, by: Scope | Span, *, workspace: str | None, since: str, until: str) -> Sequence[Spend]:
        subject: ColumnElement[str] = {
            Scope.USER: cast(ledger.c.user_id, Text),
            Scope.WORKSPACE: ledger.c.workspace,
            Scope.TIER: ledger.c.tier,
            Span.DAY: ledger.c.day,
        }[by]
        paid = func.sum(ledger.c.spent_micro + ledger.c.reserved_micro + ledger.c.lost_micro)
        name = func.max(users.c.display_name) if by is Scope.USER else subject
        query = (
            select(
                subject.label("subject"),
                func.coalesce(name, "").label("name"),
                func.sum(ledger.c.pictures).label("pictures"),
                func.sum(ledger.c.reserved_micro).label("reserved_micro"),
                func.sum(ledger.c.spent_micro).label("spent_micro"),
                func.sum(ledger.c.lost_micro).label("lost_micro"),
            )
            .select_from(ledger.outerjoin(users, users.c.id == ledger.c.user_id))
            .where(ledger.c.day >= since, ledger.c.day <= until)
            .group_by(subject)
            .order_by(subject.desc() if by is Span.DAY else paid.desc(), subject)
            .limit(MOST)
        )
        if workspace is not None:
            query = query.where(ledger.c.workspace == workspace)
        async with self._database.single() as connection:
            found = (await connection.execute(query)).all()
        return [
            Spend(
                subject=row.subject,
                name=row.name,
                pictures=int(row.pictures),
                reserved_micro=int(row.reserved_micro),
                spent_micro=int(row.spent_micro),
                lost_micro=int(row.lost_micro),
            )
            for row in found
        ]

    async def lost(self, workspace: str | None, limit: int) -> Sequence[LostCall]:
        lost, at = func.sum(ledger.c.lost_micro), func.max(ledger.c.at)
        query = (
            select(ledger.c.generation_id, ledger.c.attempt, func.max(users.c.display_name), lost, at)
            .select_from(ledger.outerjoin(users, users.c.id == ledger.c.user_id))
            .where(text("lost_micro <> 0"))  # written out, as in the index
            .group_by(ledger.c.generation_id, ledger.c.attempt)
            .having(lost > 0)  # a late answer takes back what was booked for it
            .order_by(at.desc())
            .limit(limit)
        )
        if workspace is not None:
            query = query.where(ledger.c.workspace == workspace)
        async with self._database.single() as connection:
            found = (await connection.execute(query)).all()
        return [
            LostCall(generation_id=row[0], attempt=row[1], user_name=row[2] or "", lost_micro=int(row[3]), at=row[4])
            for row in found
        ]

    async def balance(self) -> Balance:
        async with self._database.transaction() as connection:
            row = (await connection.execute(BALANCE)).one()
        return Balance(**row._mapping)  # noqa: SLF001  SQLAlchemy's documented way to a mapping

    async def tallies(self, subjects: Sequence[tuple[Scope, str]], periods: Periods) -> Sequence[Tally]:
        sums = ("pictures", "reserved_micro", "spent_micro", "lost_micro", "granted")
        key = (tallies.c.scope, tallies.c.subject, tallies.c.span)
        wanted = [(scope, subject, span, periods.label(span)) for scope, subject in subjects for span in Span]
        query = (
            select(*key, *(func.sum(tallies.c[name]).label(name) for name in sums))
            .where(tuple_(*key, tallies.c.label).in_(wanted))
            .group_by(*key)
        )
        async with self._database.single() as connection:
            found = (await connection.execute(query)).all()
        return [
            Tally(
                scope=Scope(row.scope),
                subject=row.subject,
                span=Span(row.span),
                **{name: int(getattr(row, name)) for name in sums},
            )
            for row in found
        ]
