"""Use case: take away what was made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core import imaging
from core.errors import BadRequest, NotFound
from core.generation import Generation, Picture, Requester
from core.imaging import Format
from core.ports import AccountStore, ImageStore
from core.views import FinishedImage

FORMATS: Mapping[str, Format] = {"png": "png", "jpeg": "jpeg", "jpg": "jpeg", "webp": "webp"}


@dataclass(frozen=True, slots=True)
class Download:
    """A picture as a file."""

    filename: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gallery:
    """Reads stored pictures. `owner=None` means that the platform already proved that the asker sees it."""

    images: ImageStore
    accounts: AccountStore
    quality: int = 90
    """0-100, for JPEG and WebP made from the original."""

    async def pictures(self, generation: Generation) -> tuple[Picture, ...]:
        return tuple(await self.images.pictures(generation.id))

    async def finished(self, generation: Generation) -> tuple[FinishedImage, ...]:
        """The request's pictures with their bytes, in order."""
        pictures = await self.pictures(generation)
        return tuple([FinishedImage(one, await self._data(one.id)) for one in pictures])

    async def picture(self, image_id: UUID, owner: Requester | None) -> Picture:
        """Raises NotFound, also for somebody else's."""
        found = await self.images.picture(image_id)
        if found is None or (owner is not None and found.user_id != await self.accounts.user_id(owner)):
            raise NotFound
        return found

    async def base64(self, image_id: UUID, owner: Requester | None) -> str:
        """The stored text itself."""
        await self.picture(image_id, owner)
        text = await self.images.base64(image_id)
        if text is None:
            raise NotFound
        return text

    async def thumbnail(self, image_id: UUID, owner: Requester | None) -> bytes:
        """A WebP of at most 256 px."""
        await self.picture(image_id, owner)
        data = await self.images.thumbnail(image_id)
        if data is None:
            raise NotFound
        return data

    async def download(self, image_id: UUID, format: str | None, owner: Requester | None) -> Download:  # noqa: A002  REST's word
        """The picture as png, jpeg or webp; None and its own format give the provider's bytes exactly."""
        wanted = None if format is None else FORMATS.get(format.lower())
        if format is not None and wanted is None:
            raise BadRequest([f"{format[:40]!r} is not a format. Choose png, jpeg or webp."])
        picture = await self.picture(image_id, owner)
        data, media_type = await self._data(image_id), picture.media_type
        if wanted is not None and media_type != f"image/{wanted}":
            data = await asyncio.to_thread(imaging.convert, data, wanted, self.quality)
            media_type = f"image/{wanted}"
        return Download(f"limner-{picture.id.hex[:12]}.{media_type.removeprefix('image/')}", media_type, data)

    async def _data(self, image_id: UUID) -> bytes:
        data = await self.images.data(image_id)
        if data is None:
            raise NotFound
        return data
