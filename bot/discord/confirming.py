"""The question before a dear request: what it will cost, yes or no."""

from __future__ import annotations

import discord

from bot.discord.notices import FOOTER_LIMIT
from bot.discord.page import Button, Page, Verb
from bot.discord.text import literal, plain
from core import wording
from core.errors import ConfirmFirst

PROMPT_LIMIT = 300
_SENTENCE_LIMIT = 500

DECLINED = "Not made. Nothing was charged."


def question(dear: ConfirmFirst, asker: str, prompt: str, notes: tuple[str, ...]) -> Page:
    """The notes on what was adapted wait in the footer, which knows no markup, for the picture to come."""
    embed = discord.Embed(description=literal(prompt, PROMPT_LIMIT), colour=discord.Colour.gold())
    embed.set_author(name=plain(asker, 256) or "\u200b")
    embed.add_field(name="\u200b", value=literal(str(dear), _SENTENCE_LIMIT), inline=False)
    embed.set_footer(text="\n".join(notes)[:FOOTER_LIMIT] or None)
    yes = f"Make it for {wording.money(dear.price_micro)}"
    return Page(
        embed,
        buttons=(
            Button(yes, Verb.MAKE, dear.proposal_id, discord.ButtonStyle.primary),
            Button("No, thanks", Verb.DECLINE, dear.proposal_id),
        ),
    )


def notes_on(message: discord.Message) -> tuple[str, ...]:
    """Those that `question` kept."""
    footer = message.embeds[0].footer.text if message.embeds else None
    return tuple((footer or "").splitlines())


def declined() -> Page:
    return Page(content=DECLINED)
