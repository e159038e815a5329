"""Picture styles that people can name, and the words that each adds to a prompt."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from core.hints import nearest

_AMERICAN = (("colour", "color"), ("grey", "gray"))


@dataclass(frozen=True, slots=True)
class Style:
    """A way of drawing. The id is what is stored; the words are what the provider is sent."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles, in the order in which they are offered."""

    all: tuple[Style, ...]
    _by_name: Mapping[str, Style] = field(repr=False)

    def find(self, text: str) -> Style | None:
        """Whatever the case, the spelling and the dashes: `Oil Painting`, `watercolour`, `pixel_art`."""
        return self._by_name.get(_plain(text))

    def nearest(self, text: str) -> Style | None:
        """The one that was probably meant by a name that `find` does not know."""
        name = nearest(_plain(text), self._by_name)
        return self._by_name[name] if name else None


def load_styles() -> Styles:
    """Reads styles.toml."""
    entries = tomllib.loads(files("core").joinpath("styles.toml").read_text("utf-8"))["style"]
    by_name: dict[str, Style] = {}
    for entry in entries:
        style = Style(entry["id"], entry["title"], entry["words"])
        for name in (style.id, style.title, *entry["aliases"]):
            if by_name.setdefault(_plain(name), style) is not style:
                raise ValueError(f"styles.toml gives the name {name!r} to two styles")
    return Styles(tuple(dict.fromkeys(by_name.values())), by_name)


def _plain(name: str) -> str:
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).lower())
    for british, american in _AMERICAN:
        letters = letters.replace(british, american)
    return letters.removesuffix("style") or letters
