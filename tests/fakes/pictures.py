"""Real pictures to be made, previewed or brought along."""

from __future__ import annotations

import io
import random

from PIL import Image


def drawn(kind: str = "PNG", colour: str = "teal", size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture of one colour."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, kind)
    return into.getvalue()


def noisy(edge: int) -> bytes:
    """A square PNG of about three bytes a pixel: noise cannot be packed."""
    into = io.BytesIO()
    noise = random.Random(edge).randbytes(edge * edge * 3)
    Image.frombytes("RGB", (edge, edge), noise).save(into, "PNG", compress_level=0)
    return into.getvalue()
