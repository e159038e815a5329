"""What the buttons carry: a verb as the action's id, and the id of a request or a picture as its value."""

from __future__ import annotations

import re
from enum import StrEnum
from uuid import UUID

PREFIX = "limner:"
PATTERN = re.compile(r"^limner:[a-z]+(:[a-z0-9]+)?$")


class Verb(StrEnum):
    CANCEL = "cancel"
    AGAIN = "again"
    EDIT = "edit"
    DOWNLOAD = "download"
    RETRY = "retry"
    FILE = "file"
    """With the format as its suffix."""
    REWORD = "reword"
    """Its value is no id but the text that was refused, for nothing was stored of it."""
    MAKE = "make"
    """With the id of a proposal, as LEAVE."""
    LEAVE = "leave"
    DROP = "drop"
    """Cancels a request out of the list of them, which is then shown anew."""
    DROPALL = "dropall"
    """Whoever presses means their own: there is no id in it."""
    RESEND = "resend"
    LINK = "link"
    """Opens a page; Slack tells of the press all the same."""


def action_id(verb: Verb, suffix: str = "") -> str:
    """Action ids must differ within a block, hence the suffix where a verb stands there twice."""
    return f"{PREFIX}{verb}:{suffix}" if suffix else f"{PREFIX}{verb}"


def read(action: str) -> tuple[Verb, str] | None:
    """The verb and its suffix; None for a button of another version of this bot."""
    name, _, suffix = action.removeprefix(PREFIX).partition(":")
    verb = next((verb for verb in Verb if verb == name), None)
    return None if verb is None else (verb, suffix)


def identity(value: str) -> UUID | None:
    """The id in a button's value."""
    return UUID(value) if re.fullmatch("[0-9a-f]{32}", value) else None
