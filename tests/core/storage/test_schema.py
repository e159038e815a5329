"""What the migrations build is what the code declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.storage.database import asyncpg_url
from core.storage.schema import metadata
from core.storage.tables import UNCOMPRESSED

SEED = {
    "users": {"id"},
    "chat_threads": {"id"},
    "generated_images": {
        "image_data",
        "thumbnail_data",
        "prompt_text",
        "metadata",
        "user_id",
        "thread_id",
        "created_at",
    },
    "image_metadata": {
        "image_id",
        "original_prompt",
        "revised_prompt",
        "provider_metadata",
        "generation_time_ms",
    },
}


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True, "compare_type": True})
    return [one for one in compare_metadata(context, metadata) if "alembic_version" not in repr(one)]


async def test_the_migrated_schema_equals_the_declared_one(database_url: str) -> None:
    engine = create_async_engine(asyncpg_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_pictures_are_stored_without_being_compressed_again(database_url: str) -> None:
    engine = create_async_engine(asyncpg_url(database_url))
    query = text("SELECT attstorage::text FROM pg_attribute WHERE attrelid = cast(:t AS regclass) AND attname = :c")
    async with engine.connect() as connection:
        found = {
            (table, column): (await connection.execute(query, {"t": table, "c": column})).scalar_one()
            for table, column in UNCOMPRESSED
        }
    await engine.dispose()
    assert set(found.values()) == {"e"}


def test_the_seed_tables_keep_their_names_and_columns() -> None:
    for table, columns in SEED.items():
        assert columns <= {column.name for column in metadata.tables[table].columns}, table
