"""What the options of /imagine offer: fixed choices where they are few, suggestions while typing where many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.catalogue import Catalogue, ImageModel
from core.clock import Clock, now
from core.sizes import SHAPES, parse_aspect, parse_size
from core.styles import Styles

MOST = 25
NAME_LIMIT = 100

Pair = tuple[str, str]
"""What is shown, and what is sent."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Pure look-ups; an answer takes microseconds, as it must at every key press."""

    catalogue: Catalogue
    styles: Styles
    clock: Clock = now

    def models(self) -> tuple[ImageModel, ...]:
        return self.catalogue.usable(self._today())

    def qualities(self) -> list[str]:
        return _united(model.qualities for model in self.models())[:MOST]

    def backgrounds(self) -> list[str]:
        return _united(model.backgrounds for model in self.models())[:MOST]

    def suggest(self, option: str, typed: str, chosen_model: str | None) -> list[Pair]:
        """At most 25 for what is `typed` so far; what the options chosen so far rule out is left out."""
        match option:
            case "model":
                return _matching(typed, [(model.title, model.id) for model in self.models()])
            case "style":
                return _matching(typed, [(style.title, style.id) for style in self.styles.all])
            case "size":
                return self._sizes(typed.strip().lower(), chosen_model)
        return []

    def _sizes(self, typed: str, chosen_model: str | None) -> list[Pair]:
        model = (chosen_model and self.catalogue.find(chosen_model)) or self.catalogue.default
        free = self._free(typed, model)
        shapes = [(f"{name} ({_by(model.size_for_aspect(*SHAPES[name]))})", name) for name in SHAPES]
        offered = [(size, size) for size in model.sizes]
        found = [pair for pair in _matching(typed, [*offered, *shapes]) if pair not in free]
        return (free + found)[:MOST]

    @staticmethod
    def _free(typed: str, model: ImageModel) -> list[Pair]:
        """A size or an aspect that was typed out, and what would come of it."""
        if size := parse_size(typed):
            return [(_by(size), _by(size))] if model.fits(*size) is None else _instead(typed, model.nearest_size(*size))
        if (aspect := parse_aspect(typed)) and typed not in SHAPES:
            return [(f"{typed} ({_by(model.size_for_aspect(*aspect))})"[:NAME_LIMIT], typed[:NAME_LIMIT])]
        return []

    def _today(self) -> date:
        return self.clock().date()


def _instead(typed: str, size: tuple[int, int]) -> list[Pair]:
    return [(f"{_by(size)} (instead of {typed})"[:NAME_LIMIT], _by(size))]


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _united(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(item for some in lists for item in some))


def _matching(typed: str, pairs: Iterable[Pair]) -> list[Pair]:
    """Those that begin with what is typed before those that merely contain it."""
    wanted = typed.strip().lower()
    found = [pair for pair in pairs if wanted in pair[0].lower() or wanted in pair[1].lower()]
    found.sort(key=lambda pair: not (pair[0].lower().startswith(wanted) or pair[1].lower().startswith(wanted)))
    return [(name[:NAME_LIMIT], value[:NAME_LIMIT]) for name, value in found[:MOST]]
