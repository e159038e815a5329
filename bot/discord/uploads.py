"""Finished pictures as files that Discord takes: the provider's bytes, or the largest version under the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.page import Upload
from core import imaging, wording
from core.views import FinishedImage

REQUEST_LIMIT = 25 * 1024 * 1024 - 256 * 1024
"""Bytes of files in one request: Discord takes 25 MiB with everything around them."""

ALT_LIMIT = 1024
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fitted:
    """What can be attached, and what to say about what was changed or left out."""

    uploads: tuple[Upload, ...]
    notes: tuple[str, ...]


async def fitted(images: Sequence[FinishedImage], limit: int, quality: int) -> Fitted:
    """Each picture in at most `limit` bytes, all of them within one request."""
    bound = _bound([len(image.data) for image in images], limit)
    uploads: list[Upload] = []
    smaller = missing = 0
    for image in images:
        found = image.data, image.picture.media_type
        if len(image.data) > bound:
            shrunk = await asyncio.to_thread(imaging.fit, image.data, bound, quality)
            if shrunk is None:
                missing += 1
                continue
            smaller += 1
            found = shrunk
        uploads.append(Upload(file_name(image, found[1]), found[0], wording.alt_text(image.picture.prompt, ALT_LIMIT)))
    return Fitted(tuple(uploads), _said(images, smaller, missing, bound))


def file_name(image: FinishedImage, media_type: str) -> str:
    return f"limner-{image.picture.id.hex[:12]}.{media_type.removeprefix('image/')}"


def _bound(sizes: Sequence[int], limit: int) -> int:
    """Bytes per file: the place's own limit, or less where the sum would be too much for one request."""
    if sum(min(size, limit) for size in sizes) <= REQUEST_LIMIT:
        return limit
    return min(limit, REQUEST_LIMIT // len(sizes))


def _said(images: Sequence[FinishedImage], smaller: int, missing: int, bound: int) -> tuple[str, ...]:
    largest = max((len(image.data) for image in images), default=0)
    sizes = f"the original has {largest / _MIB:.1f} MiB and Discord takes {bound / _MIB:.1f} MiB here"
    notes = []
    if smaller:
        notes.append(f"Shown smaller: {sizes}. The original is kept; Download has it in each format that fits.")
    if missing:
        notes.append(f"{missing} of {len(images)} could not be shown: {sizes}. Nothing is lost: see Download.")
    return tuple(notes)
