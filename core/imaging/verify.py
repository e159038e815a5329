"""Proves that bytes are a whole, real picture of bearable size, and makes its thumbnail from the same decoding."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

# Named one by one: otherwise Pillow, at the first WebP, loads all its forty parsers.
from PIL import GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from core.errors import Fault, ProviderError
from core.imaging.containers import complete, dimensions, sniff

MAX_PIXELS = 40_000_000
"""About 160 MB decoded; five times the largest picture that a provider makes."""
THUMBNAIL_EDGE = 256
_FORMATS = {
    "image/png": PngImagePlugin.PngImageFile.format,
    "image/jpeg": JpegImagePlugin.JpegImageFile.format,
    "image/webp": WebPImagePlugin.WebPImageFile.format,
    "image/gif": GifImagePlugin.GifImageFile.format,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture is. Width and height are as stored, before any EXIF orientation."""

    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that was decoded to its last pixel, and its WebP thumbnail of at most 256 px."""

    facts: Facts
    thumbnail: bytes = field(repr=False)


def inspect(data: bytes, *, max_bytes: int) -> Facts:
    """Decodes the picture. Raises BAD_IMAGE unless it is a whole PNG, JPEG, WebP or GIF within the limits."""
    facts, _ = opened(data, max_bytes=max_bytes)
    return facts


def check(data: bytes, *, max_bytes: int) -> Checked:
    """`inspect` and the thumbnail, for the price of one decoding."""
    facts, image = opened(data, max_bytes=max_bytes)
    out = BytesIO()
    # Method 2 is where WebP's size stops falling faster than its time grows.
    shrunk(plain(image), THUMBNAIL_EDGE).save(out, "WEBP", quality=80, method=2)
    return Checked(facts, out.getvalue())


def opened(data: bytes, *, max_bytes: int | None = None) -> tuple[Facts, Image.Image]:
    """The decoded picture. Raises BAD_IMAGE; nothing is decoded before the header was believed."""
    facts = _promised(data, max_bytes)
    try:
        image = Image.open(BytesIO(data), formats=[_FORMATS[facts.media_type]])
        honest = image.size == (facts.width, facts.height)
        if honest:
            image.load()
    except Exception as error:  # noqa: BLE001 - whatever a decoder makes of hostile bytes means "no picture"
        raise _bad(f"it cannot be decoded ({type(error).__name__})") from None
    if not honest:
        raise _bad("it has two headers that contradict each other")
    return facts, image


def plain(image: Image.Image) -> Image.Image:
    """The same picture as RGB, or RGBA where something shows through, without a word of metadata."""
    if image.mode.startswith("I"):  # 16 bits of grey; Pillow's own conversion would clip them
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clear = image.mode if image.mode in {"RGB", "RGBA"} else "RGBA" if image.has_transparency_data else "RGB"
    image = image.convert(clear) if image.mode != clear or image.info else image
    image.info = {}
    return image


def shrunk(image: Image.Image, edge: int) -> Image.Image:
    """At most `edge` pixels on the longer side: averaged by whole steps, which is nearly free, then resampled."""
    longest = max(image.size)
    if longest <= edge:
        return image
    image = image.reduce(max(1, longest // edge))
    scale = edge / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC)


def _promised(data: bytes, max_bytes: int | None) -> Facts:
    if max_bytes is not None and len(data) > max_bytes:
        raise _bad(f"its {len(data):,} bytes are over the limit of {max_bytes:,}")
    media_type = sniff(data)
    if media_type is None:
        raise _bad("it is neither PNG, JPEG, WebP nor GIF")
    size = dimensions(data, media_type)
    if size is None:
        raise _bad("its header makes no sense")
    if size[0] * size[1] > MAX_PIXELS:
        raise _bad(f"its header promises {size[0]} x {size[1]} pixels, more than anyone could want")
    if not complete(data, media_type):
        raise _bad("its end is missing")
    return Facts(media_type, *size)


def _bad(why: str) -> ProviderError:
    return ProviderError(Fault.BAD_IMAGE, why)
