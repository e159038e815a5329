"""An arq worker that is woken instead of polling: picked up in a millisecond or two, one command an idle second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from arq.constants import in_progress_key_prefix
from arq.utils import timestamp_ms
from arq.worker import Worker

NAP = 1.0
"""Seconds until it looks by itself: for deferred tickets, cron, and a wake-up that was lost."""

TAKEN_FOR = 30.0
"""Seconds until a ticket is free for others again. A ticket is only an alarm, so taking it twice is harmless; but the
sweep's ticket of a row would lie with a killed worker for as long as arq lets a job run, and the row with it."""


class WakingWorker(Worker):
    """Overrides two public methods of arq's worker.

    `main` calls `heart_beat` at the end of each round and sleeps `poll_delay` minus the round's length, so with
    `poll_delay=0` the wait can happen in `heart_beat`, on an event.
    """

    def __init__(self, *arguments: Any, still_running: Iterable[asyncio.Task[Any]] = (), **options: Any) -> None:
        """`still_running`: what an earlier worker of this process began. It goes on, and takes up its slots here."""
        super().__init__(*arguments, poll_delay=0, **options)
        self._awake = asyncio.Event()
        for task in still_running:
            self.job_counter += 1
            task.add_done_callback(self._ended)

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
        """Takes as many as there are free slots in one round trip; stock arq takes four for each, one after another."""
        waiting = [ticket for ticket in (raw.decode(errors="replace") for raw in job_ids) if ticket not in self.tasks]
        while waiting and (free := self.max_jobs - self.job_counter) > 0:
            tickets, waiting = waiting[:free], waiting[free:]
            for ticket, score in await self._take(tickets):
                self._start(ticket, score)

    async def _take(self, tickets: list[str]) -> list[tuple[str, int]]:
        """Those that are ours now, with their scores.

        The mark is arq's own and set only where there is none, so that workers of either kind exclude each other.
        """
        pipeline = self.pool.pipeline(transaction=False)
        for ticket in tickets:
            pipeline.set(in_progress_key_prefix + ticket, b"1", px=round(TAKEN_FOR * 1000), nx=True)
            pipeline.zscore(self.queue_name, ticket)
        answers = await pipeline.execute()
        marked = [
            (ticket, score) for ticket, ours, score in zip(tickets, answers[::2], answers[1::2], strict=True) if ours
        ]
        now = timestamp_ms()
        due = [(ticket, round(max(score, 0))) for ticket, score in marked if score is not None and score <= now]
        if len(due) < len(marked):  # another worker ended them, or put them off, since they were listed
            taken = dict(due)
            await self.pool.delete(*(in_progress_key_prefix + ticket for ticket, _ in marked if ticket not in taken))
        return due

    def _start(self, ticket: str, score: int) -> None:
        self.job_counter += 1
        task = self.loop.create_task(self.run_job(ticket, score), name=f"ticket-{ticket}")
        task.add_done_callback(self._ended)
        self.tasks[ticket] = task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A slot that gets free is filled at once; while others were free, nothing can have been left waiting.

        What went wrong is looked at here: once this worker has ended, nobody asks its late tickets any more.
        """
        if not task.cancelled():
            task.exception()
        if self.job_counter >= self.max_jobs:
            self._awake.set()
        self.job_counter -= 1
