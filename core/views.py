"""What a placeholder message can show: five frozen records that every courier knows how to render."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.generation import Accepted, Generation, Picture, Progress


@dataclass(frozen=True, slots=True)
class Waiting:
    """Accepted and in the queue."""

    accepted: Accepted

    @property
    def generation(self) -> Generation:
        return self.accepted.generation


@dataclass(frozen=True, slots=True)
class Working:
    """Running, with the latest progress."""

    generation: Generation
    progress: Progress


@dataclass(frozen=True, slots=True)
class FinishedImage:
    """A picture with its bytes exactly as the provider sent them."""

    picture: Picture
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    """Done: one to four pictures, in order."""

    generation: Generation
    images: tuple[FinishedImage, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Ended without a picture; `generation.fault` says why."""

    generation: Generation


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Stopped on request; nothing was charged."""

    generation: Generation


View = Waiting | Working | Finished | Failed | Cancelled
