"""What one message shows, before it becomes discord.py's objects."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import discord


class Verb(StrEnum):
    """What a button does; with an id it is all that the button carries."""

    CANCEL = "cancel"
    AGAIN = "again"
    EDIT = "edit"
    DOWNLOAD = "download"
    RETRY = "retry"
    REWORD = "reword"
    """Edit what was refused: the text stands in the message's own footer, for nothing was stored."""
    MAKE = "make"
    """Yes to what was asked about for its price; the id is the proposal's, as DECLINE's is."""
    DECLINE = "decline"
    CANCEL_LISTED = "cancel_listed"
    """As CANCEL, pressed in the list of /queue, which is then shown anew."""
    CANCEL_ALL = "cancel_all"
    REFRESH = "refresh"
    RESEND = "resend"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"


NO_ONE = UUID(int=0)
"""Stands where there is no request to refer to."""

CUSTOM_ID = re.compile(rf"limner:(?P<verb>{'|'.join(Verb)}):(?P<id>[0-9a-f]{{32}})")


def custom_id(verb: Verb, of: UUID) -> str:
    return f"limner:{verb}:{of.hex}"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    verb: Verb
    of: UUID
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to attach; Discord shows pictures above the embed, several of them as a grid, each with its alt text."""

    name: str
    data: bytes = field(repr=False)
    alt: str | None = None

    def file(self) -> discord.File:
        return discord.File(io.BytesIO(self.data), self.name, description=self.alt)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a message is to show; what is not named here is taken off it."""

    embed: discord.Embed | None = None
    content: str | None = None
    buttons: tuple[Button, ...] = ()
    uploads: tuple[Upload, ...] = ()
    keep_files: bool = False
    """The files that the message has are the right ones already."""

    def files(self) -> list[discord.File]:
        return [upload.file() for upload in self.uploads]

    def embeds(self) -> list[discord.Embed]:
        return [self.embed] if self.embed else []

    def view(self) -> discord.ui.View | None:
        """The buttons. Stopped at once: else discord.py would keep every view that was ever shown in memory."""
        if not self.buttons:
            return None
        view = discord.ui.View(timeout=None)
        for button in self.buttons:
            view.add_item(
                discord.ui.Button(label=button.label, style=button.style, custom_id=custom_id(button.verb, button.of))
            )
        view.stop()
        return view
