"""The edit form: a prompt to be changed, in as many fields as it needs. It works whichever process it comes back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import discord

from bot.discord.page import Verb, custom_id
from bot.discord.replying import Interaction

FIELD = 4000
"""Characters that a text field takes."""

MOST_FIELDS = 5
TITLE = "Edit and ask again"
_HINT = "Options can be typed as well, e.g. --ar 16:9 --quality high --count 2"


async def open_form(interaction: Interaction, of: UUID, text: str) -> None:
    """Answers with the form. It is stopped at once, so that discord.py keeps nothing of it in memory."""
    modal = discord.ui.Modal(title=TITLE, custom_id=custom_id(Verb.EDIT, of))
    fields = split(text)
    for number, part in enumerate(fields):
        title = "Prompt" if number == 0 else "Prompt, continued"
        modal.add_item(
            discord.ui.Label(
                text=title,
                description=_HINT if number == 0 else None,
                component=discord.ui.TextInput(
                    custom_id=f"text-{number}",
                    style=discord.TextStyle.paragraph,
                    default=part,
                    required=number == 0,
                    max_length=FIELD,
                ),
            )
        )
    modal.stop()
    await interaction.response.send_modal(modal)


def submitted(interaction: Interaction) -> str:
    """What the form came back with, its fields joined again."""
    data: Mapping[str, Any] = interaction.data or {}
    values = sorted(_values(data.get("components", ())))
    return " ".join(value for _, value in values if value.strip())


def split(text: str) -> list[str]:
    """At spaces, so that joining with spaces gives the same text; a word is cut only if it fills a whole field."""
    parts: list[str] = []
    rest = text
    while len(rest) > FIELD and len(parts) < MOST_FIELDS - 1:
        at = rest.rfind(" ", 1, FIELD + 1)
        parts.append(rest[: at if at > 0 else FIELD])
        rest = rest[at + 1 :] if at > 0 else rest[FIELD:]
    return [*parts, rest[:FIELD]]


def _values(components: Any) -> Iterator[tuple[str, str]]:
    """Custom ids and values, however rows and labels wrap them."""
    for component in components:
        if "value" in component:
            yield str(component.get("custom_id", "")), str(component["value"])
        inner = component.get("component")
        yield from _values([*component.get("components", ()), *([inner] if inner else ())])
