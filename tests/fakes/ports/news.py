"""The doorbell and the news in memory: one object stands for every process that shares them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from core.generation import Progress
from core.ports import Settled


@dataclass(slots=True)
class MemoryDoorbell:
    """Implements `core.ports.Doorbell`: remembers what it was rung for; nobody comes."""

    rings: list[UUID] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        self.rings.append(generation_id)
        self.delays.append(delay_seconds)


@dataclass(slots=True)
class MemorySignals:
    """Implements `core.ports.Signals`."""

    newest: dict[UUID, Progress] = field(default_factory=dict)
    watches: dict[UUID, list[MemoryWatch]] = field(default_factory=lambda: defaultdict(list))
    cancels: list[UUID] = field(default_factory=list)

    async def publish(self, progress: Progress) -> None:
        self.newest[progress.generation_id] = progress
        for watch in self.watches[progress.generation_id]:
            watch.tell(progress)

    async def settled(self, generation_id: UUID) -> None:
        for watch in self.watches[generation_id]:
            watch.tell(Settled(generation_id))

    async def ask_to_cancel(self, generation_id: UUID) -> None:
        self.cancels.append(generation_id)

    async def latest(self, generation_id: UUID) -> Progress | None:
        return self.newest.get(generation_id)

    @asynccontextmanager
    async def watch(self, generation_id: UUID) -> AsyncIterator[MemoryWatch]:
        watch = MemoryWatch()
        self.watches[generation_id].append(watch)
        try:
            yield watch
        finally:
            self.watches[generation_id].remove(watch)


@dataclass(slots=True, eq=False)
class MemoryWatch:
    """Implements `core.ports.Watch`: a slot for the newest progress and one for the end, which is heard first."""

    progress: Progress | None = None
    end: Settled | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: Progress | Settled) -> None:
        if isinstance(news, Settled):
            self.end = news
        elif self.progress is None or news.sequence > self.progress.sequence:
            self.progress = news
        self.arrived.set()

    async def next(self, timeout: float) -> Progress | Settled | None:
        try:
            async with asyncio.timeout(timeout):
                await self.arrived.wait()
        except TimeoutError:
            return None
        news: Progress | Settled | None
        if self.end is not None:
            news, self.end = self.end, None
        else:
            news, self.progress = self.progress, None
        if self.end is None and self.progress is None:
            self.arrived.clear()
        return news
