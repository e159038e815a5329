"""Who owns which placeholder message, and what is still to be shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from core.generation import Generation, ReplyTo, Status
from core.storage import rows
from core.storage.database import Database
from core.storage.tables import deliveries, generations

log = logging.getLogger(__name__)

RENEW = text("""
    UPDATE deliveries SET lease_until = now() + :lease
     WHERE generation_id = ANY(:ids) AND state = 'open' AND courier = :courier
    RETURNING generation_id
""")

DELIVERED = text("""
    UPDATE deliveries SET state = 'delivered', delivered_at = now()
     WHERE generation_id = :id AND state = 'open' AND courier = :courier
""")


MOST_TRIES = 32_000
"""What is counted at most: the column would not hold more, and a message would then stop the bots that take it up."""


class PostgresDeliveries:
    """Implements `core.ports.DeliveryStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        async with self._database.urgent() as connection:
            found = await connection.execute(RENEW, {"ids": list(ids), "courier": courier, "lease": lease})
        return frozenset(found.scalars())

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        due = (
            select(deliveries.c.generation_id)
            .where(
                deliveries.c.state == "open",
                deliveries.c.lease_until < func.now(),
                deliveries.c.platform.in_(platforms),
            )
            .order_by(deliveries.c.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(deliveries)
            .where(deliveries.c.generation_id.in_(due), generations.c.id == deliveries.c.generation_id)
            .values(
                courier=courier, lease_until=func.now() + lease, tries=func.least(deliveries.c.tries, MOST_TRIES) + 1
            )
            .returning(*rows.GENERATION)
        )
        async with self._database.single() as connection:
            found = (await connection.execute(statement)).all()
        return [one for one in map(_read, found) if one is not None]

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        statement = (
            update(generations).where(generations.c.id == generation_id).values(reply_to=rows.reply_to_json(reply_to))
        )
        async with self._database.single() as connection:
            await connection.execute(statement)

    async def delivered(self, generation_id: UUID, courier: str) -> bool:
        async with self._database.single() as connection:
            done = await connection.execute(DELIVERED, {"id": generation_id, "courier": courier})
        return bool(done.rowcount)

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None:
        await self._set(generation_id, courier, courier=None, lease_until=func.now() + delay, reason=reason[:2000])

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        await self._set(generation_id, courier, state="undeliverable", reason=reason[:2000])

    async def undelivered(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        query = (
            select(*rows.GENERATION)
            .join(deliveries, deliveries.c.generation_id == generations.c.id)
            .where(
                generations.c.user_id == user_id,
                generations.c.status == Status.FINISHED,
                deliveries.c.state == "undeliverable",
            )
            .order_by(generations.c.created_at.desc())
            .limit(limit)
        )
        async with self._database.single() as connection:
            return [rows.generation(row) for row in await connection.execute(query)]

    async def reopen(self, generation_id: UUID, reply_to: ReplyTo, courier: str, lease: timedelta) -> bool:
        values = {"platform": reply_to.platform, "state": "open", "courier": courier, "lease_until": func.now() + lease}
        statement = insert(deliveries).values(generation_id=generation_id, **values)
        # Pressed twice at once, the second press finds it open already, and leaves the message of the first alone.
        given_up = deliveries.c.state == "undeliverable"
        statement = statement.on_conflict_do_update(index_elements=["generation_id"], set_=values, where=given_up)
        moved = (
            update(generations).where(generations.c.id == generation_id).values(reply_to=rows.reply_to_json(reply_to))
        )
        async with self._database.transaction() as connection:
            ours = (await connection.execute(statement)).rowcount > 0
            if ours:
                await connection.execute(moved)
        return ours

    async def release(self, courier: str) -> None:
        statement = (
            update(deliveries)
            .where(deliveries.c.state == "open", deliveries.c.courier == courier)
            .values(courier=None, lease_until=func.now())
        )
        async with self._database.single() as connection:
            await connection.execute(statement)

    async def _set(self, generation_id: UUID, owner: str, **values: Any) -> bool:
        async with self._database.single() as connection:
            done = await connection.execute(_owned(generation_id, owner).values(**values))
        return bool(done.rowcount)


def _read(row: Row[Any]) -> Generation | None:
    """None for one that a mistake left unreadable, which must not hold back the others."""
    try:
        return rows.generation(row)
    except Exception:  # the edge: it is tried again with every lease, until somebody reads the log
        log.exception("unreadable_request", extra={"generation": str(row.id)})
        return None


def _owned(generation_id: UUID, courier: str) -> Update:
    return update(deliveries).where(
        deliveries.c.generation_id == generation_id, deliveries.c.state == "open", deliveries.c.courier == courier
    )
