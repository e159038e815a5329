"""Pictures to be made, previewed or brought along."""

from __future__ import annotations

import io
import random

from PIL import Image


def png(colour: str = "#35429b", edge: int = 64) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (edge, edge), colour).save(into, "PNG")
    return into.getvalue()


def jpeg(colour: str = "#d9952b", edge: int = 32) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (edge, edge), colour).save(into, "JPEG")
    return into.getvalue()


def noisy_png(edge: int) -> bytes:
    """About three bytes a pixel: noise cannot be packed."""
    into = io.BytesIO()
    noise = random.Random(edge).randbytes(edge * edge * 3)
    Image.frombytes("RGB", (edge, edge), noise).save(into, "PNG", compress_level=0)
    return into.getvalue()
