"""Reading what was made. Image text is selected only where it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core import imaging
from core.generation import Picture
from core.storage import rows
from core.storage.database import Database
from core.storage.tables import generated_images


class PostgresImages:
    """Implements `core.ports.ImageStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]:
        query = (
            select(*rows.PICTURE)
            .where(generated_images.c.generation_id == generation_id)
            .order_by(generated_images.c.position)
        )
        async with self._database.single() as connection:
            return [rows.picture(row) for row in await connection.execute(query)]

    async def picture(self, image_id: UUID) -> Picture | None:
        query = select(*rows.PICTURE).where(generated_images.c.id == image_id)
        async with self._database.single() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else rows.picture(row)

    async def data(self, image_id: UUID) -> bytes | None:
        return await _decoded(await self.base64(image_id))

    async def base64(self, image_id: UUID) -> str | None:
        return await self._text(generated_images.c.image_data, image_id)

    async def thumbnail(self, image_id: UUID) -> bytes | None:
        return await _decoded(await self._text(generated_images.c.thumbnail_data, image_id))

    async def _text(self, column: ColumnElement[str], image_id: UUID) -> str | None:
        query = select(column).where(generated_images.c.id == image_id)
        async with self._database.single() as connection:
            found: str | None = (await connection.execute(query)).scalar()
        return found


LARGE = 4_000_000
"""Characters from which decoding takes long enough (over 1 ms) to be worth a thread."""


async def _decoded(text: str | None) -> bytes | None:
    if text is None:
        return None
    return imaging.decode(text) if len(text) < LARGE else await asyncio.to_thread(imaging.decode, text)
