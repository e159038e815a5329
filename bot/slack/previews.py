"""Partial pictures: uploaded now and then, shown in the message, and taken away when they are outdated."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from bot.slack.upload import NewFile, Uploads
from core.errors import LimnerError
from core.generation import Progress, Stage
from core.views import Working

log = logging.getLogger(__name__)

GAP = 4.0
"""Seconds between two previews of one request: each costs five calls, and the picture itself is what counts."""

PATIENCE = 3.0
"""Seconds that a preview may take; it is not worth delaying the picture for longer."""

NEARLY_THERE = 2
"""Seconds left at which another preview would only be in the way."""

REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Preview:
    """The newest uploaded preview of a request."""

    index: int
    file_id: str
    at: float


class Previews:
    """Remembers what is uploaded, for this process alone: whoever takes a message over uploads its own."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._newest: OrderedDict[UUID, Preview] = OrderedDict()

    def shown(self, generation_id: UUID) -> str | None:
        """The file that the message shows until there is a newer one."""
        found = self._newest.get(generation_id)
        return found.file_id if found else None

    def wanted(self, progress: Progress) -> bool:
        """Whether this progress brings a preview that is worth its upload."""
        if progress.preview is None or progress.percent >= Stage.PROCESSING.start:
            return False
        before = self._newest.get(progress.generation_id)
        if before is None:
            return True
        soon = progress.eta_seconds is not None and progress.eta_seconds <= NEARLY_THERE
        return progress.preview_index > before.index and not soon and _now() - before.at >= GAP

    async def upload(self, view: Working) -> str | None:
        """The id of the uploaded preview, ready to be shown; None where that did not work out in time."""
        progress = view.progress
        name = f"limner-preview-{view.generation.id.hex[:12]}.jpg"
        try:
            async with asyncio.timeout(PATIENCE):
                file_id = await self._uploads.keep(NewFile(name, progress.preview or b""))
                await self._uploads.wait(file_id)
        except (LimnerError, TimeoutError) as missed:
            log.info("preview_missed", extra={"reason": str(missed), **view.generation.log_context()})
            return None
        return file_id

    async def keep(self, progress: Progress, file_id: str) -> None:
        """The message shows this one from now on; the one before is deleted."""
        await self.drop(progress.generation_id)
        self._newest[progress.generation_id] = Preview(progress.preview_index, file_id, _now())
        while len(self._newest) > REMEMBERED:  # only those whose end another process showed
            self._newest.popitem(last=False)

    async def drop(self, generation_id: UUID) -> None:
        """The message shows no preview any more."""
        found = self._newest.pop(generation_id, None)
        if found is not None:
            await self.discard(found.file_id)

    async def discard(self, file_id: str) -> None:
        """Deletes a file that nobody sees. That it stays behind is not worth failing for."""
        try:
            await self._uploads.delete(file_id)
        except LimnerError as kept:
            log.info("preview_left_behind", extra={"reason": str(kept)})


def _now() -> float:
    return asyncio.get_running_loop().time()
