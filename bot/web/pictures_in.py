"""Pictures that come with a request, as Base64 or data: URLs."""

from __future__ import annotations

import binascii
from collections.abc import Sequence

import pybase64

from core.generation import Reference

MEGABYTE = 1024 * 1024


def read_pictures(texts: Sequence[object], max_bytes: int, mistakes: list[str]) -> tuple[Reference, ...]:
    """Those that can be used; what is wrong with the others goes to `mistakes`."""
    found = []
    for number, text in enumerate(texts, start=1):
        try:
            found.append(_read(text, max_bytes))
        except ValueError as wrong:
            mistakes.append(f"reference_images: picture {number} {wrong}.")
    return tuple(found)


def _read(text: object, max_bytes: int) -> Reference:
    if not isinstance(text, str):
        raise ValueError("must be text: Base64 or a data URL")  # noqa: TRY004  a mistake of the caller, listed with the others
    head, comma, tail = text.partition(",") if text.startswith("data:") else ("", "", text)
    if head and not (comma and head.endswith(";base64")):
        raise ValueError("is a data URL without Base64")
    try:
        data = pybase64.b64decode("".join(tail.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("is not valid Base64") from error
    if len(data) > max_bytes:
        raise ValueError(f"is larger than {max_bytes / MEGABYTE:.0f} MB")
    return Reference(data, _media_type(data))


def _media_type(data: bytes) -> str:
    """From the bytes themselves: what a sender claims about them counts for nothing."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise ValueError("is not a PNG, JPEG or WebP")
