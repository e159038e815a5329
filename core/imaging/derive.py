"""Makes other files of a picture: previews, other formats, smaller ones, side by side ones. None has metadata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps

from core.imaging.containers import sniff
from core.imaging.verify import opened, plain, shrunk

Format = Literal["png", "jpeg", "webp"]

PREVIEW_EDGE = 512
_WHITE = (255, 255, 255)
_GAP = 4
_QUALITIES = (92, 85, 75, 65)
_SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)


def preview(data: bytes) -> bytes:
    """A JPEG of at most 512 px; what was transparent is white. Raises BAD_IMAGE."""
    return _encoded(shrunk(_upright(data), PREVIEW_EDGE), "jpeg", 80)


def convert(data: bytes, target: Format, quality: int) -> bytes:
    """The picture in another format, upright, white where JPEG cannot be transparent; in its own, the very bytes."""
    if sniff(data) == f"image/{target}":
        return data
    return _encoded(_upright(data), target, quality)


def fit(data: bytes, limit_bytes: int, quality: int, *, jpeg_only: bool = False) -> tuple[bytes, str] | None:
    """The largest version under an upload limit, with its media type; None if there is none.

    The very bytes where they fit. `jpeg_only` is for places that do not show WebP.
    """
    media_type = sniff(data) or ""
    if len(data) <= limit_bytes and not (jpeg_only and media_type == "image/webp"):
        return data, media_type
    target: Format = "jpeg" if jpeg_only else "webp"
    image = _upright(data)
    for size, step in _steps(image.size, quality):
        smaller = image if size == image.size else image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        encoded = _encoded(smaller, target, step)
        if len(encoded) <= limit_bytes:
            return encoded, f"image/{target}"
    return None


def contact_sheet(pictures: Sequence[bytes | None]) -> bytes:
    """A JPEG preview of up to four pictures in their places; None leaves its place empty. Raises BAD_IMAGE."""
    if len(pictures) == 1 and pictures[0] is not None:
        return preview(pictures[0])
    cell = (PREVIEW_EDGE - _GAP) // 2
    tiles = [None if data is None else _on_white(shrunk(_upright(data), cell)) for data in pictures[:4]]
    width = max((tile.width for tile in tiles if tile), default=cell)
    height = max((tile.height for tile in tiles if tile), default=cell)
    rows = (len(tiles) + 1) // 2
    sheet = Image.new("RGB", (2 * width + _GAP, rows * height + (rows - 1) * _GAP), _WHITE)
    for place, tile in enumerate(tiles):
        if tile is not None:
            sheet.paste(tile, (place % 2 * (width + _GAP), place // 2 * (height + _GAP)))
    return _encoded(sheet, "jpeg", 80)


def _steps(size: tuple[int, int], quality: int) -> Iterator[tuple[tuple[int, int], int]]:
    """First less quality, then fewer pixels, then both."""
    qualities = (quality, *(step for step in _QUALITIES if step < quality))
    for scale in _SCALES:
        width, height = (max(1, round(side * scale)) for side in size)
        for step in qualities:
            yield (width, height), step


def _upright(data: bytes) -> Image.Image:
    _, image = opened(data)
    return plain(ImageOps.exif_transpose(image))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encoded(image: Image.Image, target: Format, quality: int) -> bytes:
    out = BytesIO()
    match target:
        case "png":
            image.save(out, "PNG", compress_level=4)
        case "jpeg":
            _on_white(image).save(out, "JPEG", quality=quality, optimize=True)
        case "webp":
            image.save(out, "WEBP", quality=quality, method=2)
    return out.getvalue()
