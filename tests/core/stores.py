"""The stores over PostgreSQL, all on one database."""

from __future__ import annotations

from dataclasses import dataclass

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

    @classmethod
    def over(cls, database: Database) -> Stores:
        return cls(
            database,
            PostgresRequests(database),
            PostgresWork(database),
            PostgresDeliveries(database),
            PostgresImages(database),
            PostgresAccounts(database),
        )
