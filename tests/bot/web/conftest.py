"""A site, and the studio behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.web.site import Site, serving
from tests.fakes.studio import MemoryStudio


@pytest.fixture
def memory() -> MemoryStudio:
    return MemoryStudio()


@pytest.fixture
async def site(memory: MemoryStudio) -> AsyncIterator[Site]:
    async with serving(memory) as started:
        yield started
