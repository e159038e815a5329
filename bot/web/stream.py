"""Progress as server-sent events: what is newer than the listener has, and always the end."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pybase64
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.web.config import LISTENERS, STUDIO
from bot.web.sessions import caller
from bot.web.tasks import latest, standing, task_id
from bot.web.wire import ProgressEvent, TaskEnd, TaskStatus, image_data
from core.errors import LimnerError
from core.generation import Generation, Progress, Requester, Status
from core.ports import Settled, Watch
from core.studio import Studio

log = logging.getLogger(__name__)

SILENCE = 5
"""Seconds without news after which the row is read again."""

IN_LINE = 2
"""The same while it waits: the queue moves without any news about this task, and its place is told anew."""

RETRY_MS = 1000
"""After which a browser that lost the stream comes back."""


async def stream(request: web.Request) -> web.StreamResponse:
    """GET /images/tasks/{task_id}/stream"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    generation = await studio.requesting.generation(task_id(request), requester)
    listeners = request.app[LISTENERS]
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  handlers run in tasks
    listeners.add(task)
    try:
        async with sse_response(request) as sse:
            teller = Teller(studio, requester, request, sse, _heard(request))
            try:
                await teller.tell(generation.id)
            except (LimnerError, ConnectionResetError, TimeoutError) as ended:
                # The answer has begun, so it can only stop; the listener comes back and goes on where it was.
                log.info("stream_left", extra={"reason": type(ended).__name__, **generation.log_context()})
        return sse
    finally:
        listeners.discard(task)


async def end_all(app: web.Application) -> None:
    """The server stops: nobody waits for a stream to come to its end."""
    listeners = app[LISTENERS]
    tasks = list(listeners)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(slots=True)
class Teller:
    """Tells one listener about one task."""

    studio: Studio
    requester: Requester
    request: web.Request
    sse: EventSourceResponse
    heard: int
    """Sequence of the last progress that the listener has."""
    preview: int = 0
    """Index of the last preview that was sent."""
    place: tuple[int, int | None, str] | None = None
    """The last place in the queue that was sent, with when and in words."""

    async def tell(self, generation_id: UUID) -> None:
        """Until the task is over and that was said."""
        generation = await self._now(generation_id)
        while not generation.status.final:
            # A new watch after each end that turned out to be a return to the queue: the old one repeats that end.
            async with self.studio.signals.watch(generation_id) as watch:
                generation = await self._follow(watch, generation_id)
        await self._send_end(generation)

    async def _follow(self, watch: Watch, generation_id: UUID) -> Generation:
        # Read after subscribing: what settled before is seen here, what settles later is heard.
        generation = await self._now(generation_id)
        while not generation.status.final:
            await self._send_standing(generation)
            while isinstance(news := await self._next(watch, generation.status), Progress):
                if generation.status is Status.QUEUED:
                    generation = await self._now(generation_id)
                await self._send_progress(generation, news)
            generation = await self._now(generation_id)
            if isinstance(news, Settled):
                break
        return generation

    async def _next(self, watch: Watch, status: Status) -> Progress | Settled | None:
        """The next news, or None after a silence. Raises ConnectionResetError soon after the listener has left."""
        for _ in range(IN_LINE if status is Status.QUEUED else SILENCE):
            news = await watch.next(1)
            if news is not None:
                return news
            if self.request.transport is None or self.request.transport.is_closing():
                raise ConnectionResetError
        return None

    async def _now(self, generation_id: UUID) -> Generation:
        return await self.studio.requesting.generation(generation_id, self.requester)

    async def _send_standing(self, generation: Generation) -> None:
        """The place in the queue where it changed; else progress that was made before anyone listened."""
        if generation.status is Status.QUEUED:
            now = await standing(self.studio, generation)
            if (place := (now.position, now.eta_seconds, now.message)) != self.place:
                self.place = place
                await self._send("progress", _event(now))
        elif (progress := await latest(self.studio, generation)) is not None:
            await self._send_progress(generation, progress)

    async def _send_progress(self, generation: Generation, progress: Progress) -> None:
        if progress.sequence <= self.heard:
            return
        self.heard = progress.sequence
        event = _event(await standing(self.studio, generation, progress))
        if progress.preview is not None and progress.preview_index > self.preview:
            self.preview = progress.preview_index
            event.preview = f"data:image/jpeg;base64,{pybase64.b64encode(progress.preview).decode()}"
        await self._send("progress", event, progress.sequence)

    async def _send_end(self, generation: Generation) -> None:
        """Where the pictures are, never their bytes."""
        now = await standing(self.studio, generation)
        end = TaskEnd(task_id=now.task_id, status=now.status, message=now.message, left=now.left, error=now.error)
        if generation.status is Status.FINISHED:
            end.images = [image_data(picture) for picture in await self.studio.gallery.pictures(generation)]
        await self._send(now.status, end)

    async def _send(self, event: str, body: msgspec.Struct, sequence: int | None = None) -> None:
        await self.sse.send(
            msgspec.json.encode(body).decode(),
            event=event,
            id=None if sequence is None else str(sequence),
            retry=RETRY_MS,
        )


def _event(now: TaskStatus) -> ProgressEvent:
    return msgspec.convert(now, ProgressEvent, from_attributes=True)


def _heard(request: web.Request) -> int:
    """A Last-Event-ID that is none of ours counts as having heard nothing."""
    last = request.headers.get("Last-Event-ID", "")
    return int(last) if last.isascii() and last.isdecimal() and len(last) < 16 else 0
