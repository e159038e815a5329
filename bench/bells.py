"""Workers that do nothing but say when they were reached: stock arq, a BLPOP loop, and ours."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from arq.connections import ArqRedis
from arq.cron import cron
from arq.worker import Worker, func
from redis.asyncio import Redis

from bench.product import say_ready
from core.clock import now
from core.generating import Easel, Generating
from core.storage.work import PostgresWork
from core.styles import load_styles
from core.sweeping import Sweeping
from limner import processes, wiring
from limner.settings import Settings, load
from worker.process import WorkerProcess
from worker.queue import RUN_NEXT, TicketQueue
from worker.sweeps import EVERY

LIST = "bench:ring"
REACHED = "bench:reached"


class Reached(Generating):
    """The use case, except that a ticket is answered with the time at which its body began."""

    redis: Redis
    pause: float = 0.0

    async def run_next(self) -> bool:
        await reached(self.redis, self.pause)
        return True


async def reached(redis: Redis, pause: float) -> None:
    """Says when; or, where a pause is asked for, is a task that waits and nothing else."""
    at = time.monotonic_ns()
    if pause:
        await asyncio.sleep(pause)
        return
    await redis.lpush(REACHED, at)  # type: ignore[misc]  # typed for sync, too


async def limner(settings: Settings, pause: float) -> None:
    """The product's worker process, wired as in production but for the body."""
    async with wiring.servers(settings, "bench-worker") as on, asyncio.TaskGroup() as group:
        work = PostgresWork(on.database)
        use_case = Reached(
            work=work,
            signals=on.signals,
            doorbell=TicketQueue(on.redis),
            easel=Easel({}, wiring.catalogue(settings), load_styles(), settings.max_image_bytes, 0),
            worker=wiring.instance_name(),
            clock=now,
        )
        use_case.redis, use_case.pause = on.redis, pause
        process = WorkerProcess(use_case, Sweeping(work, on.signals), on.redis, settings.worker_concurrency, 0)
        group.create_task(say_ready(process.ready), name="ready")
        listening = group.create_task(on.signals.run(), name="signals")
        try:
            await process.run()
        finally:
            listening.cancel()


async def arq(settings: Settings, pause: float) -> None:
    """Stock arq as its manual has it: it polls every 0.5 s. It serves the same schedule."""
    redis = ArqRedis.from_url(_url(settings))
    ready = asyncio.Event()

    async def body(ctx: dict[Any, Any]) -> None:
        await reached(redis, pause)

    async def nothing(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
        return None

    async def started(ctx: dict[Any, Any]) -> None:
        ready.set()

    worker = Worker(
        functions=[func(body, name=RUN_NEXT)],
        cron_jobs=[cron(nothing, name="sweep", second=EVERY)],
        redis_pool=redis,
        max_jobs=settings.worker_concurrency,
        handle_signals=False,
        on_startup=started,
    )
    await asyncio.gather(worker.main(), say_ready(ready))


async def blpop(settings: Settings, pause: float) -> None:
    """The floor: one process that waits on a list."""
    async with Redis.from_url(_url(settings)) as redis:
        print("ready", flush=True)
        while True:
            if await redis.blpop([LIST], timeout=5):
                await reached(redis, pause)


def _url(settings: Settings) -> str:
    return settings.redis_url.get_secret_value() if settings.redis_url else ""


WAYS: dict[str, Callable[[Settings, float], Awaitable[None]]] = {"limner": limner, "arq": arq, "blpop": blpop}


def main() -> None:
    way, pause = WAYS[sys.argv[1]], float(sys.argv[2])
    processes.serve(load(_env_file=None), lambda settings: way(settings, pause))


if __name__ == "__main__":
    main()
