"""The database's address as operators have it, in the words of the driver."""

from __future__ import annotations

import pytest

from core.storage.database import asyncpg_url


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://me:pw@host/db", "postgresql+asyncpg://me:pw@host/db"),
        ("postgresql://host/db?sslmode=require", "postgresql+asyncpg://host/db?ssl=require"),
        ("postgresql+asyncpg://host/db?a=b&sslmode=disable", "postgresql+asyncpg://host/db?a=b&ssl=disable"),
        ("postgresql://postgres:@/limner?host=/run/x", "postgresql+asyncpg://postgres:@/limner?host=/run/x"),
    ],
)
def test_an_address_is_understood_however_it_is_usually_written(given: str, understood: str) -> None:
    assert asyncpg_url(given) == understood
