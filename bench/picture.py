"""The pictures that stand for a provider's: one of 1.5 MB at 1024 x 1024, as image models make them, and a tiny one."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

GRAIN = 4.6
"""Of the noise; with it the PNG has the 1.5 MB of a photographic picture of this size."""


def large_png() -> bytes:
    """A soft gradient under film grain."""
    edge = 1024
    slopes = [Image.linear_gradient("L").resize((edge, edge)).rotate(turn) for turn in (0, 90, 180)]
    grains = [Image.effect_noise((edge, edge), GRAIN) for _ in slopes]
    return _png(Image.merge("RGB", [Image.blend(a, b, 0.5) for a, b in zip(slopes, grains, strict=True)]))


def tiny_png() -> bytes:
    return _png(Image.new("RGB", (16, 16), (40, 90, 160)))


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
