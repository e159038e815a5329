"""Views for tests of a courier or of rendering that need no request."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from core.clock import now
from core.generation import Accepted, Generation, Options, Picture, Requester, Status
from core.views import Finished, FinishedImage, Waiting
from tests.bot.slack.bot import drawn


def generation(prompt: str = "a fox", **changes: object) -> Generation:
    made = Generation(
        id=uuid4(),
        user_id=uuid4(),
        status=Status.QUEUED,
        prompt=prompt,
        options=Options("gpt-image-2", 1024, 1024, "medium"),
        provider="demo",
        reply_to=None,
        requester=Requester("slack", "T0LIMNER/U0ALICE", "alice"),
        created_at=now(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def waiting(prompt: str = "a fox", position: int = 1) -> Waiting:
    return Waiting(Accepted(generation(prompt), position, 30))


def finished(prompt: str = "a fox", count: int = 1, data: bytes | None = None, **changes: object) -> Finished:
    made = generation(prompt, status=Status.FINISHED, cost_micro=13_000, generation_time_ms=8_200, **changes)
    return Finished(made, tuple(_image(made, position, data or drawn()) for position in range(count)))


def _image(made: Generation, position: int, data: bytes) -> FinishedImage:
    picture = Picture(
        id=uuid4(),
        generation_id=made.id,
        user_id=made.user_id,
        position=position,
        prompt=made.prompt,
        revised_prompt=None,
        media_type="image/png",
        width=64,
        height=64,
        byte_count=len(data),
        cost_micro=13_000,
        created_at=now(),
    )
    return FinishedImage(picture, data)
