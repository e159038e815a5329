"""The five views of a request as pages: pure, and never over a limit of Discord's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import discord

from bot.discord.page import Button, Page, Upload, Verb
from bot.discord.text import literal, literal_whole, plain
from core import wording
from core.catalogue import Catalogue
from core.generation import Generation
from core.views import Cancelled, Failed, Finished, Waiting, Working
from core.wording import Action

ALT_LIMIT = 1024
AUTHOR_LIMIT = 256
FIELD_LIMIT = 1024
PROMPT_LIMIT = 3000
"""Of an embed's 6,000 characters in all, this leaves the rest room whatever the rest is."""
PROMPT_IN_PROGRESS = 300
REVISED_LIMIT = 600
WORD_LIMIT = 100

BUSY = discord.Colour.blurple()
GOOD = discord.Colour.green()
BAD = discord.Colour.red()
OVER = discord.Colour.light_grey()

CUT = "The prompt is shortened here; Edit… has all of it."

_PRIMARY, _DANGER = discord.ButtonStyle.primary, discord.ButtonStyle.danger
_ACTIONS = {
    Action.CANCEL: (Verb.CANCEL, _DANGER),
    Action.VARIATIONS: (Verb.AGAIN, _PRIMARY),
    Action.EDIT: (Verb.EDIT, discord.ButtonStyle.secondary),
    Action.DOWNLOAD: (Verb.DOWNLOAD, discord.ButtonStyle.secondary),
    Action.RETRY: (Verb.RETRY, _PRIMARY),
}


def buttons(of: UUID, *actions: Action) -> tuple[Button, ...]:
    return tuple(Button(action.label, _ACTIONS[action][0], of, _ACTIONS[action][1]) for action in actions)


def waiting(view: Waiting, notes: str) -> Page:
    embed = _embed(view.generation, BUSY, PROMPT_IN_PROGRESS)
    words = " · ".join(filter(None, [wording.waiting_words(view.accepted), estimate(view.generation)]))
    embed.add_field(name="\u200b", value=literal(words[:1].upper() + words[1:], FIELD_LIMIT), inline=False)
    _note(embed, notes)
    return Page(embed, buttons=buttons(view.generation.id, Action.CANCEL))


def estimate(generation: Generation) -> str:
    """`about $0.013`; nothing for what is not counted."""
    return f"about {wording.money(generation.reserved_micro)}" if generation.counted else ""


def working(view: Working, notes: str, now: datetime) -> Page:
    generation, progress = view.generation, view.progress
    embed = _embed(generation, BUSY, PROMPT_IN_PROGRESS)
    stage = wording.cancelling() if generation.cancel_requested else wording.stage_words(progress)
    lines = [f"`{wording.bar(progress.percent)}` {progress.percent} %", literal(stage, 300)]
    if progress.eta_seconds is not None and progress.retry_at is None and not generation.cancel_requested:
        # Clients count this down by themselves, without an edit.
        lines.append(f"ready {discord.utils.format_dt(now + timedelta(seconds=progress.eta_seconds), 'R')}")
    if progress.retry_at is not None:
        lines.append(f"next try {discord.utils.format_dt(progress.retry_at, 'R')}")
    embed.add_field(name="\u200b", value="\n".join(lines), inline=False)
    _note(embed, notes)
    cancel = () if generation.cancel_requested else (Action.CANCEL,)
    return Page(embed, buttons=buttons(generation.id, *cancel), uploads=_preview(view))


def finished(view: Finished, uploads: Sequence[Upload], notes: str, catalogue: Catalogue) -> Page:
    generation = view.generation
    embed = _embed(generation, GOOD, PROMPT_LIMIT)
    revised = literal(generation.revised_prompt or "", REVISED_LIMIT)
    if revised and generation.revised_prompt != generation.prompt:
        embed.add_field(name="Drawn as", value=revised, inline=False)
    for name, value in _facts(generation, catalogue):
        embed.add_field(name=plain(name, WORD_LIMIT), value=literal(value, WORD_LIMIT))
    whole = literal_whole(generation.prompt, PROMPT_LIMIT)[1]
    _note(embed, "\n".join(filter(None, [notes, "" if whole else CUT])))
    after = (Action.VARIATIONS, Action.EDIT, Action.DOWNLOAD)
    return Page(embed, buttons=buttons(generation.id, *after), uploads=tuple(uploads))


def failed(view: Failed, notes: str, catalogue: Catalogue) -> Page:
    generation = view.generation
    model = catalogue.find(generation.options.model)
    fault = generation.fault
    embed = _embed(generation, BAD, PROMPT_IN_PROGRESS)
    if fault is None:
        return Page(embed, buttons=buttons(generation.id, Action.RETRY, Action.EDIT))
    why = wording.explain(fault, generation.fault_detail, model.title if model else generation.options.model)
    embed.title = plain(why.title, AUTHOR_LIMIT)
    value = "\n".join(literal(line, 500) for line in (why.sentence, why.next_step) if line)
    embed.add_field(name="\u200b", value=value, inline=False)
    _note(embed, notes)
    shown = tuple(action for action in why.actions if action in (Action.RETRY, Action.EDIT))
    return Page(embed, buttons=buttons(generation.id, *(shown or (Action.EDIT,))))


def cancelled(view: Cancelled) -> Page:
    embed = _embed(view.generation, OVER, PROMPT_IN_PROGRESS)
    embed.add_field(name="\u200b", value=literal(wording.cancelled(), FIELD_LIMIT), inline=False)
    return Page(embed, buttons=buttons(view.generation.id, Action.RETRY, Action.EDIT))


def _embed(generation: Generation, colour: discord.Colour, limit: int) -> discord.Embed:
    embed = discord.Embed(description=literal(generation.prompt, limit), colour=colour)
    name = plain(generation.requester.name, AUTHOR_LIMIT)
    return embed.set_author(name=name) if name else embed


def _facts(generation: Generation, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Options that are not the model's defaults, then model, time and cost, as far as known."""
    model = catalogue.find(generation.options.model)
    facts = wording.options_words(generation.options, catalogue)
    if "Model" not in dict(facts):
        facts.append(("Model", model.title if model else generation.options.model))
    if generation.generation_time_ms is not None:
        facts.append(("Time", wording.duration(generation.generation_time_ms)))
    if generation.cost_micro is not None:
        facts.append(("Cost", wording.money(generation.cost_micro)))
    if generation.left is not None:
        facts.append(("Quota", wording.left_words(generation.left)))
    return facts


def _note(embed: discord.Embed, notes: str) -> None:
    if shown := literal(notes, FIELD_LIMIT):
        embed.add_field(name="Good to know", value=shown, inline=False)


def _preview(view: Working) -> tuple[Upload, ...]:
    if view.progress.preview is None:
        return ()
    alt = plain(f"Not finished yet: {view.generation.prompt[:ALT_LIMIT]}", ALT_LIMIT)
    return (Upload(f"preview-{view.progress.preview_index}.jpg", view.progress.preview, alt),)
