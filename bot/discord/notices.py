"""Short answers that are no picture: refusals, outages, and what only the presser of a button sees."""

from __future__ import annotations

import math
from uuid import UUID

import discord

from bot.discord.page import Button, Page, Verb
from bot.discord.text import literal
from core.errors import BadRequest, Limit, LimitReached, NotAllowed, NotFound, Outage, Refusal, SwitchedOff
from core.wording import Action

FOOTER_LIMIT = 2048
TEXT_LIMIT = 1800

AWAY = "Limner cannot take this right now: one of its servers is away. Nothing was charged; {when}."
SOON = "try again in a minute"
BROKEN = "Something went wrong on Limner's side. Nothing was charged; try again, and tell the operator if it stays so."
NOT_YOURS = {
    Verb.CANCEL: "Only the person who asked for this picture can cancel it.",
    Verb.RETRY: "Only the person who asked for this picture can try it again. Ask for your own with /imagine.",
    Verb.MAKE: "Only the person who asked for this picture can decide. Ask for your own with /imagine.",
    Verb.DECLINE: "Only the person who asked for this picture can decide.",
}
OUTDATED = "This command has changed since Discord last loaded it. Reload Discord (Ctrl+R) and try again."
TYPED = "What you typed: "
TRY_AGAIN = "Try again…"


def refused(refusal: Refusal, typed: str = "", parent: UUID | None = None) -> Page:
    """Every mistake on its own line; where the `typed` text is kept whole and may help, a button to send it anew."""
    mistakes = refusal.mistakes if isinstance(refusal, BadRequest) else (str(refusal),)
    lines = list(mistakes) if len(mistakes) == 1 else [f"• {mistake}" for mistake in mistakes]
    described = "\n".join(literal(line, 400) for line in lines)
    if isinstance(refusal, LimitReached):
        described = _until(refusal)
    embed = discord.Embed(colour=discord.Colour.orange(), title=_title(refusal), description=described[:4000])
    footer = TYPED + typed
    # Other words would be refused just the same.
    hopeless = isinstance(refusal, NotAllowed | NotFound | SwitchedOff)
    if hopeless or parent is None or not typed.strip() or len(footer) > FOOTER_LIMIT:
        return Page(embed)
    # A footer knows neither markup nor mentions, so the text can be read back from it exactly.
    embed.set_footer(text=footer)
    label = TRY_AGAIN if isinstance(refusal, LimitReached) else Action.EDIT.label
    return Page(embed, buttons=(Button(label, Verb.REWORD, parent, discord.ButtonStyle.primary),))


def _title(refusal: Refusal) -> str:
    match refusal:
        case LimitReached():
            return "Not right now"
        case SwitchedOff():
            return "Paused"
        case NotAllowed():
            return "Not allowed"
    return "That did not work"


def _until(refusal: LimitReached) -> str:
    """Why, until when (clients count that down by themselves), and how to get more."""
    lines = [literal(str(refusal.args[0]), 400)]
    if refusal.resets_at is not None:
        when = discord.utils.format_dt(refusal.resets_at, "R")
        # Seconds in words would be out of date while the client still counts down.
        lines = [f"You can ask again {when}."] if refusal.limit is Limit.COOLDOWN else [*lines, f"It resets {when}."]
    # The operator's own words, and mostly an address that is to be followed.
    return "\n".join(filter(None, [*lines, refusal.next_step[:400]]))


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
