"""Users, their identities on the platforms, and their tokens."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.generation import Requester
from core.storage.database import Database
from core.storage.tables import api_tokens, identities, users


class PostgresAccounts:
    """Implements `core.ports.AccountStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def user_id(self, requester: Requester) -> UUID:
        return await ensure_known(self._database, requester)

    async def requester(self, user_id: UUID) -> Requester | None:
        query = (
            select(identities.c.platform, identities.c.external_id, users.c.display_name)
            .join(users)
            .where(users.c.id == user_id)
            .order_by(identities.c.created_at)
            .limit(1)
        )
        async with self._database.single() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else Requester(*row)

    async def add_token(self, requester: Requester, token_hash: bytes, *, admin: bool = False) -> None:
        async with self._database.transaction() as connection:
            user_id = await ensure_user(connection, requester)
            statement = insert(api_tokens).values(token_hash=token_hash, user_id=user_id, admin=admin)
            await connection.execute(statement.on_conflict_do_nothing())

    async def revoke_tokens(self, requester: Requester) -> int:
        async with self._database.transaction() as connection:
            user_id = await find_user(connection, requester)
            statement = (
                update(api_tokens)
                .where(api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None))
                .values(revoked_at=func.now())
            )
            return (await connection.execute(statement)).rowcount

    async def is_admin_token(self, token_hash: bytes) -> bool:
        query = select(api_tokens.c.admin).where(
            api_tokens.c.token_hash == token_hash, api_tokens.c.revoked_at.is_(None)
        )
        async with self._database.single() as connection:
            return bool((await connection.execute(query)).scalar())

    async def requester_for_token(self, token_hash: bytes) -> Requester | None:
        query = (
            select(identities.c.platform, identities.c.external_id, users.c.display_name)
            .select_from(api_tokens)
            .join(users, users.c.id == api_tokens.c.user_id)
            .join(identities, identities.c.user_id == users.c.id)
            .where(api_tokens.c.token_hash == token_hash, api_tokens.c.revoked_at.is_(None))
            .order_by((identities.c.platform == "web").desc(), identities.c.created_at)
            .limit(1)
        )
        async with self._database.single() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else Requester(*row)


async def ensure_known(database: Database, requester: Requester) -> UUID:
    """The user behind this identity; made, in a transaction of its own, only if new."""
    async with database.single() as connection:
        found = await find_user(connection, requester)
    if found is not None:
        return found
    async with database.transaction() as connection:
        return await ensure_user(connection, requester)


async def find_user(connection: AsyncConnection, requester: Requester) -> UUID | None:
    query = select(identities.c.user_id).where(
        identities.c.platform == requester.platform, identities.c.external_id == requester.external_id
    )
    found: UUID | None = (await connection.execute(query)).scalar()
    return found


async def ensure_user(connection: AsyncConnection, requester: Requester) -> UUID:
    """The user behind this identity, made if new. Two at once: the second waits for the first and finds its user."""
    found = await find_user(connection, requester)
    if found is not None:
        return found
    made: UUID = (
        await connection.execute(insert(users).values(display_name=requester.name).returning(users.c.id))
    ).scalar_one()
    claim = (
        insert(identities)
        .values(platform=requester.platform, external_id=requester.external_id, user_id=made)
        .on_conflict_do_nothing()
        .returning(identities.c.user_id)
    )
    if (await connection.execute(claim)).first() is not None:
        return made
    await connection.execute(users.delete().where(users.c.id == made))
    other = await find_user(connection, requester)
    if other is None:
        raise RuntimeError("An identity vanished while its user was being made.")
    return other
