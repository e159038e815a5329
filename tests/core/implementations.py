"""What keeps the promises of the ports, twice: in memory, and over real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from redis.asyncio import Redis

from core.generation import Accepted, Generation, Requester
from core.ports import AccountStore, DeliveryStore, Doorbell, ImageStore, RequestStore
from core.signals import RedisSignals, connect
from tests.core.material import ADA, LEASE, made, outcome, request, terms
from tests.core.stores import Stores
from tests.fakes.ports import MemoryDoorbell
from tests.fakes.workshop import Workshop
from worker.queue import QUEUE, TicketQueue


class Hand(Protocol):
    """A worker that does as the test says, however this implementation's queue is worked on."""

    async def begin(self, generation_id: UUID) -> None:
        """The request that is next in line runs from now on."""
        ...

    async def finish(self, generation_id: UUID, *pictures: bytes, took_ms: int = 1000) -> None:
        """The running request ends with these pictures."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The stores of one implementation, and the worker's side of them."""

    requests: RequestStore
    deliveries: DeliveryStore
    images: ImageStore
    accounts: AccountStore
    hand: Hand

    async def accept(self, requester: Requester = ADA, courier: str | None = "bot-1", **changed: object) -> Accepted:
        asked = request(requester, **changed)
        return await self.requests.accept(asked, terms(courier))

    async def asked(self, requester: Requester = ADA, courier: str | None = "bot-1", **changed: object) -> UUID:
        """The id of a request that was just accepted."""
        return (await self.accept(requester, courier, **changed)).generation.id

    async def row(self, generation_id: UUID) -> Generation:
        found = await self.requests.generation(generation_id)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class MemoryHand:
    """Works on the requests of a `Workshop`."""

    workshop: Workshop

    async def begin(self, generation_id: UUID) -> None:
        self.workshop.begin(generation_id)

    async def finish(self, generation_id: UUID, *pictures: bytes, took_ms: int = 1000) -> None:
        await self.workshop.finish(generation_id, pictures, took_ms=took_ms)


@dataclass(slots=True)
class PostgresHand:
    """Claims and finishes as a worker process does."""

    stores: Stores
    running: Generation | None = None

    async def begin(self, generation_id: UUID) -> None:
        self.running = await self.stores.work.claim("w", LEASE)
        assert self.running is not None
        assert self.running.id == generation_id

    async def finish(self, generation_id: UUID, *pictures: bytes, took_ms: int = 1000) -> None:
        assert self.running is not None
        result = outcome(*(made(position, data) for position, data in enumerate(pictures)))
        assert await self.stores.work.finish(self.running, "w", replace(result, generation_time_ms=took_ms))


def in_memory() -> Ports:
    workshop = Workshop()
    store = workshop.store
    return Ports(store, store.deliveries, workshop.images, store.accounts, MemoryHand(workshop))


def in_postgresql(stores: Stores) -> Ports:
    return Ports(stores.requests, stores.deliveries, stores.images, stores.accounts, PostgresHand(stores))


@asynccontextmanager
async def signals(url: str) -> AsyncIterator[RedisSignals]:
    """One process's news over Valkey."""
    redis = connect(url)
    made = RedisSignals(redis)
    running = asyncio.create_task(made.run())
    await made.started()
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await redis.aclose()


class Bell(Protocol):
    """A doorbell at which somebody listens."""

    @property
    def doorbell(self) -> Doorbell: ...

    async def rings(self) -> list[tuple[UUID, float]]:
        """What it was rung for, and how many seconds from now each ring is due."""
        ...


@dataclass(slots=True)
class MemoryBell:
    doorbell: MemoryDoorbell

    async def rings(self) -> list[tuple[UUID, float]]:
        return list(zip(self.doorbell.rings, self.doorbell.delays, strict=True))


class ValkeyBell:
    """Reads arq's queue."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.doorbell = TicketQueue(redis)

    async def rings(self) -> list[tuple[UUID, float]]:
        seconds, microseconds = await self._redis.time()
        present = seconds + microseconds / 1_000_000
        tickets = await self._redis.zrange(QUEUE, 0, -1, withscores=True)
        return [(UUID(hex=ticket.decode().partition(":")[0]), due / 1000 - present) for ticket, due in tickets]
