"""Picture sizes: how they are typed, and which of them a model that takes free sizes can make."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass

SHAPES = {"square": (1, 1), "landscape": (3, 2), "portrait": (2, 3), "wide": (16, 9), "tall": (9, 16)}
"""Names that people use instead of an aspect."""

_SIZE = re.compile(r"([0-9]{1,5}) ?[x\u00d7*] ?([0-9]{1,5})", re.IGNORECASE)
_ASPECT = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?) ?[:/x\u00d7] ?([0-9]{1,4}(?:\.[0-9]{1,4})?)", re.IGNORECASE)
_NEGLIGIBLE = 0.003


def parse_size(text: str) -> tuple[int, int] | None:
    """`1536x1024`, with any of the usual signs between."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or not int(match[1]) * int(match[2]):
        return None
    return int(match[1]), int(match[2])


def parse_aspect(text: str) -> tuple[float, float] | None:
    """`16:9`, `1.91:1` or a name such as `wide`."""
    typed = text.strip().lower()
    if typed in SHAPES:
        return SHAPES[typed]
    match = _ASPECT.fullmatch(typed)
    if match is None or not float(match[1]) * float(match[2]):
        return None
    return float(match[1]), float(match[2])


def unlike(width: float, height: float, size: tuple[int, int]) -> float:
    """How far a size is from an aspect: 0 is the same shape, and 2:1 is as far from 1:1 as 1:2."""
    return abs(math.log(width / height) - math.log(size[0] / size[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRule:
    """What holds for every size of a model that takes free ones."""

    step: int = 16
    """Both sides are multiples of it."""
    min_pixels: int = 655_360
    max_pixels: int = 3840 * 2160
    max_edge: int = 3840
    max_ratio: int = 3
    """The longer side over the shorter."""

    def wrong(self, width: int, height: int) -> str | None:
        """What is wrong with a size, as the end of a sentence."""
        if max(width, height) > self.max_ratio * min(width, height):
            return f"the longer side may be at most {self.max_ratio} times the shorter"
        if max(width, height) > self.max_edge:
            return f"no side may be longer than {self.max_edge} pixels"
        if width * height > self.max_pixels:
            return f"it has {width * height:,} pixels, and the most is {self.max_pixels:,}"
        if width * height < self.min_pixels:
            return f"it has {width * height:,} pixels, and the fewest is {self.min_pixels:,}"
        if width % self.step or height % self.step:
            return f"both sides must be divisible by {self.step}"
        return None

    def for_aspect(self, width: float, height: float, max_pixels: int) -> tuple[int, int]:
        """The legal size of about `max_pixels` whose shape comes nearest; of shapes as near, the largest."""
        ratio = min(max(width / height, 1 / self.max_ratio), self.max_ratio)
        widest = min(self.max_edge, math.isqrt(max_pixels * self.max_ratio))
        widths = range(self.step, widest + 1, self.step)
        sizes = ((w, self._rounded(w / ratio)) for w in widths)
        legal = [size for size in sizes if size[0] * size[1] <= max_pixels and not self.wrong(*size)]
        return min(legal, key=lambda size: (max(unlike(ratio, 1, size), _NEGLIGIBLE), -size[0] * size[1]))

    def nearest(self, width: int, height: int) -> tuple[int, int]:
        """The legal size that differs least from one that is not."""
        pixels = min(max(width * height, self.min_pixels), self.max_pixels)
        scale = min(math.sqrt(pixels / (width * height)), self.max_edge / max(width, height))
        legal = [
            size
            for size in itertools.product(self._around(width * scale), self._around(height * scale))
            if not self.wrong(*size)
        ]
        if not legal:
            return self.for_aspect(width, height, self.max_pixels)
        return min(legal, key=lambda size: math.dist(size, (width * scale, height * scale)))

    def _rounded(self, side: float) -> int:
        return max(self.step, round(side / self.step) * self.step)

    def _around(self, side: float) -> tuple[int, ...]:
        below = math.floor(side / self.step) * self.step
        return tuple(s for s in (below - self.step, below, below + self.step, below + 2 * self.step) if s > 0)
