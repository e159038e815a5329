"""Calls to make of a provider, and their events gathered."""

from __future__ import annotations

from core.errors import ProviderError
from core.generation import Options, Reference
from core.ports import ImageProvider, Made, Partial, ProviderCall, ProviderEvent

MODEL = "gpt-image-2.5-flare"


def call(
    prompt: str = "a fox in the snow",
    *,
    model: str = MODEL,
    size: tuple[int, int] = (1024, 1024),
    quality: str = "low",
    count: int = 1,
    background: str = "auto",
    style: str | None = None,
    seed: int | None = None,
    references: tuple[Reference, ...] = (),
) -> ProviderCall:
    options = Options(model, *size, quality, count, style, background, seed)
    return ProviderCall(prompt=prompt, options=options, references=references, safety_identifier="5d41402abc4b2a76")


async def events_of(provider: ImageProvider, asked: ProviderCall) -> list[ProviderEvent]:
    return [event async for event in provider.generate(asked)]


async def one_picture(provider: ImageProvider, asked: ProviderCall) -> Made:
    (made,) = [event for event in await events_of(provider, asked) if isinstance(event, Made)]
    return made


async def until_it_fails(provider: ImageProvider, asked: ProviderCall) -> tuple[list[ProviderEvent], ProviderError]:
    """What came before the error, and the error."""
    seen: list[ProviderEvent] = []
    try:
        async for event in provider.generate(asked):
            seen.append(event)  # noqa: PERF401 - what came before the error is to be kept
    except ProviderError as error:
        return seen, error
    raise AssertionError(f"no error came, but {len(seen)} events")


def previews(events: list[ProviderEvent]) -> list[Partial]:
    return [event for event in events if isinstance(event, Partial)]
