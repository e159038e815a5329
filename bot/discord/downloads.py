"""Pictures as private files, in the format that the user picks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.discord.page import Button, Page, Upload, Verb
from bot.discord.text import literal
from bot.discord.uploads import ALT_LIMIT, REQUEST_LIMIT
from core import imaging, wording
from core.errors import NotFound
from core.gallery import Download, Gallery
from core.generation import Generation

FORMATS = {Verb.PNG: "png", Verb.JPEG: "jpeg", Verb.WEBP: "webp"}
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Downloads:
    """Files for whoever has the message in front of them."""

    gallery: Gallery
    quality: int

    async def page(self, generation: Generation, format_: str | None, limit: int) -> Page:
        """All pictures of the request as `format_`, None being each one's own. Raises NotFound if there are none."""
        pictures = await self.gallery.pictures(generation)
        if not pictures:
            raise NotFound
        bound = min(limit, REQUEST_LIMIT // len(pictures))
        uploads: list[Upload] = []
        lines: list[str] = []
        for number, picture in enumerate(pictures, 1):
            download = await self.gallery.download(picture.id, format_, None)
            taken = await self._taken(download, bound)
            if taken is not download:
                lines.append(_said(number, len(pictures), download, taken))
            if taken is not None:
                alt = wording.alt_text(picture.prompt, ALT_LIMIT)
                uploads.append(Upload(taken.filename, taken.data, alt))
        return Page(
            content=literal("\n".join([_title(uploads, format_), *lines]), 1900),
            uploads=tuple(uploads),
            buttons=_formats(generation.id),
        )

    async def _taken(self, download: Download, bound: int) -> Download | None:
        """The file, or a smaller one of its format. There is no smaller PNG that would still be the picture."""
        if len(download.data) <= bound:
            return download
        if download.media_type == "image/png":
            return None
        jpeg = download.media_type == "image/jpeg"
        found = await asyncio.to_thread(imaging.fit, download.data, bound, self.quality, jpeg_only=jpeg)
        if found is None:
            return None
        stem = download.filename.rsplit(".", 1)[0]
        return Download(f"{stem}.{found[1].removeprefix('image/')}", found[1], found[0])


def _title(uploads: Sequence[Upload], format_: str | None) -> str:
    kind = format_.upper() if format_ else "made by the provider"
    if not uploads:
        return "No file fits here."
    which = "Your picture" if len(uploads) == 1 else f"Your {len(uploads)} pictures"
    return f"{which}, {'as ' + kind if format_ else 'exactly as ' + kind}. Other formats:"


def _said(number: int, of: int, download: Download, taken: Download | None) -> str:
    name = "The file" if of == 1 else f"File {number}"
    size = f"{name} has {len(download.data) / _MIB:.1f} MiB, which is more than Discord takes here"
    return f"{size}; choose JPEG or WebP." if taken is None else f"{size}, so this one is smaller."


def _formats(generation_id: UUID) -> tuple[Button, ...]:
    return tuple(
        Button("WebP" if name == "webp" else name.upper(), verb, generation_id) for verb, name in FORMATS.items()
    )
