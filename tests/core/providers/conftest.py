"""A fake OpenAI and the provider that draws from it, for the tests of the real client over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from core.catalogue import load_catalogue
from core.providers.openai import OpenAIProvider
from tests.fakes.openai import FakeOpenAI

Connect = Callable[..., OpenAIProvider]


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def connect(fake: FakeOpenAI) -> AsyncIterator[Connect]:
    """Makes providers for the fake; all are closed at the end."""
    made: list[OpenAIProvider] = []

    def build(
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout_seconds: float | None = 30,
        model: str | None = None,
    ) -> OpenAIProvider:
        provider = OpenAIProvider(
            api_key=api_key or fake.api_key,
            base_url=base_url or fake.base_url,
            catalogue=load_catalogue(model),
            timeout_seconds=timeout_seconds,
        )
        made.append(provider)
        return provider

    yield build
    for provider in made:
        await provider.close()


@pytest.fixture
def provider(connect: Connect) -> OpenAIProvider:
    return connect()
