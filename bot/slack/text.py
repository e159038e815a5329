"""What people typed, on its way in and on its way out: data on both, never markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, overrides of the writing direction, and halves of characters, which are no UTF-8."""


def decoded(text: str) -> str:
    """A command's text as it was typed: Slack escapes just these three characters."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def plain(text: str) -> str:
    """A message's text as its reader sees it: links by their words, channels by their names, no mentions of people."""
    return decoded(_MARKUP.sub(_as_read, text)).strip()


def _as_read(found: re.Match[str]) -> str:
    kind, target, label = found.groups()
    if kind == "@":
        return ""
    if kind == "#":
        return f"#{label or target}"
    return label or target.partition("^")[0]


def without_mention(text: str, bot_user: str) -> str:
    """What was said to the bot, less its name."""
    return plain(re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[:,]?", " ", text))


def shown(text: str, limit: int) -> str:
    """For a `plain_text` object, which knows no markup: printable, never empty, cut to `limit` characters."""
    visible = _INVISIBLE.sub("", text).strip()
    return cut(visible, limit) or "…"


def escaped(text: str, limit: int) -> str:
    """For mrkdwn and for a message's `text`: neither mentions nor links come of it. Cut before it is escaped."""
    safe = shown(text, limit)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
