"""Soft random fields and gradients: the raw material of clouds, rock, paper and light."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops

from core.providers.demo.palette import Colour

Size = tuple[int, int]


def curve(change: Callable[[float], float]) -> list[int]:
    """A lookup table for `Image.point`, made from a function of 0..1 to 0..1."""
    return [round(255 * min(1.0, max(0.0, change(i / 255)))) for i in range(256)]


def above(level: float, gain: float) -> list[int]:
    """A table that is 0 up to a level (0..1) and rises from there."""
    return curve(lambda v: (v - level) * gain)


def below(level: float, gain: float) -> list[int]:
    """A table that falls to 0 at a level (0..1) and stays there."""
    return curve(lambda v: (level - v) * gain)


def fractal(size: Size, rng: Random, cell: float, *, stretch: float = 1.0, octaves: int = 4) -> Image.Image:
    """Cloud-like noise, mode L, mean about 128; `cell` is the largest feature in pixels."""
    # Made at half size: the finest octave is still soft, and it costs a quarter.
    width, height = max(1, size[0] // 2), max(1, size[1] // 2)
    field = Image.new("L", (width, height), 128)
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        step = max(1.0, cell / 2 / 2**octave)
        grid = (max(2, round(width / (step * stretch))) + 1, max(2, round(height / step)) + 1)
        layer = Image.frombytes("L", grid, rng.randbytes(grid[0] * grid[1]))
        total += weight
        field = Image.blend(field, layer.resize((width, height), Image.Resampling.BICUBIC), weight / total)
        weight *= 0.56
    return field.resize(size, Image.Resampling.BICUBIC)


def grain(size: Size, rng: Random, strength: float) -> Image.Image:
    """Fine noise around mid grey, `strength` in levels of 255."""
    k = strength / 128
    noise = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    return noise.point([round(128 + (i - 127.5) * k) for i in range(256)])


def gradient(size: Size, stops: Sequence[Colour]) -> Image.Image:
    """A smooth vertical gradient through all stops, mode RGB."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    # Bicubic over a few pixels alone has flat ends: the strip is enlarged twice.
    column = strip.resize((1, 64), Image.Resampling.BICUBIC)
    return column.resize((1, size[1]), Image.Resampling.BICUBIC).resize(size)


def ramp(size: Size, start: int = 0, end: int = 255) -> Image.Image:
    """A straight vertical ramp, mode L, from `start` at the top to `end` at the bottom."""
    table = [round(start + (end - start) * i / 255) for i in range(256)]
    return _ramp().point(table).resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=1)
def _ramp() -> Image.Image:
    return Image.linear_gradient("L")


@lru_cache(maxsize=16)
def _falloff(power: float) -> Image.Image:
    # Pillow's gradient reaches 255 in the corners: the inscribed circle ends at 1 / sqrt(2) of it.
    return Image.radial_gradient("L").point(curve(lambda d: max(0.0, 1 - d * 1.43) ** (power * 0.8)))


def halo(size: Size, power: float = 2.0) -> Image.Image:
    """A round light, mode L: 255 in the middle, 0 at the rim, steeper with `power`."""
    return _falloff(power).resize(size, Image.Resampling.BILINEAR)


def relief(field: Image.Image, dx: int, dy: int, contrast: float = 2.0) -> Image.Image:
    """Light on a height field from one side: mode L around mid grey."""
    moved = beside(field, dx, dy)
    return ImageChops.subtract(field, moved, 1.0 / contrast, 128)


def beside(field: Image.Image, dx: int, dy: int) -> Image.Image:
    """The field moved by whole pixels; where nothing comes in, it stays as it was."""
    moved = field.copy()
    moved.paste(field, (dx, dy))
    return moved


def shifted(mask: Image.Image, dx: int, dy: int) -> Image.Image:
    """The mask moved by whole pixels; what comes in from outside is empty."""
    return mask.crop((-dx, -dy, mask.width - dx, mask.height - dy))


def faded(mask: Image.Image, k: float) -> Image.Image:
    return mask if k >= 1 else mask.point([round(i * k) for i in range(256)])
