"""The stage of a journey: real servers, our fakes on the wire, and the settings that point Limner at them.

A stage is built once for each module. Its tests tell their own requests by their prompts.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from redis import Redis

from limner.embedded import Local
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.journeys.archive import Archive

_numbers = itertools.count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database_url(local: Local) -> AsyncIterator[str]:
    """A fresh copy of the template, for the whole module."""
    name = f"journey_{next(_numbers)}"
    admin = await asyncpg.connect(local.database_url)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template_limner")
    try:
        head, _, query = local.database_url.partition("?")
        yield f"{head.rpartition('/')[0]}/{name}?{query}"
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture(scope="module")
def redis_url(local: Local) -> str:
    """The session's Valkey, emptied."""
    with Redis.from_url(local.redis_url) as client:
        client.flushall()
    return local.redis_url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def openai() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture(autouse=True)
def at_once(openai: FakeOpenAI) -> None:
    """Pictures come at once and small, unless a test says otherwise."""
    openai.pace, openai.heavy = 0.0, False


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake
        assert fake.violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture(scope="module")
def archive(database_url: str) -> Archive:
    return Archive(database_url)


@pytest.fixture(scope="module")
def base(database_url: str, redis_url: str, openai: FakeOpenAI) -> dict[str, str]:
    """Servers and provider; a journey adds its platform."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OPENAI_API_KEY": openai.api_key,
        "OPENAI_BASE_URL": openai.base_url,
        # Limits have journeys of their own.
        "DEFAULT_TIER": "unlimited",
        "CONFIRM_ABOVE_USD": "100",
    }


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")
