"""What a journey does and looks for on Discord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord import FakeDiscord, Message, User

PATIENCE = 20.0
"""Seconds for a whole request on a busy machine."""


def settings(discord: FakeDiscord) -> dict[str, str]:
    """What an operator sets so that the bot goes to the fake."""
    return discord.environment({})


async def ask(
    discord: FakeDiscord, prompt: str, options: Mapping[str, Any] | None = None, *, user: User | None = None
) -> Message:
    """Uses /imagine; the placeholder, once it says something."""
    asked = await discord.slash(user or discord.ada, "imagine", {"prompt": prompt, **(options or {})})
    assert (await asked.acknowledged()).seconds < 3
    return await asked.response(PATIENCE)


async def refused(discord: FakeDiscord, prompt: str, *, user: User | None = None) -> Message:
    """Uses /imagine where no picture can be had: what the user, and nobody else, is told instead."""
    asked = await discord.slash(user or discord.ada, "imagine", {"prompt": prompt})
    said = await asked.followup(timeout=PATIENCE)
    assert said.ephemeral
    assert (await asked.placeholder()).deleted
    return said


async def finished(message: Message) -> Message:
    return await message.until(lambda now: has(now, "again"), PATIENCE)


def has(message: Message, verb: str) -> bool:
    return any(name.startswith(f"limner:{verb}:") for name in message.custom_ids)


def button(message: Message, verb: str) -> str:
    """The custom id of the button that does this."""
    return next(name for name in message.custom_ids if name.startswith(f"limner:{verb}:"))


def verbs(message: Message) -> list[str]:
    return [name.split(":")[1] for name in message.custom_ids]


def whisper_to(discord: FakeDiscord, words: str) -> bool:
    """Whether somebody was told so for nobody else to see."""
    return any(message.ephemeral and words in message.now.text for message in discord.message_list)
