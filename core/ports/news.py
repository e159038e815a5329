"""What tells: the doorbell, and news of requests between processes."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.generation import Progress


class Doorbell(Protocol):
    """Wakes a worker. Only an alarm: the row is already committed."""

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        """Raises Outage; the sweep rings again."""
        ...


class Signals(Protocol):
    """News about requests, from the worker to whoever shows them. Losing one delays, never loses."""

    async def publish(self, progress: Progress) -> None: ...

    async def settled(self, generation_id: UUID) -> None:
        """The row's status has changed, mostly for good; read it."""
        ...

    async def ask_to_cancel(self, generation_id: UUID) -> None: ...

    async def latest(self, generation_id: UUID) -> Progress | None: ...

    def watch(self, generation_id: UUID) -> AbstractAsyncContextManager[Watch]:
        """Subscribed on entry, so nothing sent after it is missed."""
        ...


class Watch(Protocol):
    """The news of one request; older progress gives way to newer."""

    async def next(self, timeout: float) -> Progress | Settled | None:
        """The newest unseen progress, `Settled`, or None after `timeout` seconds of silence."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """The request's status has changed: it is over, or it went back into the queue. The row tells."""

    generation_id: UUID
