"""Waiting for news instead of sleeping: one condition that every change of the fake notifies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Whoever alters the fake's state awaits ``happened``; whoever waits for a state awaits ``until``."""

    def __init__(self) -> None:
        self._condition = asyncio.Condition()

    async def happened(self) -> None:
        async with self._condition:
            self._condition.notify_all()

    async def until(self, predicate: Callable[[], T], timeout: float) -> T:
        """The first truthy result of ``predicate``; ``TimeoutError`` when none came in ``timeout`` seconds."""
        async with asyncio.timeout(timeout), self._condition:
            return await self._condition.wait_for(predicate)
