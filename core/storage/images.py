"""Reading what was made. Image text is selected only where it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from core import imaging
from core.generation import Picture
from core.storage import rows
from core.storage.database import Database
from core.storage.tables import generated_images

_this = generated_images.c.id == bindparam("id")
PICTURE = select(*rows.PICTURE).where(_this)
OF_REQUEST = (
    select(*rows.PICTURE)
    .where(generated_images.c.generation_id == bindparam("id"))
    .order_by(generated_images.c.position)
)
IMAGE_TEXT = select(generated_images.c.image_data).where(_this)
THUMBNAIL_TEXT = select(generated_images.c.thumbnail_data).where(_this)


class PostgresImages:
    """Implements `core.ports.ImageStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]:
        async with self._database.single() as connection:
            return [rows.picture(row) for row in await connection.execute(OF_REQUEST, {"id": generation_id})]

    async def picture(self, image_id: UUID) -> Picture | None:
        async with self._database.single() as connection:
            row = (await connection.execute(PICTURE, {"id": image_id})).first()
        return None if row is None else rows.picture(row)

    async def data(self, image_id: UUID) -> bytes | None:
        return await _decoded(await self.base64(image_id))

    async def base64(self, image_id: UUID) -> str | None:
        return await self._text(IMAGE_TEXT, image_id)

    async def thumbnail(self, image_id: UUID) -> bytes | None:
        return await _decoded(await self._text(THUMBNAIL_TEXT, image_id))

    async def _text(self, query: Select[Any], image_id: UUID) -> str | None:
        async with self._database.single() as connection:
            found: str | None = (await connection.execute(query, {"id": image_id})).scalar()
        return found


LARGE = 4_000_000
"""Characters from which decoding takes long enough (over 1 ms) to be worth a thread."""


async def _decoded(text: str | None) -> bytes | None:
    if text is None:
        return None
    return imaging.decode(text) if len(text) < LARGE else await asyncio.to_thread(imaging.decode, text)
