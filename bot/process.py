"""One bot process: its adapters and the deliveries that belong to them, started and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from core.delivering import Delivering
from core.notifying import Notifying
from core.ports import Courier, Messenger


class Adapter(Protocol):
    """A platform: what comes in, and through its courier what goes out."""

    @property
    def courier(self) -> Courier | None:
        """None where nobody's message is edited (the web watches instead)."""
        ...

    @property
    def messenger(self) -> Messenger | None:
        """None where nobody can be written to."""
        ...

    @property
    def ready(self) -> asyncio.Event:
        """Set once requests can come in."""
        ...

    async def run(self) -> None:
        """Serves until cancelled, then stops cleanly. Raises only if it can never work (a wrong token)."""
        ...


async def run(adapters: Sequence[Adapter], delivering: Delivering, notifying: Notifying | None = None) -> None:
    """Serves until cancelled. The first adapter that cannot work ends the process with its error."""
    for adapter in adapters:
        if adapter.courier is not None:
            delivering.serve(adapter.courier)
    async with asyncio.TaskGroup() as group:
        group.create_task(delivering.run(), name="delivering")
        if notifying is not None:
            group.create_task(notifying.run(), name="notifying")
        for adapter in adapters:
            group.create_task(adapter.run(), name=type(adapter).__name__)
