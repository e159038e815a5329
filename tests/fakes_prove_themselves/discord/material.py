"""Pictures to upload, and taking what a bot has heard."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
from PIL import Image


def png(size: int = 8) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def picture(name: str = "picture.png", data: bytes | None = None, description: str | None = None) -> discord.File:
    return discord.File(io.BytesIO(png() if data is None else data), name, description=description)


async def taken(queue: asyncio.Queue[Any]) -> Any:
    return await asyncio.wait_for(queue.get(), 5)
