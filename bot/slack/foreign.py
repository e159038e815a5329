"""Where Slack's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from core.errors import LimnerError, Outage, Undeliverable


class MessageGone(Undeliverable):
    """The message was deleted, or cannot be edited any more."""


class PlaceRefused(Undeliverable):
    """The bot cannot write in this conversation."""


class TriggerExpired(LimnerError):
    """Slack opens a form only within three seconds of the click."""


class Throttled(Outage):
    """Slack did nothing, and says when it will."""


class FileGone(LimnerError):
    """The uploaded file was deleted."""


class FileNotReady(Outage):
    """Slack is still processing the uploaded file."""


_MESSAGE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_PLACE = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "user_not_in_channel",
        "cannot_reply_to_message",
        "messages_tab_disabled",
        "cannot_dm_bot",
    }
)
_TRIGGER = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
_FILE = frozenset({"file_not_found", "file_deleted", "files_not_found"})
_THROTTLED = frozenset({"ratelimited", "rate_limited"})
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


@contextmanager
def translated() -> Iterator[None]:
    """Raises Outage for what passes and Undeliverable, or something more particular, for what does not."""
    try:
        yield
    except SlackApiError as refusal:
        raise _ours(refusal) from refusal
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as away:
        raise Outage(f"Slack cannot be reached: {type(away).__name__}") from away


def _ours(refusal: SlackApiError) -> LimnerError:
    # Where the body was no JSON, slack_sdk hands over aiohttp's response instead of its own.
    response: Any = refusal.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    body = getattr(response, "data", None)
    code = str(body.get("error") or "") if isinstance(body, dict) else ""
    if status == 429 or code in _THROTTLED:
        return Throttled("Slack is asked too often", retry_after=_retry_after(response))
    if status >= 500 or not code or code in _PASSING:
        return Outage(f"Slack answered {code or status}", retry_after=_retry_after(response))
    if code == "invalid_blocks" and "slack file" in str(body):
        return FileNotReady(retry_after=5.0)
    return _particular(code)


def _particular(code: str) -> LimnerError:
    if code in _MESSAGE:
        return MessageGone(f"Slack answered {code}")
    if code in _PLACE:
        return PlaceRefused(f"Slack answered {code}")
    if code in _TRIGGER:
        return TriggerExpired()
    if code in _FILE:
        return FileGone(f"Slack answered {code}")
    return Undeliverable(f"Slack answered {code}")


def _retry_after(response: Any) -> float | None:
    named = str(response.headers.get("Retry-After", ""))
    return float(named) if named.isdecimal() else None
