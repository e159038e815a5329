"""Raw option values become valid options: each mistake is named, each adaptation noted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.generation import Options
from core.hints import choose, echo, nearest, one_of
from core.image_model import ImageModel
from core.sizes import SHAPES, parse_aspect, parse_size
from core.styles import Style, Styles

MAX_SEED = 2**32 - 1

_WHOLE_NUMBER = re.compile(r"[+]?[0-9]{1,12}")
_QUALITY_ELSEWHERE = {"hd": "high", "high": "hd", "standard": "medium", "medium": "standard", "low": "standard"}
"""What comes nearest among models that name their qualities differently."""
_LARGEST_ASKED = 20_000


@dataclass(slots=True)
class Chooser:
    """Turns the raw values of one request into its options, and remembers what there is to say about them."""

    raw: Mapping[str, str]
    """By the option's full name; what was not given is missing."""
    styles: Styles
    mistakes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def model(self, usable: Sequence[ImageModel]) -> ImageModel:
        """The model asked for, or else the default, which is the first."""
        typed = self.raw.get("model")
        if typed is None or _plain(typed) in {"auto", "default"}:
            return usable[0]
        names = {_plain(name): model for model in usable for name in (model.id, model.title)}
        if found := names.get(_plain(typed)):
            return found
        ids = [model.id for model in usable]
        meant = names.get(nearest(_plain(typed), names) or "")
        hint = f"Did you mean {meant.id}?" if meant and len(ids) > 1 else f"There is {one_of(ids)}."
        self.mistakes.append(f"There is no model {echo(typed)} here. {hint}")
        return usable[0]

    def options(self, model: ImageModel) -> Options:
        width, height = self._size(model)
        style = self._style()
        return Options(
            model=model.id,
            width=width,
            height=height,
            quality=self._quality(model),
            count=self._count(model),
            style=style.id if style else None,
            background=self._background(model),
            seed=self._seed(model),
        )

    def _size(self, model: ImageModel) -> tuple[int, int]:
        asked, aspect = self.raw.get("size"), self.raw.get("aspect")
        if asked and aspect:
            self.mistakes.append("Give either a size or an aspect, not both.")
        typed = (asked or aspect or "auto").lower()
        if typed in {"auto", "default"}:
            return model.default_size
        if asked and (size := parse_size(typed)):
            return self._legal(model, *size)
        if shape := parse_aspect(typed):
            return self._shaped(model, typed, *shape)
        what = "a size" if asked else "an aspect"
        example = "a size such as 1536x1024" if asked else "an aspect such as 16:9"
        hint = f"Did you mean {meant}?" if (meant := nearest(typed, SHAPES)) else f"Try {example}, or {one_of(SHAPES)}."
        self.mistakes.append(f"{echo(typed)} is not {what}. {hint}")
        return model.default_size

    def _legal(self, model: ImageModel, width: int, height: int) -> tuple[int, int]:
        wrong = model.fits(width, height)
        if wrong is None:
            return width, height
        if self._too_long(model, width, height) or max(width, height) > _LARGEST_ASKED:
            self.mistakes.append(f"{wrong} Try {one_of(model.sizes[:3])}.")
            return model.default_size
        nearest_size = model.nearest_size(width, height)
        self.notes.append(f"{wrong} It is made at {nearest_size[0]}x{nearest_size[1]} instead.")
        return nearest_size

    def _shaped(self, model: ImageModel, typed: str, width: float, height: float) -> tuple[int, int]:
        size = model.size_for_aspect(width, height)
        if self._too_long(model, width, height):
            most = model.size_rule.max_ratio
            self.mistakes.append(f"The aspect {echo(typed)} is too long: use one from 1:{most} to {most}:1.")
        elif abs(size[0] * height / (size[1] * width) - 1) > 0.02:
            self.notes.append(f"{model.title} cannot make exactly {typed}; the nearest is {size[0]}x{size[1]}.")
        return size

    @staticmethod
    def _too_long(model: ImageModel, width: float, height: float) -> bool:
        return max(width, height) > model.size_rule.max_ratio * min(width, height)

    def _quality(self, model: ImageModel) -> str:
        typed = self.raw.get("quality", "auto").lower()
        if typed in model.qualities:
            return typed
        if typed in {"auto", "default"}:
            return model.default_quality
        alike = _QUALITY_ELSEWHERE.get(typed)
        if alike in model.qualities:
            self.notes.append(f"{model.title} has no quality {typed}; {alike} is used.")
            return alike
        hint = choose(typed, model.qualities)
        self.mistakes.append(f"{model.title} has no quality {echo(typed)}. {hint}")
        return model.default_quality

    def _count(self, model: ImageModel) -> int:
        count = self._number("count", 1, model.max_count)
        if count is not None:
            return count
        if "count" in self.raw:
            most = f"1 to {model.max_count} pictures" if model.max_count > 1 else "1 picture"
            self.mistakes.append(f"{echo(self.raw['count'])} pictures cannot be made at once: ask for {most}.")
        return 1

    def _seed(self, model: ImageModel) -> int | None:
        seed = self._number("seed", 0, MAX_SEED)
        if seed is None and "seed" in self.raw:
            self.mistakes.append(f"{echo(self.raw['seed'])} is not a seed: use a whole number from 0 to {MAX_SEED}.")
        if seed is not None and not model.seeds:
            self.notes.append(f"{model.title} does not use seeds, so yours is left out.")
            return None
        return seed

    def _number(self, name: str, least: int, most: int) -> int | None:
        typed = self.raw.get(name, "")
        number = int(typed) if _WHOLE_NUMBER.fullmatch(typed) else least - 1
        return number if least <= number <= most else None

    def _style(self) -> Style | None:
        typed = self.raw.get("style")
        if typed is None or _plain(typed) in {"none", "auto", "default"}:
            return None
        if found := self.styles.find(typed):
            return found
        meant = self.styles.nearest(typed)
        hint = f"Did you mean {meant.id}?" if meant else f"Choose {one_of(style.id for style in self.styles.all)}."
        self.mistakes.append(f"There is no style {echo(typed)}. {hint}")
        return None

    def _background(self, model: ImageModel) -> str:
        typed = self.raw.get("background", "auto").lower()
        if typed in model.backgrounds:
            return typed
        if len(model.backgrounds) > 1:
            hint = choose(typed, model.backgrounds)
            self.mistakes.append(f"{model.title} has no background {echo(typed)}. {hint}")
        else:
            self.mistakes.append(f"{model.title} does not let you choose the background. Leave that out.")
        return "auto"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
