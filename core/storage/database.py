"""The pool of connections, and the one place where the database's errors become ours."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import BadRequest, Outage, Refusal

SILENT = 60.0
"""Seconds until a server that took a statement and says nothing counts as away; a large picture takes one or two."""

ROLLBACK = 5.0
"""Seconds to wait for the answer to a ROLLBACK."""

REFUSED = ("28", "3D000")
"""SQLSTATE classes: wrong user or password, no such database. Waiting does not help."""

AWAY = ("08", "53", "57", "40", "25006", "55P03")
"""SQLSTATE classes after which trying again is right: connection exception, insufficient resources, operator
intervention (shutdown, starting up), transaction rollback (deadlock), a standby during a failover, a lock."""

BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg says of a connection that it lost; the second in the moment in which it is losing it."""

UNSTORABLE = ("22021", "22P05")
"""SQLSTATEs: characters that a text, or a JSONB, cannot hold."""


UNSTORABLE_WORDS = "It contains characters that cannot be stored. Leave them out."


class Lock(NamedTuple):
    """An advisory lock. Whoever takes several must take them in one order, whether shared or not."""

    number: int
    shared: bool = False


class Database:
    """Hands out connections. Anything that means "the server is away" leaves here as Outage."""

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "limner") -> None:
        self.engine = _engine(url, pool_size, application_name)
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._urgent = _engine(url, 1, application_name).execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commits at the end, rolls back on an error."""
        async with _mapped(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """Every statement is a transaction of its own, which saves the round trips of BEGIN and COMMIT."""
        async with _mapped(), self._single.connect() as connection:
            yield connection

    @asynccontextmanager
    async def locked(self, *locks: Lock) -> AsyncIterator[asyncpg.Connection]:
        """The driver's own connection, in a transaction that holds these advisory locks from before its first look.
        JSON goes in and out as text.

        A lock that was taken in the same statement as a look would show what was true before it was waited for.
        """
        held = [f"SELECT pg_advisory_xact_lock{'_shared' * lock.shared}({lock.number});" for lock in locks]
        async with _mapped(), self._single.connect() as pooled:
            driver = await _begun(pooled, " ".join(["BEGIN;", *held]))
            try:
                yield driver
            except BaseException:
                await _rolled_back(driver)
                raise
            try:
                await driver.execute("COMMIT")
            except BaseException:
                driver.terminate()  # nobody knows what it is in the middle of
                raise

    @asynccontextmanager
    async def urgent(self) -> AsyncIterator[AsyncConnection]:
        """A connection that no picture on its way can hold up, for what must happen in time: renewing a lease."""
        async with _mapped(), self._urgent.connect() as connection:
            yield connection

    async def ping(self) -> None:
        """Raises Outage while the server cannot answer."""
        async with self.single() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
        await self._urgent.dispose()


async def _begun(pooled: AsyncConnection, begin: str) -> Any:
    """The driver's connection in a transaction. One that broke unseen is replaced: nothing was begun on it."""
    while True:
        driver = await _driver(pooled)
        try:
            if not driver.is_closed():
                await driver.execute(begin)
                return driver
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError):
            if not driver.is_closed():
                raise
        except BaseException:
            await _rolled_back(driver)
            raise
        await pooled.invalidate()


async def _rolled_back(driver: Any) -> None:
    """A connection on which this cannot be said is closed, and its transaction with it."""
    try:
        async with asyncio.timeout(ROLLBACK):
            await driver.execute("ROLLBACK")
    except (OSError, asyncpg.PostgresError, *BROKEN):  # what went wrong before is what the caller hears
        driver.terminate()


async def _driver(pooled: AsyncConnection) -> Any:
    return (await pooled.get_raw_connection()).driver_connection


def _engine(url: str, pool_size: int, application_name: str) -> AsyncEngine:
    return create_async_engine(
        asyncpg_url(url),
        pool_size=pool_size,
        max_overflow=0,  # an overflowing connection would be closed, and opened again, with every burst
        pool_timeout=10,
        pool_pre_ping=False,
        hide_parameters=True,  # prompts are the user's, not the log's
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        connect_args={
            "timeout": 10,
            "command_timeout": SILENT,
            "server_settings": {"application_name": application_name, "jit": "off"},
        },
    )


def asyncpg_url(url: str) -> str:
    """`postgres://` and `postgresql://` as operators write them, for SQLAlchemy's asyncpg dialect."""
    scheme, separator, rest = url.partition("://")
    address, asked, options = rest.partition("?")
    # asyncpg's own name for what every hoster writes.
    options = re.sub(r"(^|&)sslmode=", r"\1ssl=", options)
    known = "postgresql+asyncpg" if scheme in {"postgres", "postgresql"} else scheme
    return f"{known}{separator}{address}{asked}{options}"


@asynccontextmanager
async def _mapped() -> AsyncIterator[None]:
    try:
        yield
    except (OSError, PoolTimeout, InterfaceError, OperationalError) as error:
        raise Outage("The database is away.") from error
    except BROKEN as error:
        raise Outage("The database is away.") from error
    except (UnicodeEncodeError, asyncpg.PostgresError, StatementError) as error:
        if _not_unicode(error):
            raise BadRequest([UNSTORABLE_WORDS]) from None
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise Outage("The database is away.") from error
        _translate(error, str(getattr(getattr(error, "orig", error), "sqlstate", "") or ""))
        raise


def _translate(error: Exception, state: str) -> None:
    """Raises what an SQLSTATE means to us; returns for one that is a mistake of ours."""
    if state.startswith(UNSTORABLE):
        raise BadRequest([UNSTORABLE_WORDS]) from None  # without the cause, which quotes what was typed
    if state.startswith(AWAY):
        raise Outage("The database is away.") from error
    if state.startswith(REFUSED):
        raise Refusal("The database refuses us.", "Check DATABASE_URL; `limner doctor` says what is wrong.") from error


def _not_unicode(error: BaseException) -> bool:
    """Half a surrogate pair, which is found while the statement is put together."""
    cause: BaseException | None = error.orig if isinstance(error, StatementError) else error
    while cause is not None and not isinstance(cause, UnicodeEncodeError):
        cause = cause.__cause__
    return cause is not None
