"""What a placeholder message looks like at each step."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.slack import blocks as b
from bot.slack.blocks import Json, Message
from bot.slack.place import Place
from bot.slack.text import cut
from bot.slack.upload import SHOWABLE
from bot.slack.verbs import Verb, action_id
from core import wording
from core.catalogue import Catalogue
from core.errors import Fault
from core.generation import Generation
from core.views import Cancelled, Failed, Finished, Waiting, Working
from core.wording import Action

PROMPT, SPOKEN = 1200, 200
"""Characters of a prompt that a message shows, and that its text for screen readers and notifications says."""

AS_PNG = "Slack does not show WebP, so this is a PNG of it; Download gives the original."
ELSEWHERE = "I could not post where you asked for this picture, so here it is."
ENDED_ELSEWHERE = "I could not post where you asked for this picture, so I write to you here."

_VERBS = {
    Action.CANCEL: Verb.CANCEL,
    Action.VARIATIONS: Verb.AGAIN,
    Action.EDIT: Verb.EDIT,
    Action.DOWNLOAD: Verb.DOWNLOAD,
    Action.RETRY: Verb.RETRY,
}


def waiting(view: Waiting) -> Message:
    """Its place and what it should cost. Nothing moves yet, so there is no bar."""
    words = wording.waiting_words(view.accepted)
    words = words[:1].upper() + words[1:]
    return Message(
        f"{words}: {cut(view.generation.prompt, SPOKEN)}",
        [
            b.section(" · ".join([words, *estimate(view.generation)])),
            _prompt(view.generation),
            *b.actions([_button(Action.CANCEL, view.generation)]),
        ],
    )


def working(view: Working, preview: str | None = None) -> Message:
    """`preview` is the id of an uploaded partial picture."""
    progress, stage = view.progress, wording.stage_words(view.progress)
    left = [] if progress.eta_seconds is None else [wording.about(progress.eta_seconds)]
    alt_text = f"Preview, not finished yet. {wording.alt_text(view.generation.prompt, 1000)}"
    return Message(
        f"{stage}, {progress.percent} %: {cut(view.generation.prompt, SPOKEN)}",
        [
            _prompt(view.generation),
            *([b.image(preview, alt_text)] if preview else []),
            b.section(f"{wording.bar(progress.percent)} {progress.percent} %\n{stage}"),
            *b.context(left),
            *b.actions([_button(Action.CANCEL, view.generation)]),
        ],
    )


def finished(view: Finished, files: Sequence[str], place: Place, catalogue: Catalogue) -> Message:
    """`files` are the ids of the uploaded pictures, in order."""
    generation, count = view.generation, len(view.images)
    which = ["" if count == 1 else f" ({n} of {count})" for n in range(1, count + 1)]
    alt_texts = [wording.alt_text(generation.prompt, b.ALT - len(suffix)) + suffix for suffix in which]
    return Message(
        wording.alt_text(generation.prompt, b.FALLBACK),
        [
            *(b.image(file, alt_text) for file, alt_text in zip(files, alt_texts, strict=True)),
            _prompt(generation),
            *b.context([" · ".join(_details(generation, catalogue)), *_notes(view, place)], _asker(place)),
            *b.actions(_finished_buttons(view)),
        ],
    )


def failed(view: Failed, catalogue: Catalogue) -> Message:
    generation = view.generation
    model = catalogue.find(generation.options.model)
    explained = wording.explain(
        generation.fault or Fault.INTERNAL, generation.fault_detail, model.title if model else generation.options.model
    )
    return Message(
        f"{explained.title}. {explained.sentence} {explained.next_step}",
        [
            b.header(explained.title),
            b.section(f"{explained.sentence} {explained.next_step}"),
            _prompt(generation),
            *b.actions([_button(action, generation) for action in explained.actions]),
        ],
    )


def cancelled(view: Cancelled) -> Message:
    return Message(
        wording.cancelled(),
        [
            b.section(wording.cancelled()),
            _prompt(view.generation),
            *b.actions([_button(Action.RETRY, view.generation), _button(Action.EDIT, view.generation)]),
        ],
    )


def _prompt(generation: Generation) -> Json:
    return b.section(generation.prompt, PROMPT)


def _button(action: Action, generation: Generation) -> Json:
    style = "primary" if action is Action.RETRY else ""
    return b.button(action.label, action_id(_VERBS[action]), generation.id.hex, style)


def _finished_buttons(view: Finished) -> list[Json]:
    buttons = [_button(Action.VARIATIONS, view.generation), _button(Action.EDIT, view.generation)]
    for number, image in enumerate(view.images, 1):
        label = Action.DOWNLOAD.label if len(view.images) == 1 else f"{Action.DOWNLOAD.label} {number}"
        # The first keeps the plain verb, so that a single picture's button is the same button.
        suffix = "" if number == 1 else str(number)
        buttons.append(b.button(label, action_id(Verb.DOWNLOAD, suffix), image.picture.id.hex))
    return buttons


def _details(generation: Generation, catalogue: Catalogue) -> list[str]:
    model = catalogue.find(generation.options.model)
    changed = wording.options_words(generation.options, catalogue)
    found = [model.title if model else generation.options.model]
    found += [f"{label} {value}" for label, value in changed if label != "Model"]
    if generation.generation_time_ms is not None:
        found.append(wording.duration(generation.generation_time_ms))
    if generation.cost_micro is not None:
        found.append(wording.money(generation.cost_micro))
    if generation.left is not None:
        found.append(wording.left_words(generation.left))
    return found


def estimate(generation: Generation) -> list[str]:
    """`about $0.013`, where it costs anything."""
    if not generation.counted or generation.reserved_micro <= 0:
        return []
    return [f"about {wording.money(generation.reserved_micro)}"]


def _notes(view: Finished, place: Place) -> list[str]:
    generation, notes = view.generation, list(place.notes)
    if generation.revised_prompt and generation.revised_prompt != generation.prompt:
        notes.append(f"Drawn as: {cut(generation.revised_prompt, 500)}")
    if any(image.picture.media_type not in SHOWABLE for image in view.images):
        notes.append(AS_PNG)
    return notes


def _asker(place: Place) -> str:
    # The one mention there is, and Slack's own id rather than typed text. An edit notifies nobody.
    return place.user if re.fullmatch("[UW][A-Z0-9]+", place.user) else ""
