"""Short answers that are no picture: refusals, outages, and what only the presser of a button sees."""

from __future__ import annotations

import math
from uuid import UUID

import discord

from bot.discord.page import Button, Page, Verb
from bot.discord.text import literal
from core.errors import BadRequest, Outage, Refusal
from core.wording import Action

FOOTER_LIMIT = 2048
TEXT_LIMIT = 1800

AWAY = "Limner cannot take this right now: one of its servers is away. Nothing was charged; {when}."
SOON = "try again in a minute"
BROKEN = "Something went wrong on Limner's side. Nothing was charged; try again, and tell the operator if it stays so."
NOT_YOURS = {
    Verb.CANCEL: "Only the person who asked for this picture can cancel it.",
    Verb.RETRY: "Only the person who asked for this picture can try it again. Ask for your own with /imagine.",
}
OUTDATED = "This command has changed since Discord last loaded it. Reload Discord (Ctrl+R) and try again."
TYPED = "What you typed: "


def refused(refusal: Refusal, typed: str = "", parent: UUID | None = None) -> Page:
    """Every mistake on its own line; with the `typed` text, if it can be kept whole, an Edit button."""
    mistakes = refusal.mistakes if isinstance(refusal, BadRequest) else (str(refusal),)
    lines = list(mistakes) if len(mistakes) == 1 else [f"• {mistake}" for mistake in mistakes]
    embed = discord.Embed(colour=discord.Colour.orange(), title="That did not work")
    embed.description = "\n".join(literal(line, 400) for line in lines)[:4000]
    footer = TYPED + typed
    if parent is None or not typed.strip() or len(footer) > FOOTER_LIMIT:
        return Page(embed)
    # A footer knows neither markup nor mentions, so the text can be read back from it exactly.
    embed.set_footer(text=footer)
    return Page(embed, buttons=(Button(Action.EDIT.label, Verb.REWORD, parent, discord.ButtonStyle.primary),))


def away(outage: Outage) -> Page:
    when = f"try again in {math.ceil(outage.retry_after)} seconds" if outage.retry_after else SOON
    return said(AWAY.format(when=when))


def said(sentence: str) -> Page:
    """A plain sentence; without an embed, for places where the bot may not use them."""
    return Page(content=literal(sentence, TEXT_LIMIT))


def typed_in(message: discord.Message) -> str:
    """The text that `refused` kept; empty if this is no such message."""
    for embed in message.embeds:
        if (embed.footer.text or "").startswith(TYPED):
            return str(embed.footer.text).removeprefix(TYPED)
    return ""
