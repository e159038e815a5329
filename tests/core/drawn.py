"""Small pictures of every kind, drawn for the tests."""

from __future__ import annotations

import random
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops

KINDS = ("png", "jpeg", "webp", "gif")
RED, BLUE = (220, 30, 30), (30, 30, 220)


@lru_cache(maxsize=64)
def picture(kind: str, width: int = 300, height: int = 200, mode: str = "RGB", grain: int = 0) -> bytes:
    """Red on the left, blue on the right; `grain` makes it heavy."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    if grain:
        noise = Image.frombytes("RGB", (width, height), random.Random(grain).randbytes(width * height * 3))
        image = ImageChops.add(image, noise.point([value * grain // 256 for value in range(256)] * 3))
    return saved(image.convert(mode), kind)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind.upper(), **options)
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image
