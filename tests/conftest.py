"""Real servers for every test: one PostgreSQL and one Valkey a session, a database of its own for each test."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import hypothesis
import pytest
from redis import Redis

from core.storage.database import asyncpg_url
from limner.embedded import Local, local_servers
from limner.settings import Settings, load
from migrations.upgrade import upgrade

hypothesis.settings.register_profile("limner", deadline=None)  # these machines are noisy: no test asserts a time
hypothesis.settings.load_profile("limner")

FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200")
"""Tests do not survive a power cut; their servers need not either."""


@pytest.fixture(scope="session")
def local() -> Iterator[Local]:
    """Both servers, with an empty, migrated database as the template.

    Not below pytest's own directory: it is closed to everyone else at each start, and PostgreSQL, which will not run
    as root, is somebody else there.
    """
    with (
        TemporaryDirectory(prefix="limner-tests-", ignore_cleanup_errors=True) as directory,
        local_servers(Path(directory)) as started,
    ):
        asyncio.run(_prepare(started.database_url))
        yield started


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(url)
    for setting in FAST:
        await connection.execute(f"ALTER SYSTEM SET {setting}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("CREATE DATABASE template_limner")
    await connection.close()
    await upgrade(asyncpg_url(_named(url, "template_limner")))


def _named(url: str, database: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{query}"


_numbers = itertools.count()


@pytest.fixture
async def database_url(local: Local) -> AsyncIterator[str]:
    """A fresh copy of the template."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(local.database_url)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template_limner")
    try:
        yield _named(local.database_url, name)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture
def redis_url(local: Local) -> str:
    """The session's Valkey, emptied."""
    with Redis.from_url(local.redis_url) as client:
        client.flushall()
    return local.redis_url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What `limner` would read on a machine with just these servers."""
    monkeypatch.chdir(tmp_path)  # so that nobody's .env is read
    return load(
        database_url=database_url,
        redis_url=redis_url,
        image_provider="demo",
        web_port=0,
        worker_grace_seconds=0,
        secret_key="a key of the tests, long enough",
    )
