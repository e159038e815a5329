"""What REST says, as records that msgspec writes: the schemas of openapi.json in Python."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from core.generation import Generation, Left, Picture, Status
from core.wording import left_words

STATUS_WORDS = {
    Status.QUEUED: "pending",
    Status.RUNNING: "running",
    Status.FINISHED: "completed",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
}

MICRO = 1_000_000


class LeftNow(msgspec.Struct, kw_only=True):
    """Of the tightest quota, when the task was taken."""

    pictures: int
    of: int
    span: str
    message: str
    """The same in words."""


class TaskAccepted(msgspec.Struct, kw_only=True):
    task_id: str
    status: str
    estimated_time: int | None
    """Seconds."""
    position: int
    estimated_cost: float | None
    """US dollars; None where nothing is counted."""
    left: LeftNow | None
    notes: list[str]


class ImageData(msgspec.Struct, kw_only=True):
    id: str
    original_prompt: str
    revised_prompt: str | None
    size: str
    media_type: str
    generation_cost: float
    """US dollars."""
    cost_micro_usd: int
    download_url: str
    thumbnail_url: str
    image_data: str | UnsetType = UNSET
    """Base64."""


class TaskError(msgspec.Struct, kw_only=True):
    code: str
    message: str
    next_step: str
    actions: list[str]


class Standing(msgspec.Struct, kw_only=True):
    """How far a task is."""

    status: str
    stage: str
    progress: int
    eta_seconds: int | None
    position: int
    message: str
    """The same in words."""


class ProgressEvent(Standing, kw_only=True):
    preview: str | UnsetType = UNSET
    """A data: URL."""


class TaskStatus(Standing, kw_only=True):
    task_id: str
    estimated_cost: float | None = None
    left: LeftNow | None = None
    cancelling: bool = False
    image_data: ImageData | UnsetType = UNSET
    images: list[ImageData] | UnsetType = UNSET
    error: TaskError | UnsetType = UNSET


class TaskEnd(msgspec.Struct, kw_only=True):
    """The last event of a stream."""

    task_id: str
    status: str
    message: str
    left: LeftNow | None = None
    images: list[ImageData] | UnsetType = UNSET
    error: TaskError | UnsetType = UNSET


def estimated_cost(generation: Generation) -> float | None:
    return generation.reserved_micro / MICRO if generation.counted else None


def left_now(left: Left | None) -> LeftNow | None:
    if left is None:
        return None
    return LeftNow(pictures=left.pictures, of=left.of, span=left.span, message=left_words(left))


def image_data(picture: Picture, base64: str | UnsetType = UNSET) -> ImageData:
    return ImageData(
        id=str(picture.id),
        original_prompt=picture.prompt,
        revised_prompt=picture.revised_prompt,
        size=f"{picture.width}x{picture.height}",
        media_type=picture.media_type,
        generation_cost=picture.cost_micro / MICRO,
        cost_micro_usd=picture.cost_micro,
        download_url=f"/images/{picture.id}/download",
        thumbnail_url=f"/images/{picture.id}/thumbnail",
        image_data=base64,
    )


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


async def reply_large(value: object) -> web.Response:
    """For answers of megabytes, which would hold up everybody else for milliseconds."""
    body = await asyncio.to_thread(msgspec.json.encode, value)
    return web.Response(body=body, content_type="application/json")
