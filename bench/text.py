"""What it costs to keep pictures as Base64 text: written and read through Limner's storage, beside bytea."""

from __future__ import annotations

import asyncio
import base64
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

import asyncpg
import pybase64
from sqlalchemy import text

from bench.report import Goal, Row, Table, quantile
from bench.stage import Stage
from core.catalogue import load_catalogue
from core.generation import Generation, ImageRequest, Options, Requester
from core.house import House
from core.ports import Made, Outcome, StoredImage
from core.storage.database import Database
from core.storage.images import PostgresImages
from core.storage.requests import PostgresRequests
from core.storage.work import PostgresWork
from limner.settings import secret

TIMES = 40
WRITE_BYTES = text("INSERT INTO bare_bytes VALUES (:id, :data)")
READ_BYTES = text("SELECT data FROM bare_bytes WHERE id = 0")
WORKER = "bench"

Way = Callable[[], Awaitable[object]]

HOUSE = House(catalogue=load_catalogue("demo"))


async def measure(stage: Stage) -> Table:
    data = stage.large.read_bytes()
    written = pybase64.b64encode_as_string(data)
    settings = await stage.fresh()
    url = secret(settings.database_url) or ""
    database, connection = Database(url), await asyncpg.connect(url)
    try:
        write = await _in_turns(
            {
                "obvious": await _obvious_write(connection, data),
                "floor": await _bytes_write(database, data),
                "limner": await _our_write(database, data, written),
            }
        )
        image_id = await connection.fetchval("SELECT id FROM generated_images LIMIT 1")
        read = await _in_turns(
            {
                "obvious": lambda: _obvious_read(connection),
                "floor": lambda: _bytes_read(database),
                "limner": lambda: _our_read(database, image_id, data),
            }
        )
    finally:
        await connection.close()
        await database.close()
    return _table(
        read,
        write,
        _codec(lambda: base64.b64decode(base64.b64encode(data).decode(), validate=True)),
        _codec(lambda: pybase64.b64decode(pybase64.b64encode_as_string(data), validate=True)),
    )


def _table(read: dict[str, float], write: dict[str, float], stdlib: float, ours: float) -> Table:
    what = {
        "obvious": ("TEXT as it comes, stdlib Base64", stdlib),
        "floor": ("bytea, through the same layers", 0.0),
        "limner": ("TEXT through our storage, pybase64", ours),
    }
    rows = [
        Row(part, words, {"write ms": write[part], "read ms": read[part]} | ({"codec ms": codec} if codec else {}))
        for part, (words, codec) in what.items()
    ]
    goals = [
        Goal("of bytea, written", write["limner"] / write["floor"], 1.6),
        Goal("of bytea, read", read["limner"] / read["floor"], 1.6),
        Goal("faster than stdlib: encode and checked decode", stdlib / ours, 20, at_least=True),
    ]
    return Table("text: a picture of 1.5 MB written and read", rows, goals, ["a write ends with its commit"])


async def _obvious_write(connection: asyncpg.Connection, data: bytes) -> Way:
    await connection.execute("CREATE TABLE obvious_text (id int PRIMARY KEY, data text)")
    numbers = count()
    insert = "INSERT INTO obvious_text VALUES ($1, $2)"
    return lambda: connection.execute(insert, next(numbers), base64.b64encode(data).decode())


async def _bytes_write(database: Database, data: bytes) -> Way:
    """Through the same layers as ours, in a transaction as ours: so that only the type differs."""
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE bare_bytes (id int PRIMARY KEY, data bytea)"))
        await connection.execute(text("ALTER TABLE bare_bytes ALTER COLUMN data SET STORAGE EXTERNAL"))
    numbers = count()

    async def write() -> None:
        async with database.transaction() as connection:
            await connection.execute(WRITE_BYTES, {"id": next(numbers), "data": data})

    return write


async def _bytes_read(database: Database) -> None:
    async with database.single() as connection:
        assert (await connection.execute(READ_BYTES)).scalar_one()


async def _our_write(database: Database, data: bytes, written: str) -> Way:
    """The very statements that end a request, on requests that were claimed beforehand."""
    requests, work = PostgresRequests(database), PostgresWork(database)
    claimed: list[Generation] = []
    for number in range(TIMES + 2):
        await requests.accept(_request(number), HOUSE.terms(_request(number), courier=None))
        running = await work.claim(WORKER, timedelta(hours=1))
        assert running is not None
        claimed.append(running)
    made = Made(position=0, data=data, base64=written)
    checked: asyncio.Future[list[StoredImage]] = asyncio.get_running_loop().create_future()
    checked.set_result(
        [
            StoredImage(
                made=made,
                media_type="image/png",
                width=1024,
                height=1024,
                thumbnail_base64=written[:12_000],
                cost_micro=0,
                sha256="0" * 64,
            )
        ]
    )
    outcome = Outcome(made=[made], checked=checked, provider_prompt="", cost_micro=0, generation_time_ms=0)
    return lambda: work.finish(claimed.pop(), WORKER, outcome)


def _request(number: int) -> ImageRequest:
    return ImageRequest(
        requester=Requester("bench", "one", "One"),
        prompt="a lighthouse",
        options=Options("demo", 1024, 1024, "auto"),
        idempotency_key=f"bench:{number}",
    )


async def _our_read(database: Database, image_id: UUID, data: bytes) -> None:
    assert await PostgresImages(database).data(image_id) == data


async def _obvious_read(connection: asyncpg.Connection) -> bytes:
    return base64.b64decode(await connection.fetchval("SELECT data FROM obvious_text WHERE id = 0"))


async def _in_turns(ways: dict[str, Way]) -> dict[str, float]:
    """Median milliseconds of each; they take turns, so that noise meets all alike."""
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(TIMES + 2):
        for name, way in random.sample(list(ways.items()), len(ways)):
            begun = time.perf_counter()
            await way()
            if number >= 2:
                samples[name].append((time.perf_counter() - begun) * 1000)
    return {name: quantile(found, 0.5) for name, found in samples.items()}


def _codec(work: Callable[[], object]) -> float:
    """Milliseconds, undisturbed: the quickest of many."""
    samples = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        samples.append((time.perf_counter() - begun) * 1000)
    return min(samples)
