"""Who has to wait for whom: real claims on real rows, in Limner's order and in the order of arrival."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from bench.report import Goal, Row, Table
from bench.stage import Stage
from core.catalogue import load_catalogue
from core.generation import ImageRequest, Options, Requester
from core.house import House
from core.storage.database import Database
from core.storage.requests import PostgresRequests
from core.storage.work import PostgresWork
from limner.settings import secret

SLOTS = 8
"""Requests that run at once, over all workers."""

MANY = 1_000
BURSTS = range(20, 220, 10)
"""How many requests each of twenty equal users has waiting."""

WINDOW = len(BURSTS) * (min(BURSTS) - 1)
"""Claims until which everybody must still have work."""

SHORT = 5 * len(BURSTS)
"""Claims in a row over which fairness is looked at, too."""

LEASE = timedelta(hours=1)
HOUSE = House(catalogue=load_catalogue("demo"))

# The obvious queue: whoever came first, of those that nobody else is taking.
FIRST_COME = text("""
    UPDATE generations SET status = 'running', worker = 'bench', lease_until = now() + interval '1 hour'
     WHERE id = (SELECT id FROM generations WHERE status = 'queued' ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING requester ->> 'external_id'
""")
ONCE_MORE = text("""
    UPDATE generations SET status = 'queued', worker = NULL, lease_until = NULL, started_at = NULL, attempts = 0
""")

Claim = Callable[[], Awaitable[str]]
"""Begins a request; says whose."""


@dataclass(frozen=True, slots=True)
class Line:
    """People who wait in one database."""

    database: Database

    async def ask(self, who: str, number: int) -> None:
        request = ImageRequest(
            requester=Requester("bench", who, who),
            prompt="a lighthouse",
            options=Options("demo", 1024, 1024, "auto"),
            idempotency_key=f"bench:{who}:{number}",
        )
        await PostgresRequests(self.database).accept(request, HOUSE.terms(request, courier=None))

    async def fair(self) -> str:
        claimed = await PostgresWork(self.database).claim("bench", LEASE)
        assert claimed is not None
        return claimed.requester.external_id

    async def first_come(self) -> str:
        async with self.database.single() as connection:
            who: str = (await connection.execute(FIRST_COME)).scalar_one()
        return who

    async def once_more(self) -> None:
        """As before anything was begun."""
        async with self.database.single() as connection:
            await connection.execute(ONCE_MORE)


async def measure(stage: Stage) -> Table:
    fair_others, fifo_others = await _one_behind_many(stage)
    fair, fifo = await _equal_users(stage)
    return Table(
        f"fairness: {SLOTS} slots; one asks behind {MANY:,} of another; {len(BURSTS)} equal users with "
        f"{min(BURSTS)} to {max(BURSTS)} waiting",
        [
            Row("obvious", "first come, first served", {"others first": fifo_others, **_figures(fifo)}),
            Row("floor", "turns taken by everybody", {"others first": 0, "Jain": 1, "worst stretch": 1}),
            Row("limner", "PostgresWork.claim", {"others first": fair_others, **_figures(fair)}),
        ],
        [
            Goal("begun before the one who came late", fair_others, SLOTS, ""),
            Goal("Jain's index", jain(_shares(fair)), 0.99, "", at_least=True),
        ],
        [
            f"Jain's index over {WINDOW} claims, after which everybody has work; and over the worst {SHORT} in a row",
            "the bursts came mixed, which is kind to first come, first served",
        ],
    )


async def _one_behind_many(stage: Stage) -> tuple[int, int]:
    """How many of the other's requests begin after the one asked, and before theirs does."""
    async with _line(stage) as line:
        for number in range(SLOTS + MANY):
            await line.ask("many", number)
        for _ in range(SLOTS):
            await line.fair()
        await line.ask("one", 0)
        fair = await _before(line.fair, "one")
        await line.once_more()
        for _ in range(SLOTS):
            await line.first_come()
        return fair, await _before(line.first_come, "one")


async def _before(claim: Claim, who: str) -> int:
    others = 0
    while await claim() != who:
        others += 1
    return others


async def _equal_users(stage: Stage) -> tuple[list[str], list[str]]:
    """Whose requests were begun, one after another."""
    asked = [(f"user {size}", number) for size in BURSTS for number in range(size)]
    random.Random(20).shuffle(asked)  # the same mix in every run
    async with _line(stage) as line:
        for size in BURSTS:
            await line.ask(f"user {size}", -1)
        waiting = iter(asked)
        await asyncio.gather(*(_ask(line, waiting) for _ in range(SLOTS)))
        fair = [await line.fair() for _ in range(WINDOW)]
        await line.once_more()
        return fair, [await line.first_come() for _ in range(WINDOW)]


async def _ask(line: Line, waiting: Iterable[tuple[str, int]]) -> None:
    for who, number in waiting:
        await line.ask(who, number)


def _figures(begun: Sequence[str]) -> dict[str, float]:
    stretches = (begun[first : first + SHORT] for first in range(len(begun) - SHORT + 1))
    return {"Jain": jain(_shares(begun)), "worst stretch": min(jain(_shares(one)) for one in stretches)}


def _shares(begun: Sequence[str]) -> list[int]:
    found = Counter(begun)
    shares = [found[f"user {size}"] for size in BURSTS]
    assert sum(shares) == len(begun)
    assert all(share <= size for share, size in zip(shares, BURSTS, strict=True)), "somebody had no work left"
    return shares


def jain(shares: Sequence[float]) -> float:
    """1 when all are equal, 1/n when one has everything. Jain, Chiu, Hawe (1984)."""
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


@asynccontextmanager
async def _line(stage: Stage) -> AsyncIterator[Line]:
    settings = await stage.fresh()
    database = Database(secret(settings.database_url) or "")
    try:
        yield Line(database)
    finally:
        await database.close()
