"""Requests that are to be confirmed before they are made: kept whole, so that a button needs only an id."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from core.generation import ImageRequest, Requester
from core.storage.accounts import ensure_user, find_user
from core.storage.database import Database
from core.storage.money_tables import proposals


async def propose(database: Database, request: ImageRequest) -> UUID:
    async with database.transaction() as connection:
        user_id = await ensure_user(connection, request.requester)
        body = msgspec.json.encode(request)
        made = insert(proposals).values(user_id=user_id, request=body).returning(proposals.c.id)
        return UUID(str((await connection.execute(made)).scalar_one()))


async def proposal(database: Database, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
    """The requester's own."""
    async with database.single() as connection:
        user_id = await find_user(connection, requester)
        query = select(proposals.c.request).where(proposals.c.id == proposal_id, proposals.c.user_id == user_id)
        body: bytes | None = (await connection.execute(query)).scalar()
    return None if body is None else msgspec.json.decode(body, type=ImageRequest)
