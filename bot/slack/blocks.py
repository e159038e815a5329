"""Block Kit's pieces as this bot uses them, each within Slack's limits whatever it is given."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.slack.text import cut, escaped, shown

Json = dict[str, Any]

HEADER, SECTION, CONTEXT, BUTTON, VALUE, ALT = 150, 3000, 1000, 75, 2000, 2000
CONTEXT_ELEMENTS, ACTIONS, BLOCKS, FALLBACK = 10, 25, 50, 300


@dataclass(frozen=True, slots=True)
class Message:
    """What a message shows. `text` is read out, and stands in notifications; it is escaped here."""

    text: str
    blocks: Sequence[Json] = field(default_factory=tuple)
    private: bool = False
    """For the one who acted alone, wherever that can be."""

    def payload(self) -> Json:
        """Arguments for a posting method. Block ids are new each time: Slack's clients keep the old look otherwise."""
        stamp = secrets.token_hex(4)
        named = [{**block, "block_id": f"limner-{stamp}-{index}"} for index, block in enumerate(self.blocks[:BLOCKS])]
        return {"text": escaped(self.text, FALLBACK), **({"blocks": named} if named else {})}


def words(text: str, limit: int) -> Json:
    """A text in which nothing is markup, not even an emoji's name."""
    return {"type": "plain_text", "text": shown(text, limit), "emoji": False}


def header(text: str) -> Json:
    return {"type": "header", "text": words(text, HEADER)}


def section(text: str, limit: int = SECTION) -> Json:
    return {"type": "section", "text": words(text, min(limit, SECTION))}


def context(lines: Iterable[str], asker: str = "") -> list[Json]:
    """Small print, a line each; nothing where there is nothing to say. `asker` is the id of a Slack user."""
    elements = [words(line, CONTEXT) for line in lines if line.strip()]
    if asker:
        elements.append({"type": "mrkdwn", "text": f"Asked by <@{asker}>", "verbatim": True})
    return [{"type": "context", "elements": elements[-CONTEXT_ELEMENTS:]}] if elements else []


def moment(before: str, at: datetime, clock: str = "{date_short_pretty} at {time}") -> Json:
    """Small print with a time that each reader sees in their own zone. Both texts are ours, never anybody's typing."""
    fallback = at.astimezone(UTC).strftime("%d %b %Y %H:%M UTC")
    text = f"{before} <!date^{int(at.timestamp())}^{clock}|{fallback}>"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def beside(text: str, accessory: Json) -> Json:
    """A text with a button to its right."""
    return {**section(text), "accessory": accessory}


def channel(channel_id: str, sentence: str = "{}") -> Json:
    """A sentence of ours that names a channel as Slack knows it. Only for an id that is one: this is markup."""
    text = sentence.format(f"<#{channel_id}>")
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def divider() -> Json:
    return {"type": "divider"}


def image(file_id: str, alt_text: str) -> Json:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": shown(alt_text, ALT)}


def button(label: str, action_id: str, value: str, style: str = "") -> Json:
    """A button that carries all it needs: a verb and an id. `value` must fit, for half an id is none."""
    made: Json = {"type": "button", "text": words(label, BUTTON), "action_id": action_id, "value": value}
    return {**made, "style": style} if style else made


def link(label: str, action_id: str, url: str) -> Json:
    """A button that opens a page."""
    return {"type": "button", "text": words(label, BUTTON), "action_id": action_id, "url": url}


def actions(buttons: Sequence[Json]) -> list[Json]:
    return [{"type": "actions", "elements": list(buttons[:ACTIONS])}] if buttons else []


def option(label: str, value: str) -> Json:
    return {"text": words(label, BUTTON), "value": cut(value, 150)}
