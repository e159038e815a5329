"""The doorbell and its wire format; the only door of this package that others use."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, TypedDict
from uuid import UUID

import msgspec
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import serialize_job
from arq.utils import timestamp_ms
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.errors import Outage

QUEUE = default_queue_name
WAKE = "limner:wake"
RUN_NEXT = "run_next"

ANSWER = 3.0
"""Seconds until a server that says nothing counts as away: a doorbell holds nobody up."""

EXPIRES_MS = 24 * 3600 * 1000
"""A ticket nobody took for a day is dropped; the sweep writes a new one while its row waits."""


class TicketQueue:
    """Implements `core.ports.Doorbell` with arq's own keys, so that a stock arq worker can serve it.

    arq's `enqueue_job` takes four round trips to make a job id unique. A ticket need not be unique: it is not an
    assignment, a worker claims its row in the database. So one pipeline writes the ticket and wakes the workers.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        await self.put(f"{generation_id.hex}:{secrets.token_hex(4)}", delay_seconds)

    async def ring_again(self, generation_id: UUID) -> None:
        """As the sweep does: at most one such ticket a row, however often it is swept."""
        await self.put(f"{generation_id.hex}:sweep", 0)

    async def put(self, ticket: str, delay_seconds: float) -> None:
        """Raises Outage."""
        now = timestamp_ms()
        delay_ms = round(delay_seconds * 1000)
        body = serialize_job(RUN_NEXT, (), {}, None, now, serializer=encode)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.psetex(job_key_prefix + ticket, EXPIRES_MS + delay_ms, body)
        pipeline.zadd(QUEUE, {ticket: now + delay_ms}, nx=True)
        pipeline.publish(WAKE, b"")
        try:
            async with asyncio.timeout(ANSWER):
                await pipeline.execute()
        except (RedisError, OSError) as error:  # TimeoutError is an OSError
            raise Outage("Redis is away.") from error


def encode(value: dict[str, Any]) -> bytes:
    """JSON instead of arq's pickle: nothing that Redis holds can run code here. A failed job's error becomes text."""
    return msgspec.json.encode(value, enc_hook=repr)


class _Job(TypedDict):
    """What arq reads without asking whether it is there or of what kind."""

    f: str
    a: list[Any]
    k: dict[str, Any]
    t: int | None
    et: int


def decode(body: bytes) -> dict[str, Any]:
    """Raises for anything but a job, which arq then drops; a worse one would end its worker, and the next."""
    return {**msgspec.json.decode(body, type=_Job)}
