"""How fast requests are accepted with everything that is decided about them: quotas, budgets, and the ledger."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import asyncpg
from pydantic import SecretStr

from bench import intake, obvious, obvious_limits
from bench.intake import RATE, Submit
from bench.report import Goal, Row, Table
from bench.stage import Stage
from core.generation import Venue
from core.policies import FREE
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from limner import wiring
from limner.settings import Settings, secret

USERS = 300
AT_ONCE = 40
"""Requests under way at the same time when as many are asked for as can be answered."""

SECONDS = 5.0
CONNECTIONS = 10
HERE = Venue(workspace="discord:81", channels=("discord:81/42",), roles=("discord:7",))
PLENTY = 1_000_000
ROOMY = replace(
    FREE,
    cooldown_seconds=None,
    max_waiting=PLENTY,
    per_hour=PLENTY,
    per_day=PLENTY,
    per_month=PLENTY,
    spend_month_micro=PLENTY * 1_000_000,
)
"""The free tier: one request runs and the others are parked, and no limit is met."""

AMPLE, SCANT = 1_000_000.0, 400.0
"""Dollars. With the second, fewer than all requests that may be under way at once could cost, they queue up."""

ROUND_TRIPS = ("BEGIN", "SELECT 1", "SELECT 1", "COMMIT")
"""As many as the product's own transaction takes."""

Way = Callable[[], AbstractAsyncContextManager[Submit]]


async def measure(stage: Stage) -> Table:
    ways: dict[str, Way] = {
        "obvious": lambda: _obvious(stage),
        "floor": lambda: _empty(stage),
        "limner": lambda: _limner(stage, AMPLE),
        "tight": lambda: _limner(stage, SCANT),
    }
    # First at a steady pace, before the others leave a server that has gigabytes to write to its disk.
    steady = {name: await _steady(ways[name]) for name in ("floor", "limner")}  # the others cannot answer as many
    found = {name: await _saturated(way) | steady.get(name, {}) for name, way in ways.items()}
    ours, slow = found["limner"], found["obvious"]
    return Table(
        f"limits: accepted with quotas, budgets and ledger; {USERS} users, one process",
        [
            Row("obvious", "count, add up, insert: ORM, arq.enqueue_job", slow),
            Row("floor", f"an empty transaction of {len(ROUND_TRIPS)} round trips", found["floor"]),
            Row("limner", "Requesting.submit", ours),
            Row("limner", f"the same, a budget of ${SCANT:.0f}: one after another", found["tight"]),
        ],
        [
            Goal("of the obvious way's requests a second", ours["most/s"] / slow["most/s"], 2.5, at_least=True),
            Goal(f"p99 at {RATE} a second", ours["p99 ms"], 15, " ms"),
        ],
        [
            f"most/s with {AT_ONCE} always under way, from an empty history; p50 and p99 at {RATE} a second",
            "the obvious way holds no lock: simultaneous requests overrun its limits",
        ],
    )


async def _saturated(way: Way) -> dict[str, float]:
    async with way() as submit:
        await intake.warm_up(submit, USERS)
        numbers = itertools.count()
        begun = time.perf_counter()

        async def asker() -> int:
            made = 0
            while time.perf_counter() - begun < SECONDS:
                await submit(next(numbers))
                made += 1
            return made

        made = await asyncio.gather(*(asker() for _ in range(AT_ONCE)))
        return {"most/s": sum(made) / (time.perf_counter() - begun)}


async def _steady(way: Way) -> dict[str, float]:
    async with way() as submit:
        return await intake.load(submit, USERS)


@asynccontextmanager
async def _limner(stage: Stage, budget: float) -> AsyncIterator[Submit]:
    settings = _paid(await stage.fresh(), budget)
    taken = 0
    async with wiring.servers(settings, "bench-bot") as on:
        await PostgresPolicies(on.database).lay_down(ROOMY, "bench")
        studio = wiring.studio(settings, on)
        asked = intake.request(studio, 0)
        price = studio.requesting.house.price(asked.options, asked.prompt)
        assert price.counted

        async def submit(number: int) -> None:
            nonlocal taken
            await studio.requesting.submit(replace(intake.request(studio, number, USERS), venue=HERE))
            taken += 1

        yield submit
        balance = await PostgresLedger(on.database).balance()
        assert (balance.reserved_micro, balance.difference_micro) == (taken * price.micro, 0), balance


def _paid(settings: Settings, budget: float) -> Settings:
    """With a provider whose pictures cost money, which nobody draws here."""
    return settings.model_copy(
        update={
            "image_provider": "openai",
            "openai_api_key": SecretStr("never sent"),
            "budget_day_usd": budget,
            "budget_month_usd": budget,
        }
    )


@asynccontextmanager
async def _obvious(stage: Stage) -> AsyncIterator[Submit]:
    sessions, queue = await obvious.connect(await stage.fresh())

    async def submit(number: int) -> object:
        who = f"user {number % USERS}"
        return await obvious_limits.submit(sessions, queue, who, f"key {number}", HERE.workspace, 0.022)

    yield submit


@asynccontextmanager
async def _empty(stage: Stage) -> AsyncIterator[Submit]:
    settings = await stage.fresh()
    idle: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()  # asyncpg's own pool makes a round trip at each return
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncpg.connect(secret(settings.database_url)))

    async def submit(_: int) -> None:
        connection = await idle.get()
        for one in ROUND_TRIPS:
            await connection.execute(one)
        idle.put_nowait(connection)

    yield submit
    for _ in range(CONNECTIONS):
        await idle.get_nowait().close()
