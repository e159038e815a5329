"""Base64 as providers send it and the database keeps it."""

from __future__ import annotations

import binascii

import pybase64

from core.errors import Fault, ProviderError


def encode(data: bytes) -> str:
    """Standard Base64, padded, in one line."""
    return pybase64.b64encode_as_string(data)


def decode(text: str) -> bytes:
    """The bytes. Raises BAD_IMAGE for anything but whole, standard Base64."""
    try:
        return pybase64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError(Fault.BAD_IMAGE, "what came is not valid Base64") from error
