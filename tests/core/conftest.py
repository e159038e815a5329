"""The stores of one test, over its own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from core.storage.deliveries import PostgresDeliveries
from core.storage.images import PostgresImages
from core.storage.requests import PostgresRequests
from core.storage.work import PostgresWork


@dataclass(frozen=True, slots=True)
class Stores:
    database: Database
    requests: PostgresRequests
    work: PostgresWork
    deliveries: PostgresDeliveries
    images: PostgresImages
    accounts: PostgresAccounts


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    database = Database(database_url)
    yield Stores(
        database,
        PostgresRequests(database),
        PostgresWork(database),
        PostgresDeliveries(database),
        PostgresImages(database),
        PostgresAccounts(database),
    )
    await database.close()
