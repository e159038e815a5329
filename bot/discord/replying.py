"""First answers to an interaction, and later ones in the same place."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import aiohttp
import discord

from bot.discord.faults import ALREADY_ANSWERED
from bot.discord.page import Page

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]

_PLACEHOLDER = "limner_placeholder"
_PUBLIC = "limner_public"
_TYPED = "limner_typed"

NOBODY = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Typed:
    """What the user typed, kept for the case that it is refused, and the request that it was meant to change."""

    text: str = ""
    parent: UUID | None = None


def remember_typed(interaction: Interaction, text: str, parent: UUID) -> None:
    interaction.extras[_TYPED] = Typed(text, parent)


def typed_by(interaction: Interaction) -> Typed:
    found: Typed = interaction.extras.get(_TYPED, Typed())
    return found


async def placeholder(interaction: Interaction, *, private: bool = False) -> int:
    """Acknowledges with a new message that says "thinking…" and returns its id.

    Raises discord.HTTPException if another process was faster; see `faults.answered_elsewhere`.
    """
    answer = await _deferred(interaction, private=private)
    interaction.extras[_PLACEHOLDER] = True
    interaction.extras[_PUBLIC] = not private
    if answer is not None and answer.message_id is not None:
        return answer.message_id
    return (await interaction.original_response()).id


async def _deferred(interaction: Interaction, *, private: bool) -> discord.InteractionCallbackResponse[Any] | None:
    """A connection that breaks leaves open whether Discord heard us, so the second try may find it answered: by us.

    Should it have been another process after all, both go on with one idempotency key and one of them is a duplicate.
    """
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except (aiohttp.ClientError, OSError):
        try:
            return await interaction.response.defer(thinking=True, ephemeral=private)
        except discord.HTTPException as error:
            if error.code != ALREADY_ANSWERED:
                raise
            return None


async def say(interaction: Interaction, page: Page) -> None:
    """Fills the placeholder if there is one; otherwise answers so that only the user sees it."""
    if interaction.extras.get(_PLACEHOLDER):
        await fill(interaction, page)
    else:
        await whisper(interaction, page)


async def confide(interaction: Interaction, page: Page) -> None:
    """Tells only the user, in place of a placeholder that all can see; one that cannot be removed is filled."""
    if not interaction.extras.get(_PUBLIC):
        await say(interaction, page)
        return
    try:
        await interaction.delete_original_response()
    except discord.NotFound:
        log.debug("placeholder_gone", extra={"interaction": interaction.id})
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        await fill(interaction, page)
        return
    await whisper(interaction, page)


async def fill(interaction: Interaction, page: Page) -> None:
    """Puts the page into the message that `placeholder` made."""
    await interaction.edit_original_response(
        content=page.content,
        embeds=page.embeds(),
        attachments=page.files(),
        view=page.view(),
        allowed_mentions=NOBODY,
    )


async def whisper(interaction: Interaction, page: Page) -> None:
    """A message of its own that only the user sees."""
    view = page.view() or discord.utils.MISSING
    send = interaction.followup.send if interaction.response.is_done() else interaction.response.send_message
    await send(
        content=page.content or "",
        embeds=page.embeds(),
        files=page.files(),
        view=view,
        ephemeral=True,
        allowed_mentions=NOBODY,
    )
