"""One image model: the sizes it makes and the money it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.generation import Options
from core.hints import one_of
from core.sizes import SizeRule, parse_size, unlike

_MILLION = 1_000_000
_GROWTH = 0.55
"""Output tokens grow with the pixels to this power: gpt-image-2.6 takes 1,353 for 1536x1024 and 3,337 for 3840x2160."""
_USUAL_PIXELS = 1536 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Millionths of a US dollar: per million tokens, or per picture where a server does not count tokens."""

    text_in: int = 0
    image_in: int = 0
    out: int = 0
    tokens: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    """Output tokens of one picture, by quality and then by size, longer side first."""
    partial_tokens: int = 0
    reference_tokens: int = 0
    """Input tokens of one picture to work from, at most."""
    per_image: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    """The price of one picture, by quality and then by size, longer side first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageModel:
    """What a model can do. `sizes[0]` is its default size."""

    id: str
    title: str
    provider: str
    """`openai` or `demo`."""
    shape: str
    """How it is asked: `gpt-image`, `dall-e-3` or `demo`."""
    sizes: tuple[str, ...]
    """The sizes to offer; all that there are, unless `free_size`."""
    free_size: bool
    """Takes any size that keeps `size_rule`."""
    size_rule: SizeRule
    qualities: tuple[str, ...]
    default_quality: str
    backgrounds: tuple[str, ...]
    max_prompt: int
    """Characters."""
    max_count: int
    partial_images: int
    """How many previews to ask for, 0 to 3."""
    timeout_seconds: float
    seeds: bool
    edits: bool
    max_references: int
    shutdown: date | None = None
    """From this day on OpenAI serves it no more."""
    own_server: bool = False
    """Only servers of the operator's own have it."""
    prices: Prices = Prices()

    def retired(self, today: date) -> bool:
        return self.shutdown is not None and self.shutdown <= today

    # ------------------------------------------------------------ sizes

    def fits(self, width: int, height: int) -> str | None:
        """A sentence naming what is wrong with a size; None for one that the model makes."""
        if f"{width}x{height}" in self.sizes:
            return None
        wrong = self.size_rule.wrong(width, height) if self.free_size else f"it makes {one_of(self.sizes)}"
        return wrong and f"{self.title} cannot make {width}x{height}: {wrong}."

    def size_for_aspect(self, width: float, height: float) -> tuple[int, int]:
        """The size to use for an aspect, such as 16, 9: an offered one if its shape is right, else the nearest."""
        best = min(self._offered(), key=lambda size: unlike(width, height, size))
        if not self.free_size or unlike(width, height, best) < 1e-6:
            return best
        return self.size_rule.for_aspect(width, height, _USUAL_PIXELS)

    def nearest_size(self, width: int, height: int) -> tuple[int, int]:
        """The size to use instead of one that does not fit."""
        if self.free_size:
            return self.size_rule.nearest(width, height)
        return self.size_for_aspect(width, height)

    @property
    def default_size(self) -> tuple[int, int]:
        return self._offered()[0]

    def _offered(self) -> list[tuple[int, int]]:
        return [size for size in map(parse_size, self.sizes) if size]

    # ------------------------------------------------------------ money

    def estimate_micro(self, options: Options, prompt: str, references: int = 0) -> int:
        """What a request should cost, with all its previews and the pictures that it works from.

        For a model without prices, nothing.
        """
        if self.prices.per_image:
            return options.count * round(_look_up(self.prices.per_image, options, growth=1))
        out = self.output_tokens(options) + self.partial_images * self.prices.partial_tokens
        # English takes about four characters a token; other scripts take about four bytes of UTF-8.
        text_in = math.ceil(len(prompt.encode(errors="replace")) / 4)
        # Each picture is a call of its own, and takes along everything that was brought.
        image_in = references * self.prices.reference_tokens
        return self.cost_micro(
            text_in=text_in * options.count, image_in=image_in * options.count, out=out * options.count
        )

    @property
    def dearest_micro(self) -> int:
        """The most that one request can be estimated to cost."""
        largest = (self.size_rule.for_aspect(*aspect, self.size_rule.max_pixels) for aspect in ((16, 9), (1, 1)))
        sizes = [*self._offered(), *largest]
        made = [
            Options(model=self.id, width=width, height=height, quality=quality, count=self.max_count)
            for width, height in sizes
            for quality in self.qualities
        ]
        longest = "\U0001f5bc" * self.max_prompt
        return max((self.estimate_micro(options, longest, self.max_references) for options in made), default=0)

    def output_tokens(self, options: Options) -> int:
        """Expected for one picture. A size that nobody measured is extrapolated from the nearest one by `_GROWTH`."""
        if not self.prices.tokens:
            return 0
        return math.ceil(_look_up(self.prices.tokens, options, growth=_GROWTH))

    def cost_micro(self, *, text_in: int, image_in: int, out: int) -> int:
        """What counted tokens cost, rounded up to a millionth. Where a server counts none, the estimate stands."""
        prices = self.prices
        total = text_in * prices.text_in + image_in * prices.image_in + out * prices.out
        return -(-total // _MILLION)


def _look_up(table: Mapping[str, Mapping[str, int]], options: Options, growth: float) -> float:
    """The figure for these options, scaled by pixels from the measured size nearest in shape, then in pixels."""
    # A quality without figures counts as the dearest, so that an estimate errs on the safe side.
    by_size = table.get(options.quality) or max(table.values(), key=lambda sizes: max(sizes.values()))
    long, short = max(options.width, options.height), min(options.width, options.height)
    pixels = long * short

    def distance(size: tuple[int, int]) -> tuple[bool, float]:
        return (size[0] == size[1]) != (long == short), abs(math.log(size[0] * size[1] / pixels))

    measured = {size: figure for name, figure in by_size.items() if (size := parse_size(name))}
    nearest = min(measured, key=distance)
    return float(measured[nearest] * (pixels / (nearest[0] * nearest[1])) ** growth)
