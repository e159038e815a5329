"""Reads a prompt into a scene: what is to be painted, where, at what hour and in which light."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from core.providers.demo import words
from core.providers.demo.palette import Colour, Palette, palette_for
from core.providers.demo.stock import STOCK

MAX_WORDS = 200
MAX_SUBJECTS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One subject of the scene, `count` times, in the colour that the prompt gave it."""

    name: str
    count: int = 1
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What to paint. `horizon` and `focus` are shares of the height and the width; `key` seeds the brush."""

    key: str
    hour: str
    weather: str
    ground: str
    backdrop: str
    sky: frozenset[str]
    figures: tuple[Figure, ...]
    traits: frozenset[str]
    palette: Palette
    colours: tuple[Colour, ...]
    style: str | None
    horizon: float
    focus: float
    mirror: bool

    def dice(self, purpose: str) -> Random:
        """Randomness of its own for each part of the work, the same on every machine."""
        return dice(self.key, purpose)

    @property
    def has_sky(self) -> bool:
        return self.ground not in {"room", "studio", "table", "deep", "space"}


def dice(*parts: object) -> Random:
    text = "\x1f".join(str(part) for part in parts)
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()
    return Random(int.from_bytes(digest, "big"))


def style_named(text: str | None) -> str | None:
    """The style that a word or a phrase stands for, if it is known."""
    found = _look_up(_words(text or ""), words.STYLES)
    return found[0][1] if found else None


def compose(prompt: str, *, style: str | None = None, seed: int | None = None, variation: int = 0) -> Scene:
    """Any text makes a scene; what it doesn't say is chosen by its hash."""
    key = "\x1f".join((prompt, str(style), str(seed), str(variation)))
    chance = dice(key, "scene")
    tokens = _words(prompt)
    figures, bound = _figures(tokens)
    loose = tuple(words.COLOURS[w] for i, w in enumerate(tokens) if w in words.COLOURS and i not in bound)
    hour = _first(tokens, words.HOURS) or _hour_by_chance(chance)
    weather = _first(tokens, words.WEATHERS) or chance.choice(
        ["clear", "clear", "clear", "clear", "cloudy", "cloudy", "fog"]
    )
    ground, backdrop = _place(tokens, figures, chance)
    chosen = style_named(style) or style_named(prompt)
    return Scene(
        key=key,
        hour=hour,
        weather=weather,
        ground=ground,
        backdrop=backdrop,
        sky=_sky(tokens, hour, weather),
        figures=figures,
        traits=frozenset(name for _, name, _ in _look_up(tokens, words.TRAITS)),
        palette=palette_for(hour, weather, loose, dice(key, "palette"), _lamp(ground)),
        colours=loose,
        style=chosen,
        horizon=_horizon(ground, chance),
        focus=chance.choice([0.34, 0.4, 0.6, 0.66]) + chance.uniform(-0.03, 0.03),
        mirror=chance.random() < 0.5,
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:8000]).casefold()
    return "".join(c if c.isalnum() else " " for c in plain).split()[:MAX_WORDS]


def _singular(word: str) -> str:
    if word in words.IRREGULAR:
        return words.IRREGULAR[word]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _look_up(tokens: list[str], table: Mapping[str, str]) -> list[tuple[int, str, int]]:
    """Every (position, meaning, words used) in reading order; the longest phrase wins."""
    found: list[tuple[int, str, int]] = []
    i = 0
    while i < len(tokens):
        for length in (4, 3, 2, 1):
            phrase = tokens[i : i + length]
            whole = " ".join(phrase)
            single = " ".join([*phrase[:-1], _singular(phrase[-1])])
            meaning = table.get(whole) or table.get(single)
            if meaning and len(phrase) == length:
                found.append((i, meaning, length))
                i += length - 1
                break
        i += 1
    return found


def _first(tokens: list[str], table: Mapping[str, str]) -> str | None:
    found = _look_up(tokens, table)
    return found[0][1] if found else None


