"""A site, and the studio behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.web.site import Site, serving
from tests.fakes.workshop import Workshop


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
async def site(workshop: Workshop) -> AsyncIterator[Site]:
    async with serving(workshop) as started:
        yield started
