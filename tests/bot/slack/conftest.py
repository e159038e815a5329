"""A workspace with a bot in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.slack.bot import Bot, running
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Every test ends with the contract of Slack's API unbroken."""
    async with FakeSlack() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def bot(slack: FakeSlack) -> AsyncIterator[Bot]:
    async with running(slack) as started:
        yield started
