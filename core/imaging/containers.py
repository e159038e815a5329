"""PNG, JPEG, WebP and GIF files as bytes: which one it is, how large it says it is, and whether its end is there.

Read without a decoder, because a decoder may already have allocated what a hostile header asked for.
"""

from __future__ import annotations

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers; the three left out are tables and a reserved one (ITU-T T.81, table B.1)."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def sniff(data: bytes) -> str | None:
    """The media type by the first bytes; None for anything that is not one of the four."""
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if data[:6] in {b"GIF87a", b"GIF89a"} else None


def dimensions(data: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height by the header; None where it makes no sense."""
    read = {"image/png": _png_size, "image/jpeg": _jpeg_size, "image/webp": _webp_size, "image/gif": _gif_size}
    try:
        size = read[media_type](data)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def complete(data: bytes, media_type: str) -> bool:
    """Whether the container reaches its own end. JPEG and WebP are left to their decoders, which insist on it."""
    if media_type == "image/png":
        return _png_complete(data)
    return media_type != "image/gif" or data.rstrip(b"\0").endswith(b";")


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _png_complete(data: bytes) -> bool:
    at = len(_PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return at <= len(data)
    return False


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height
