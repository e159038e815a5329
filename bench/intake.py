"""How long it takes to accept a request, 300 of them a second on one process."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import asyncpg

from bench import obvious
from bench.report import Goal, Row, Table, spread
from bench.stage import Stage
from core.generation import ImageRequest, ReplyTo, Requester
from core.prompt import Choices
from core.studio import Studio
from limner import wiring
from limner.settings import Settings, secret

RATE = 300
SECONDS = 8.0
USERS = 30

BARE = """
    INSERT INTO generations (user_id, idempotency_key, prompt, provider, kind, virtual_start)
    VALUES ($1, $2, 'a lighthouse at dusk', 'demo', 'demo', 1.0)
"""

Submit = Callable[[int], Awaitable[object]]


async def measure(stage: Stage) -> Table:
    ways = {"obvious": await _obvious(stage), "floor": await _bare(stage), "limner": await _limner(stage)}
    p99 = {name: figures["p99 ms"] for name, figures in ways.items()}
    p50 = {name: figures["p50 ms"] for name, figures in ways.items()}
    return Table(
        f"intake: {RATE} requests a second by {USERS} users on one process, none of them served meanwhile",
        [
            Row("obvious", "ORM session, arq.enqueue_job", ways["obvious"]),
            Row("floor", "bare INSERT through asyncpg", ways["floor"]),
            Row("limner", "Requesting.submit", ways["limner"]),
        ],
        [
            Goal("p99", p99["limner"], 10, " ms"),
            Goal("faster than the obvious way (p50)", p50["obvious"] / p50["limner"], 1, at_least=True),
        ],
    )


async def _limner(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh()
    async with wiring.servers(settings, "bench-bot") as on:
        studio = wiring.studio(settings, on)
        return await load(lambda number: studio.requesting.submit(request(studio, number)))


async def _obvious(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh()
    sessions, queue = await obvious.connect(settings)
    return await load(lambda number: obvious.submit(sessions, queue, f"user {number % USERS}", f"key {number}"))


async def _bare(stage: Stage) -> dict[str, float]:
    settings = await stage.fresh()
    async with asyncpg.create_pool(_url(settings), min_size=10, max_size=20) as pool:
        user = await pool.fetchval("INSERT INTO users (display_name) VALUES ('one') RETURNING id")
        return await load(lambda number: pool.execute(BARE, user, f"key {number}"))


async def warm_up(submit: Submit, users: int) -> None:
    """As after a minute's work: everybody is known, every connection stands, and its statements are planned."""
    for number in range(-users, 0):
        await submit(number)  # each user's first, one by one: two at once would both make them
    for burst in range(1, 1 + max(1, 180 // users)):
        await asyncio.gather(*(submit(-users * burst - number) for number in range(1, users + 1)))


async def load(submit: Submit, users: int = USERS) -> dict[str, float]:
    """Requests come when they come: the wait is counted from the moment that each was due."""
    await warm_up(submit, users)
    waits: list[float] = []

    async def one(number: int, due: float) -> None:
        await submit(number)
        waits.append(time.perf_counter() - due)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in itertools.count():
            due = begun + number / RATE
            if due > begun + SECONDS:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    return spread(waits) | {"answered/s": len(waits) / (time.perf_counter() - begun)}


def request(studio: Studio, number: int, users: int = USERS) -> ImageRequest:
    """As Discord's adapter makes it."""
    asked = studio.requesting.read("a lighthouse at dusk, seen from the sea", Choices())
    return ImageRequest(
        requester=Requester("bench", f"user {number % users}", f"User {number % users}"),
        prompt=asked.prompt,
        options=asked.options,
        idempotency_key=f"bench:{number}",
        reply_to=ReplyTo("bench", {"channel": "1", "message": str(number)}),
    )


def _url(settings: Settings) -> str:
    return secret(settings.database_url) or ""
