"""Requests, pictures and views made up for tests that need no store behind them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from core import imaging
from core.clock import now
from core.generation import Accepted, Generation, Options, Picture, Progress, Requester, Stage, Status
from core.views import Finished, FinishedImage, Waiting, Working
from tests.fakes.pictures import drawn

COST_MICRO = 13_170
"""Of one picture."""

TOOK_MS = 8_240

BY_DEFAULT = Generation(
    id=uuid4(),
    user_id=uuid4(),
    status=Status.QUEUED,
    prompt="a fox",
    options=Options("gpt-image-2.5-flare", 1024, 1024, "medium"),
    provider="openai",
    reply_to=None,
    requester=Requester("web", "ada", "Ada"),
    created_at=now(),
)


def generation(prompt: str = "a fox", **changes: object) -> Generation:
    return replace(BY_DEFAULT, id=uuid4(), prompt=prompt, **changes)  # type: ignore[arg-type]


def picture(of: Generation, data: bytes, position: int = 0, revised_prompt: str | None = None) -> Picture:
    """What is stored of these bytes."""
    facts = imaging.inspect(data, max_bytes=len(data))
    return Picture(
        id=uuid4(),
        generation_id=of.id,
        user_id=of.user_id,
        position=position,
        prompt=of.prompt,
        revised_prompt=revised_prompt,
        media_type=facts.media_type,
        width=facts.width,
        height=facts.height,
        byte_count=len(data),
        cost_micro=COST_MICRO,
        created_at=now(),
    )


def waiting(prompt: str = "a fox", position: int = 1) -> Waiting:
    return Waiting(Accepted(generation(prompt), position, 30))


def working(percent: int, preview: bytes | None = None) -> Working:
    """`percent` serves as the sequence, too."""
    one = generation(status=Status.RUNNING)
    return Working(one, Progress(one.id, percent, Stage.GENERATING, percent, None, preview, 1 if preview else 0))


def finished(*files: bytes, prompt: str = "a fox", **changes: object) -> Finished:
    """With one picture unless some are given."""
    pictures = files or (drawn(),)
    cost = COST_MICRO * len(pictures)
    one = generation(prompt, status=Status.FINISHED, cost_micro=cost, generation_time_ms=TOOK_MS, **changes)
    return Finished(one, tuple(FinishedImage(picture(one, data, n), data) for n, data in enumerate(pictures)))
