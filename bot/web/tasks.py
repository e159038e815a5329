"""How a task stands, and stopping it."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from bot.web.config import STUDIO
from bot.web.errors import AlreadyOver
from bot.web.sessions import caller
from bot.web.wire import (
    STATUS_WORDS,
    ImageData,
    TaskError,
    TaskStatus,
    estimated_cost,
    image_data,
    left_now,
    reply,
    reply_large,
)
from core import wording
from core.errors import Fault, NotFound, Outage
from core.generation import Generation, Progress, Requester, Stage, Status
from core.studio import Studio


async def status(request: web.Request) -> web.Response:
    """GET /images/tasks/{task_id}/status"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    generation = await studio.requesting.generation(task_id(request), requester)
    answer = await standing(studio, generation)
    if generation.status is not Status.FINISHED:
        return reply(answer)
    images = await _with_bytes(studio, generation, requester)
    answer.image_data = images[0]
    if len(images) > 1:
        answer.images = images
    return await reply_large(answer)


async def cancel(request: web.Request) -> web.Response:
    """DELETE /images/tasks/{task_id}"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    before = await studio.requesting.generation(task_id(request), requester)
    if before.status.final:
        raise AlreadyOver(f"This request is over already: it {_ended(before)}.")
    after = await studio.requesting.cancel(before.id, requester)
    if after.status in {Status.FINISHED, Status.FAILED}:
        raise AlreadyOver(f"This request was over before it could be stopped: it {_ended(after)}.")
    return reply(await standing(studio, after))


def task_id(request: web.Request) -> UUID:
    return _uuid(request.match_info["task_id"])


def image_id(request: web.Request) -> UUID:
    return _uuid(request.match_info["image_id"])


async def standing(studio: Studio, generation: Generation, progress: Progress | None = None) -> TaskStatus:
    """Where the task is; `progress` is the latest news where the caller has heard it, else it is asked for."""
    if progress is None and (generation.attempts or generation.status is not Status.QUEUED):
        progress = await latest(studio, generation)
    answer = TaskStatus(
        task_id=str(generation.id),
        status=STATUS_WORDS[generation.status],
        stage=Stage.QUEUED,
        progress=Stage.QUEUED.start,
        eta_seconds=None,
        position=0,
        message="",
        estimated_cost=estimated_cost(generation),
        left=left_now(generation.left),
        cancelling=generation.cancel_requested and not generation.status.final,
    )
    if generation.status is Status.QUEUED:
        await _waiting(studio, generation, answer, progress)
    elif generation.status is Status.RUNNING:
        _working(answer, progress)
    else:
        _over(studio, generation, answer, progress)
    return answer


async def latest(studio: Studio, generation: Generation) -> Progress | None:
    """None, too, while news cannot be heard: the row alone says enough."""
    try:
        return await studio.signals.latest(generation.id)
    except Outage:
        return None


async def _waiting(studio: Studio, generation: Generation, answer: TaskStatus, progress: Progress | None) -> None:
    now = await studio.requesting.standing(generation)
    answer.position, answer.eta_seconds = now.position, now.eta_seconds
    answer.message = wording.waiting_words(now)
    if progress is not None and progress.retry_at is not None:  # it is back in the queue until then
        answer.message = wording.stage_words(progress)


def _working(answer: TaskStatus, progress: Progress | None) -> None:
    answer.stage = Stage.INITIALISING if progress is None else progress.stage
    answer.progress = Stage.INITIALISING.start if progress is None else progress.percent
    answer.eta_seconds = None if progress is None else progress.eta_seconds
    answer.message = wording.cancelling() if answer.cancelling else wording.thinking()
    if progress is not None and not answer.cancelling:
        answer.message = wording.stage_words(progress)


def _over(studio: Studio, generation: Generation, answer: TaskStatus, progress: Progress | None) -> None:
    if generation.status is Status.FINISHED:
        answer.stage, answer.progress, answer.message = Stage.COMPLETE, Stage.COMPLETE.start, "Your picture is ready."
        return
    if progress is not None:  # how far it came
        answer.stage, answer.progress = progress.stage, progress.percent
    answer.message = wording.cancelled()
    if generation.status is Status.FAILED:
        answer.error = failure(studio, generation)
        answer.message = answer.error.message


def failure(studio: Studio, generation: Generation) -> TaskError:
    """Why there is no picture, in words for the user and a code for the program."""
    fault = generation.fault or Fault.INTERNAL
    explained = explain(studio, generation)
    return TaskError(
        code=fault,
        message=f"{explained.title.rstrip('.')}. {explained.sentence}",
        next_step=explained.next_step,
        actions=[str(action) for action in explained.actions],
    )


def explain(studio: Studio, generation: Generation) -> wording.Explained:
    model = studio.catalogue.find(generation.options.model)
    title = model.title if model else generation.options.model
    return wording.explain(generation.fault or Fault.INTERNAL, generation.fault_detail, title)


async def _with_bytes(studio: Studio, generation: Generation, requester: Requester) -> list[ImageData]:
    return [
        image_data(picture, await studio.gallery.base64(picture.id, requester))
        for picture in await studio.gallery.pictures(generation)
    ]


def _ended(generation: Generation) -> str:
    return {Status.FINISHED: "is finished", Status.FAILED: "failed"}.get(generation.status, "was cancelled")


def _uuid(text: str) -> UUID:
    """Raises NotFound: a malformed id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
