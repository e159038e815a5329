"""Where every foreign error ends: the client's, the transport's and those told in the stream become ProviderError."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

from core.errors import Fault, ProviderError

_MODERATED = {"moderation_blocked", "content_policy_violation", "image_content_policy_violation"}
_BILLING = {"billing_hard_limit_reached", "billing_not_active"}
_CATEGORIES = re.compile(r"safety_violations=\[([^\]]*)\]")
_WAIT_HINT = re.compile(r"try again in (\d+(?:\.\d+)?)\s*(ms|s|m)\b", re.IGNORECASE)
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_KEY_LIKE = re.compile(r"\bsk-[\w*.…-]{4,}")
_DETAIL_LIMIT = 300

# Raised before a byte of the request was sent, so nothing can have been made or charged.
_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a server said about an error; `status` is None within a stream."""

    status: int | None
    code: str = ""
    type: str = ""
    param: str = ""
    message: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def translate(error: Exception, secret: str = "") -> ProviderError:
    """Any exception of a call as a ProviderError; `secret` is blotted out of what it says."""
    match error:
        case ProviderError():
            return error
        case openai.APIStatusError():
            said = error.body if isinstance(error.body, str) and error.body else str(error)
            told = _told(error.body, error.status_code, error.response.headers, said)
            return _refusal(told, secret)
        case openai.APIConnectionError():
            return _transport(error.__cause__)
        case TimeoutError():
            return ProviderError(Fault.TIMEOUT, "no picture within the time allowed")
        case UnicodeEncodeError():
            return ProviderError(Fault.INVALID_KEY, "the key contains characters that no key has")
        case httpx2.HTTPError() | OSError():
            return _transport(error)
        case openai.OpenAIError():
            return ProviderError(Fault.SERVER_ERROR, f"the answer made no sense ({type(error).__name__})")
    return ProviderError(Fault.INTERNAL, type(error).__name__)


def told_in_stream(body: object, secret: str = "") -> ProviderError:
    """An error object that came with status 200, as an event or in the body."""
    return _refusal(_told(body, None, {}, str(body)), secret)


def _told(body: object, status: int | None, headers: Mapping[str, str], fallback: str) -> _Told:
    fields = body if isinstance(body, dict) else {}
    code, kind, param, message = (str(fields.get(name) or "") for name in ("code", "type", "param", "message"))
    return _Told(status, code, kind, param, message or fallback, fields, headers)


def _refusal(told: _Told, secret: str) -> ProviderError:
    fault = _fault(told)
    if fault is Fault.MODERATED:
        return ProviderError(fault, ", ".join(_categories(told)))
    if fault is Fault.INVALID_KEY and told.status != 403:
        # The sentence of a 401 quotes a part of the key; that of a 403 says what the key lacks.
        return ProviderError(fault, " ".join(part for part in (f"HTTP {told.status}", told.code) if part))
    return ProviderError(fault, _clean(told, secret), _retry_after(told))


def _fault(told: _Told) -> Fault:
    named = {told.code, told.type}
    if named & _MODERATED or told.type == "image_generation_user_error":
        return Fault.MODERATED
    if "insufficient_quota" in named or told.status == 402:
        return Fault.QUOTA
    if named & _BILLING:
        return Fault.BILLING_LIMIT
    if told.code == "invalid_api_key":
        return Fault.INVALID_KEY
    if "rate_limit_exceeded" in named:
        return Fault.RATE_LIMITED
    if told.code == "model_not_found" or (told.param == "model" and told.status in {None, 400, 404}):
        return Fault.UNKNOWN_MODEL
    return _fault_by_status(told)


def _fault_by_status(told: _Told) -> Fault:
    match told.status:
        case 401 | 403:
            return Fault.INVALID_KEY
        case 404 if "model" in told.message.lower():
            return Fault.UNKNOWN_MODEL
        case 408:
            return Fault.TIMEOUT
        case 429:
            return Fault.RATE_LIMITED
        case None:
            return Fault.REJECTED if told.type == "invalid_request_error" else Fault.SERVER_ERROR
        case status if status >= 500:
            return Fault.SERVER_ERROR
    return Fault.REJECTED


def _categories(told: _Told) -> Iterable[str]:
    """The reasons that the provider named, in its order, each once."""
    details = told.body.get("moderation_details")
    listed = details.get("categories") if isinstance(details, dict) else None
    match = _CATEGORIES.search(told.message)
    written = match[1].split(",") if match else []
    names = [str(name).strip(" '\"") for name in [*written, *(listed if isinstance(listed, list) else [])]]
    return dict.fromkeys(name for name in names if name)


def _clean(told: _Told, secret: str) -> str:
    words = told.message.replace(secret, "…") if secret else told.message
    words = " ".join(_KEY_LIKE.sub("sk-…", words).split())
    status = f"HTTP {told.status}" if told.status else "in the stream"
    return f"{status}: {words[:_DETAIL_LIMIT]}"


def _retry_after(told: _Told) -> float | None:
    """Seconds, from the headers or else from the sentence. Never negative."""
    milliseconds = _number(told.headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    given = told.headers.get("retry-after")
    seconds = _number(given)
    if seconds is None and given:
        seconds = _until(given)
    if seconds is None and (hint := _WAIT_HINT.search(told.message)):
        seconds = float(hint[1]) * _UNIT_SECONDS[hint[2].lower()]
    return None if seconds is None else max(0.0, seconds)


def _number(text: str | None) -> float | None:
    # Not float() alone, which would take "nan" and "inf" at their word.
    return float(text) if text and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", text) else None


def _until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _transport(cause: BaseException | None) -> ProviderError:
    # The class alone: the message of an illegal header would quote the key.
    name = type(cause).__name__
    if isinstance(cause, _NEVER_SENT):
        return ProviderError(Fault.UNREACHABLE, f"no connection ({name})")
    if isinstance(cause, httpx2.TimeoutException):
        return ProviderError(Fault.TIMEOUT, "the server fell silent")
    return ProviderError(Fault.CUT_OFF, f"the connection ended before the picture was whole ({name})")
