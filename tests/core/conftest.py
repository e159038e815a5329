"""The stores of one test, over its own database, and the ports by every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.storage.database import Database
from tests.core.implementations import Ports, in_memory, in_postgresql
from tests.core.stores import Stores


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    database = Database(database_url)
    yield Stores.over(database)
    await database.close()


@pytest.fixture(params=["memory", "postgresql"])
def ports(request: pytest.FixtureRequest) -> Ports:
    """A test that takes this runs once with each implementation."""
    return in_memory() if request.param == "memory" else in_postgresql(request.getfixturevalue("stores"))
