"""One ask and its answer as the page shows them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from bot.web.tasks import explain, standing
from bot.web.wire import TaskStatus
from core import wording
from core.errors import LimnerError
from core.generation import Generation, Left, Picture, Status
from core.periods import Periods, Span
from core.prompt import Choices
from core.studio import Studio

ALT_LIMIT = 300

ALL = ("size", "quality", "style", "count", "model", "background")


@dataclass(frozen=True, slots=True)
class Turn:
    """What the template `turn.html` shows."""

    generation: Generation
    now: TaskStatus
    pictures: Sequence[Picture]
    alt: str
    caption: str
    options: str
    """JSON: the options that were chosen, for filling the composer again."""
    explained: wording.Explained | None
    eta: str
    estimate: str
    """What it should cost, while it waits and runs; empty where nothing is counted."""


async def turn_of(studio: Studio, generation: Generation) -> Turn:
    now = await standing(studio, generation)
    finished = generation.status is Status.FINISHED
    return Turn(
        generation=generation,
        now=now,
        pictures=await studio.gallery.pictures(generation) if finished else (),
        alt=wording.alt_text(generation.prompt, ALT_LIMIT),
        caption=_caption(studio, generation),
        options=msgspec.json.encode(_chosen(studio, generation)).decode(),
        explained=explain(studio, generation) if generation.status is Status.FAILED else None,
        eta="" if now.eta_seconds is None or generation.status is Status.QUEUED else wording.about(now.eta_seconds),
        estimate=wording.money(generation.reserved_micro) if generation.counted else "",
    )


async def turns_of(studio: Studio, generations: Sequence[Generation]) -> Sequence[Turn]:
    return await asyncio.gather(*(turn_of(studio, one) for one in generations))


def _caption(studio: Studio, generation: Generation) -> str:
    """Model, time and cost, then whatever is not the default."""
    model = studio.catalogue.find(generation.options.model)
    parts = [model.title if model else generation.options.model]
    if generation.generation_time_ms is not None:
        parts.append(wording.duration(generation.generation_time_ms))
    if generation.cost_micro is not None:
        parts.append(wording.money(generation.cost_micro))
    for label, value in wording.options_words(generation.options, studio.catalogue):
        if label != "Model":
            parts.append(f"{label.lower()} {_spoken(studio, label, value)}")
    if (left := _left(studio, generation)) is not None:
        parts.append(wording.left_words(left))
    return " · ".join(parts)


def _left(studio: Studio, generation: Generation) -> Left | None:
    """Only as long as it is true: of yesterday's picture it would not be."""
    if generation.left is None:
        return None
    today, span = studio.requesting.house.periods, Span(generation.left.span)
    then = Periods(generation.created_at, today.zone)
    return generation.left if then.label(span) == today.label(span) else None


def _spoken(studio: Studio, label: str, value: str) -> str:
    style = studio.styles.find(value) if label == "Style" else None
    return style.title if style else value.replace("x", "\u00d7") if label == "Size" else value


def _chosen(studio: Studio, generation: Generation) -> dict[str, str]:
    """Only what differs from what the model would do by itself; the seed goes into the text, as a flag."""
    options = generation.options
    given = {name: str(getattr(options, name) or "") for name in ALL} | {"seed": str(options.seed or "")}
    try:
        usual = studio.requesting.read("x", Choices(model=options.model)).options
    except LimnerError:  # the model is no longer offered: then nothing but the picture's own figures is known
        return given
    defaults = {name: str(getattr(usual, name) or "") for name in ALL}
    defaults["model"] = studio.catalogue.default.id
    return {name: value for name, value in given.items() if value and value != defaults.get(name)}
