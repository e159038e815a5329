"""An arq worker that is woken instead of polling: picked up in a millisecond or two, one command an idle second."""

from __future__ import annotations

import asyncio
from typing import Any

from arq.worker import Worker

NAP = 1.0
"""Seconds until it looks by itself: for deferred tickets, cron, and a wake-up that was lost."""


class WakingWorker(Worker):
    """Overrides two public methods of arq's worker.

    `main` calls `heart_beat` at the end of each round and sleeps `poll_delay` minus the round's length, so with
    `poll_delay=0` the wait can happen in `heart_beat`, on an event.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, poll_delay=0, **options)
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def heart_beat(self) -> None:
        await super().heart_beat()
        if not self._awake.is_set():
            timer = self.loop.call_later(NAP, self._awake.set)
            try:
                await self._awake.wait()
            finally:
                timer.cancel()
        self._awake.clear()

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Skips what runs here (stock arq asks Redis thrice about each) and wakes up when a slot gets free."""
        before = set(self.tasks)
        await super().start_jobs([one for one in job_ids if one.decode() not in before])
        for ticket in self.tasks.keys() - before:
            self.tasks[ticket].add_done_callback(lambda _: self._awake.set())