def _figures(tokens: list[str]) -> tuple[tuple[Figure, ...], set[int]]:
    """The subjects in reading order, and the places of the colour words that belong to them."""
    figures: dict[str, Figure] = {}
    bound: set[int] = set()
    free = 0  # where the words that may belong to the next subject begin
    for place, name, length in _look_up(tokens, words.SUBJECTS):
        before = [i for i in range(max(free, place - 2), place) if tokens[i] in words.COLOURS]
        colour = words.COLOURS[tokens[before[-1]]] if before else None
        bound.update(before[-1:])
        numbers = [words.NUMBERS[w] for w in tokens[max(free, place - 3) : place] if w in words.NUMBERS]
        plural = tokens[place + length - 1] != _singular(tokens[place + length - 1])
        count = max(numbers, default=1)
        crowd = 3 if plural and count == 1 and STOCK[name].place != "table" else count
        figures.setdefault(name, Figure(name, crowd, colour))
        free = place + length
    hair = [i for i, pair in enumerate(pairwise(tokens)) if pair[0] in words.COLOURS and pair[1] == "hair"]
    if hair and "portrait" in figures:
        figures["portrait"] = Figure("portrait", 1, words.COLOURS[tokens[hair[0]]])
        bound.add(hair[0])
    return _arranged(list(figures.values())), bound


def _arranged(figures: list[Figure]) -> tuple[Figure, ...]:
    """Props that somebody holds, and fillers beside a real subject, are not figures of their own."""
    names = {figure.name for figure in figures}
    if names & {"robot", "person", "cat", "astronaut"}:
        figures = [figure for figure in figures if figure.name != "books"]
    if "vase" in names:
        figures = [figure for figure in figures if figure.name != "flower"]
    if "portrait" in names:
        figures = [figure for figure in figures if figure.name == "portrait"]
    return tuple(figures[:MAX_SUBJECTS])


def _lamp(ground: str) -> str:
    """The light of a place that the hour outside doesn't rule."""
    return {"room": "lamp", "table": "lamp", "studio": "lamp", "deep": "water", "space": "star"}.get(ground, "")


def _hour_by_chance(chance: Random) -> str:
    return chance.choice(["dawn", "dawn", "day", "day", "sunset", "sunset", "dusk", "night"])


def _place(tokens: list[str], figures: tuple[Figure, ...], chance: Random) -> tuple[str, str]:
    ground, backdrop = _first(tokens, words.GROUNDS), _first(tokens, words.BACKDROPS)
    home = STOCK[figures[0].name] if figures else None
    if backdrop == "skyline" and ground is None:
        ground = "sea" if home is None or home.place in {"water", "air", "span"} else "road"
    if ground is None and home is not None:
        ground = home.ground
    if ground is None:
        choices = {"mountains": ["sea", "meadow"], "forest": ["meadow", "meadow", "sea"]}
        ground = chance.choice(choices.get(backdrop or "", ["sea", "sea", "meadow", "meadow"]))
    if ground == "meadow" and "desert" in (home.ground if home else ""):
        ground = "desert"
    if any(STOCK[figure.name].place in {"water", "span"} for figure in figures) and ground != "deep":
        ground = "sea"
    default = {
        "sea": ["none", "mountains", "hills"],
        "desert": ["dunes"],
        "road": ["skyline"],
        "snow": ["mountains", "forest"],
    }
    return ground, backdrop or chance.choice(default.get(ground, ["mountains", "hills", "forest"]))


def _sky(tokens: list[str], hour: str, weather: str) -> frozenset[str]:
    features = {name for _, name, _ in _look_up(tokens, words.SKY)}
    if "aurora" in features or (hour == "night" and weather in {"clear", "cloudy", "snow"}):
        features.add("stars")
    if weather in {"clear", "cloudy", "fog", "snow"} and not features & {"aurora", "moon"}:
        features.add("moon" if hour == "night" else "sun")
    if weather in {"storm", "rain", "cloudy", "clear", "snow"}:
        features.add("clouds")
    return frozenset(features)


def _horizon(ground: str, chance: Random) -> float:
    if ground in {"room", "table"}:
        return chance.uniform(0.68, 0.74)
    return chance.uniform(0.56, 0.68)
