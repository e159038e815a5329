"""The provider's bad days: each function gives a fault for `FakeOpenAI.script`."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai.pictures import paint


@dataclass(frozen=True, slots=True)
class Refuse:
    """A status and an error body instead of an answer."""

    status: int
    error: Mapping[str, Any] | str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorInStream:
    """A stream that begins well and ends in an error event."""

    error: Mapping[str, Any]
    after_partials: int = 1


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing more comes, after so many partial pictures; None: not even the headers."""

    after_partials: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection ends, after so many partial pictures; None: before the first byte."""

    after_partials: int | None = None
    reset: bool = False
    """A TCP reset rather than an orderly end."""


@dataclass(frozen=True, slots=True)
class Trickle:
    """The answer comes a few bytes at a time, too slowly for any deadline."""

    chunk: int = 16
    delay: float = 0.01


@dataclass(frozen=True, slots=True)
class Garbage:
    """What stands where the finished picture's Base64 should."""

    b64_json: str


@dataclass(frozen=True, slots=True)
class Page:
    """A web page with status 200, as a proxy in between would send."""

    text: str = "<!doctype html><title>Sign in</title><h1>Please sign in to the network</h1>"


@dataclass(frozen=True, slots=True)
class Unlike:
    """A good answer that is not quite OpenAI's."""

    partials: int | None = None
    plain_json: bool = False
    url: bool = False
    usage: bool = True
    strange_events: bool = False
    lingers: bool = False
    """The connection stays open after the picture, and nothing more comes."""


Fault = Refuse | ErrorInStream | Hang | Cut | Trickle | Garbage | Page | Unlike

_SAFETY = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and"
    " include the request ID req_fake. safety_violations=[{}]."
)


def moderation(*categories: str) -> Refuse:
    return Refuse(400, _moderation_error(categories or ("violence",)))


def moderation_in_stream(*categories: str, after_partials: int = 1) -> ErrorInStream:
    return ErrorInStream(_moderation_error(categories or ("violence",)), after_partials)


def content_policy_violation() -> Refuse:
    words = "Your request was rejected as a result of our safety system."
    return Refuse(400, _error(words, "invalid_request_error", "content_policy_violation"))


def invalid_key(shown: str = "sk-fake1************cdef") -> Refuse:
    words = f"Incorrect API key provided: {shown}. You can find your API key at https://platform.openai.com/account/api-keys."
    return Refuse(401, _error(words, "invalid_request_error", "invalid_api_key"))


def not_permitted() -> Refuse:
    words = "Your organization must be verified to use the model `gpt-image-2`."
    return Refuse(403, _error(words, "invalid_request_error", None))


def insufficient_quota() -> Refuse:
    words = "You exceeded your current quota, please check your plan and billing details."
    return Refuse(429, _error(words, "insufficient_quota", "insufficient_quota"))


def billing_limit() -> Refuse:
    return Refuse(
        400, _error("Billing hard limit has been reached.", "invalid_request_error", "billing_hard_limit_reached")
    )


def rate_limit(headers: Mapping[str, str] | None = None, hint: str = "") -> Refuse:
    words = f"Rate limit reached for gpt-image-2 on images per min: Limit 5, Used 5, Requested 1. {hint}"
    given = {"retry-after": "7"} if headers is None else headers
    return Refuse(429, _error(words, "images", "rate_limit_exceeded"), given)


def server_error() -> Refuse:
    return Refuse(500, _error("The server had an error while processing your request.", "server_error", None))


def overloaded(retry_after: str = "3") -> Refuse:
    return Refuse(503, "upstream connect error or disconnect/reset before headers", {"retry-after": retry_after})


def bad_base64() -> Garbage:
    return Garbage("iVBORw0KGgo*** this is not Base64 ***")


def not_an_image() -> Garbage:
    return Garbage(_b64(b"These bytes are good Base64 and no picture at all. " * 20))


def truncated_png() -> Garbage:
    whole = paint(1024, 1024, "png", "truncated")
    return Garbage(_b64(whole[: len(whole) // 2]))


def bomb() -> Garbage:
    """A PNG of 100 bytes whose header promises 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    return Garbage(_b64(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _moderation_error(categories: tuple[str, ...]) -> dict[str, Any]:
    return _error(_SAFETY.format(", ".join(categories)), "image_generation_user_error", "moderation_blocked")


def _error(message: str, kind: str, code: str | None) -> dict[str, Any]:
    return {"message": message, "type": kind, "param": None, "code": code}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
