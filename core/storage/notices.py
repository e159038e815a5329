"""What is still to be said to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from core.ports import Notice, OpenNotice
from core.storage.database import Database
from core.storage.money_tables import notices


class PostgresNotices:
    """Implements `core.ports.NoticeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, platforms: Sequence[str], lease: timedelta, limit: int) -> Sequence[OpenNotice]:
        due = (
            select(notices.c.id)
            .where(notices.c.state == "open", notices.c.lease_until <= func.now(), notices.c.platform.in_(platforms))
            .order_by(notices.c.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(notices)
            .where(notices.c.id.in_(due))
            .values(lease_until=func.now() + lease, tries=notices.c.tries + 1)
            .returning(*notices.c)
        )
        async with self._database.single() as connection:
            found = (await connection.execute(statement)).all()
        return [OpenNotice(row.id, _notice(row), row.tries) for row in found]

    async def sent(self, notice_id: UUID) -> None:
        await self._set(notice_id, state="sent")

    async def postpone(self, notice_id: UUID, delay: timedelta, reason: str) -> None:
        await self._set(notice_id, lease_until=func.now() + delay, reason=reason[:2000])

    async def give_up(self, notice_id: UUID, reason: str) -> None:
        await self._set(notice_id, state="given_up", reason=reason[:2000])

    async def _set(self, notice_id: UUID, **values: Any) -> None:
        statement = update(notices).where(notices.c.id == notice_id, notices.c.state == "open").values(**values)
        async with self._database.single() as connection:
            await connection.execute(statement)


def _notice(row: Any) -> Notice:
    return Notice(key=row.key, platform=row.platform, address=row.address, title=row.title, body=row.body)
