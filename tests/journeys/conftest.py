"""The stage of a journey: real servers, our fakes on the wire, and the environment that points Limner at them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.journeys.archive import Archive


@pytest.fixture
async def openai() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as fake:
        fake.heavy = True
        yield fake
        assert fake.violations == []


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
def archive(database_url: str) -> Archive:
    return Archive(database_url)


@pytest.fixture
def base(database_url: str, redis_url: str, openai: FakeOpenAI) -> dict[str, str]:
    """Servers and provider; a journey adds its platform."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OPENAI_API_KEY": openai.api_key,
        "OPENAI_BASE_URL": openai.base_url,
    }


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path
