"""Brings a database to the newest schema; safe to run from several processes at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK = 4_721_896_034
"""Any number, as long as every migrating process takes the same advisory lock."""


async def upgrade(url: str, revision: str = "head") -> None:
    """`url` as SQLAlchemy's asyncpg dialect takes it."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_run, revision)
    finally:
        await engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's settings, without a file of their own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["connection"] = connection
    return made


def _run(connection: Connection, revision: str) -> None:
    command.upgrade(config(connection), revision)


async def is_current(url: str) -> bool:
    """Whether the database stands at the newest step. Raises OSError while it is away."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_at_head)
    finally:
        await engine.dispose()


def _at_head(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest
