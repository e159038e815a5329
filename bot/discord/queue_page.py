"""/queue as a page: what waits, runs and was not delivered, each with a button."""

from __future__ import annotations

import discord

from bot.discord.page import NO_ONE, Button, Page, Verb
from bot.discord.render import estimate
from bot.discord.text import literal, plain
from core import wording
from core.generation import Accepted, Generation, Status
from core.queueing import Queue

PROMPT_LIMIT = 80
LISTED = 10
"""Requests and pictures each, so that their buttons fit with the others into Discord's five rows of five."""

NOTHING_OPEN = "Nothing of yours is waiting or running."
NOT_DELIVERED = "Made, but not delivered"
ENDED = "It had ended already."
WHICH = "Which one shall be cancelled?"
NOTHING_TO_CANCEL = "You have nothing waiting or running, so there is nothing to cancel."


def page(queue: Queue, said: str = "") -> Page:
    """`said` stands above the list: what a press came to, or a question."""
    embed = discord.Embed(title="Your queue", colour=discord.Colour.blurple())
    mine, lost = queue.mine[:LISTED], queue.undelivered[:LISTED]
    listed = [f"**{number}.** {_line(one)}" for number, one in enumerate(mine, 1)]
    embed.description = "\n".join(filter(None, [literal(said, 300), *listed])) if listed else _nothing(said)
    if lost:
        lines = [f"**{number}.** {_quoted(one, PROMPT_LIMIT)}" for number, one in enumerate(lost, 1)]
        embed.add_field(name=NOT_DELIVERED, value="\n".join(lines), inline=False)
    waiting = wording.pictures(queue.total, "request")
    more = f" Of yours, the first {LISTED} are listed." if len(queue.mine) >= LISTED else ""
    verb = "waits" if queue.total == 1 else "wait"
    embed.set_footer(text=f"{waiting} of everybody {verb} in all.{more}")
    return Page(embed, buttons=_buttons(mine, lost))


def cancelled(after: Generation) -> str:
    """What came of cancelling this."""
    if not after.status.final:
        return f"{wording.cancelling()} It stops in a moment."
    return wording.cancelled() if after.status is Status.CANCELLED else ENDED


def _nothing(said: str) -> str:
    return "\n".join(filter(None, [literal(said, 300), NOTHING_OPEN]))


def _line(one: Accepted) -> str:
    words = " · ".join(filter(None, [_place(one), estimate(one.generation)]))
    return f"{_quoted(one.generation)}: {literal(words, 100)}"


def _place(one: Accepted) -> str:
    if one.generation.cancel_requested:
        return wording.cancelling()
    return "under way" if one.generation.status is Status.RUNNING else wording.waiting_words(one)


def _quoted(generation: Generation, limit: int = 2 * PROMPT_LIMIT) -> str:
    """In at most `limit` characters, escapes included."""
    return literal(plain(generation.prompt, PROMPT_LIMIT), limit)


def _buttons(mine: tuple[Accepted, ...], lost: tuple[Generation, ...]) -> tuple[Button, ...]:
    danger = discord.ButtonStyle.danger
    open_ones = [(n, one.generation) for n, one in enumerate(mine, 1) if not one.generation.cancel_requested]
    found = [Button(f"Cancel {number}", Verb.CANCEL_LISTED, one.id) for number, one in open_ones]
    if len(open_ones) > 1:
        found.append(Button("Cancel all", Verb.CANCEL_ALL, NO_ONE, danger))
    primary = discord.ButtonStyle.primary
    found += [Button(f"Resend {number}", Verb.RESEND, one.id, primary) for number, one in enumerate(lost, 1)]
    return (*found, Button("Refresh", Verb.REFRESH, NO_ONE))
