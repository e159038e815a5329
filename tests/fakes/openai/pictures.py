"""Real pictures, each visibly its own, painted quickly enough for hundreds of calls."""

from __future__ import annotations

import colorsys
import hashlib
import random
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter


def paint(
    width: int, height: int, output_format: str, seed: str, *, transparent: bool = False, heavy: bool = False
) -> bytes:
    """A whole PNG, WebP or JPEG of just this size; another seed gives other bytes.

    ``heavy`` adds grain, so that a PNG weighs what a provider's does (about 2 bytes a pixel).
    """
    return _encoded(_scene(width, height, seed, transparent=transparent, heavy=heavy), output_format)


def paint_partial(width: int, height: int, output_format: str, seed: str, index: int) -> bytes:
    """The same scene, the more blurred the earlier it comes."""
    scene = _scene(width, height, seed, transparent=False, heavy=False)
    coarse = scene.reduce(max(2, 64 >> index)).resize((width, height), Image.Resampling.BILINEAR)
    return _encoded(coarse, output_format)


def _scene(width: int, height: int, seed: str, *, transparent: bool, heavy: bool) -> Image.Image:
    dice = random.Random(hashlib.sha256(seed.encode()).digest())
    sky, sun, hill = (_colour(dice) for _ in range(3))
    image = Image.new("RGBA" if transparent else "RGB", (width, height), (0, 0, 0, 0) if transparent else sky)
    pen = ImageDraw.Draw(image)
    radius = min(width, height) * dice.uniform(0.1, 0.25)
    x, y = width * dice.random(), height * dice.uniform(0.1, 0.5)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=sun)
    pen.rectangle((0, height * dice.uniform(0.6, 0.8), width, height), fill=hill)
    return ImageChops.add(image, _grain(width, height).convert(image.mode)) if heavy else image


def _colour(dice: random.Random) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(dice.random(), dice.uniform(0.4, 0.9), dice.uniform(0.4, 0.9))
    return round(red * 255), round(green * 255), round(blue * 255)


@lru_cache(maxsize=4)
def _grain(width: int, height: int) -> Image.Image:
    noise = random.Random(1).randbytes(width * height * 3)
    fine = Image.frombytes("RGB", (width, height), noise).point([value // 20 for value in range(256)] * 3)
    return fine.filter(ImageFilter.SMOOTH)


def _encoded(image: Image.Image, output_format: str) -> bytes:
    out = BytesIO()
    if output_format == "png":
        image.save(out, "PNG", compress_level=1)
    else:
        image.save(out, output_format.upper(), quality=80)
    return out.getvalue()
