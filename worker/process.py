"""One worker process: arq under a supervisor, so that an outage of Redis of any length only delays."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from arq.connections import ArqRedis
from arq.cron import cron
from arq.worker import func
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from core.generating import Generating
from core.sweeping import Sweeping
from worker import queue
from worker.answering import impatient
from worker.sweeps import EVERY, sweep, tidy
from worker.tasks import run_next
from worker.waking import WakingWorker

log = logging.getLogger(__name__)

PATIENCE = 0.5, 5.0
"""Seconds between tries to reach Redis again: the first and the longest."""

LONGEST_JOB = 3600
"""Seconds; above any provider's own deadline, which is what really ends a call."""


@dataclass(slots=True)
class WorkerProcess:
    """Runs arq workers one after another: arq's own ends at the first connection error."""

    generating: Generating
    sweeping: Sweeping
    redis: Redis
    concurrency: int
    grace_seconds: float
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _pause: float = PATIENCE[0]
    _worker: WakingWorker | None = None
    _running: set[asyncio.Task[Any]] = field(default_factory=set)
    _pool: ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        self._pool = impatient(self.redis.connection_pool)

    async def run(self) -> None:
        """Serves until cancelled; then takes nothing new and lets running requests end within the grace."""
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(self._hear_wakes(), name="wakes"),
                group.create_task(self.generating.keep_leases(), name="leases"),
            ]
            try:
                await self._supervise()
            finally:
                await self._drain()
                await self._pool.disconnect()
                for one in helpers:
                    one.cancel()

    async def _supervise(self) -> None:
        while True:
            self._worker = self._new_worker()
            try:
                await self._worker.main()
            except (RedisError, OSError) as error:
                log.warning("queue_lost", extra={"reason": type(error).__name__, "retry_in": self._pause})
            except Exception:  # the edge: whatever a ticket did to arq, the requests that run here go on
                log.exception("queue_failed", extra={"retry_in": self._pause})
            self._running = {one for one in {*self._running, *self._worker.tasks.values()} if not one.done()}
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, PATIENCE[1])

    def _new_worker(self) -> WakingWorker:
        pool = ArqRedis(connection_pool=self._pool, job_serializer=queue.encode, job_deserializer=queue.decode)
        return WakingWorker(
            still_running=self._running,
            functions=[func(run_next, name=queue.RUN_NEXT, timeout=LONGEST_JOB, max_tries=1_000_000)],
            cron_jobs=[
                cron(sweep, name="sweep", second=EVERY, run_at_startup=True, timeout=60, max_tries=1),
                cron(tidy, name="tidy", minute=17, second=0, timeout=300, max_tries=1),
            ],
            redis_pool=pool,
            max_jobs=self.concurrency,
            job_timeout=LONGEST_JOB,
            keep_result=0,
            handle_signals=False,
            job_serializer=queue.encode,
            job_deserializer=queue.decode,
            on_startup=self._started,
            log_results=False,
            ctx={"generating": self.generating, "sweeping": self.sweeping, "tickets": queue.TicketQueue(self.redis)},
        )

    async def _started(self, _: dict[Any, Any]) -> None:
        self.ready.set()
        self._pause = PATIENCE[0]

    async def _hear_wakes(self) -> None:
        """A wake-up that is missed while the connection is away costs a second: the worker looks by itself."""
        while True:
            try:
                async with self.redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(queue.WAKE)
                    while True:
                        if await ear.get_message(timeout=15) is not None and self._worker is not None:
                            self._worker.wake()
            except (RedisError, OSError):
                await asyncio.sleep(PATIENCE[0])

    async def _drain(self) -> None:
        """Running requests get the grace to end; what is left is cancelled and hands its row back."""
        running = self._running | set(self._worker.tasks.values() if self._worker else ())
        running = {one for one in running if not one.done()}
        if running:
            log.info("draining", extra={"running": len(running), "seconds": self.grace_seconds})
            _, late = await asyncio.wait(running, timeout=self.grace_seconds)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)
