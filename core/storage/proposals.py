"""Requests that are to be confirmed before they are made: kept whole, so that a button needs only an id."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select

from core.generation import ImageRequest, Requester
from core.storage.accounts import ensure_user, find_user
from core.storage.database import Database
from core.storage.money_tables import proposals

KEPT = 10
"""Questions that one person can have open: each may carry pictures, and costs its asker nothing."""


async def propose(database: Database, request: ImageRequest) -> UUID:
    async with database.transaction() as connection:
        user_id = await ensure_user(connection, request.requester)
        body = msgspec.json.encode(request)
        older = select(proposals.c.id).where(proposals.c.user_id == user_id).order_by(proposals.c.created_at.desc())
        await connection.execute(delete(proposals).where(proposals.c.id.in_(older.offset(KEPT - 1))))
        made = insert(proposals).values(user_id=user_id, request=body).returning(proposals.c.id)
        return UUID(str((await connection.execute(made)).scalar_one()))


async def proposal(database: Database, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
    """The requester's own."""
    async with database.single() as connection:
        user_id = await find_user(connection, requester)
        query = select(proposals.c.request).where(proposals.c.id == proposal_id, proposals.c.user_id == user_id)
        body: bytes | None = (await connection.execute(query)).scalar()
    return None if body is None else msgspec.json.decode(body, type=ImageRequest)
