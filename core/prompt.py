"""Typed text and flags become a prompt and options, or a refusal that lists every mistake."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

from core.catalogue import Catalogue
from core.choosing import Chooser
from core.cleaning import clean, without_steering
from core.errors import BadRequest
from core.flags import Flag, split
from core.generation import Options
from core.image_model import ImageModel
from core.styles import Styles


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Raw values of a platform's own option fields. They win over flags in the text."""

    size: str | None = None
    aspect: str | None = None
    quality: str | None = None
    style: str | None = None
    count: str | None = None
    model: str | None = None
    background: str | None = None
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for."""

    prompt: str
    options: Options
    notes: tuple[str, ...] = ()
    """Sentences for the user on what was adapted."""


NO_CHOICES = Choices()
LONGEST_TEXT = 50_000
"""Characters, flags included; more than any model reads."""
LONGEST_VALUE = 200
"""Characters of one option's value that are looked at; no value has half as many."""
_EXAMPLE = "a lighthouse at dusk, seen from the sea --style watercolor"


def read(
    text: str, catalogue: Catalogue, styles: Styles, choices: Choices = NO_CHOICES, *, today: date | None = None
) -> Asked:
    """Raises BadRequest with every mistake. The prompt that comes back is clean, and its options fit its model."""
    if len(text) > LONGEST_TEXT:  # before anything is done with it: reading it would hold up everybody else
        raise BadRequest([f"Your text has {len(text):,} characters; the most is {LONGEST_TEXT:,}. Shorten it."])
    cleaned, steered = without_steering(clean(text))
    found = split(cleaned, lambda words: styles.find(words) is not None)
    chooser = Chooser(_raw(found.flags, choices), styles, mistakes=list(found.mistakes))
    model = chooser.model(catalogue.usable(today or datetime.now(UTC).date()))
    options = chooser.options(model)
    chooser.mistakes.extend(_wrong_with(found.rest, options, model, styles))
    if chooser.mistakes:
        raise BadRequest(chooser.mistakes)
    if steered:
        chooser.notes.append("Control syntax for the image server was left out of your prompt.")
    return Asked(found.rest, options, tuple(chooser.notes))


def write(prompt: str, options: Options, catalogue: Catalogue) -> str:
    """The text that `read` turns into the same prompt and options; only what is not the default becomes a flag."""
    model = catalogue.get(options.model)
    flags = {
        "model": options.model if options.model != catalogue.default.id else None,
        "size": options.size if (options.width, options.height) != model.default_size else None,
        "quality": options.quality if options.quality != model.default_quality else None,
        "count": options.count if options.count != 1 else None,
        "style": options.style,
        "background": options.background if options.background != "auto" else None,
        "seed": options.seed,
    }
    return " ".join([prompt, *(f"--{name} {value}" for name, value in flags.items() if value is not None)])


def compose(prompt: str, options: Options, styles: Styles) -> str:
    """What the provider is sent: the prompt verbatim, then the style's words.

    Never longer than the model reads, for `read` counts those words, too.
    """
    style = styles.find(options.style) if options.style else None
    return f"{prompt}\n\nStyle: {style.words}." if style else prompt


def _raw(flags: tuple[Flag, ...], choices: Choices) -> dict[str, str]:
    """The flags' values by name, but where an option field says something, what it says."""
    given = {field.name: getattr(choices, field.name) for field in fields(choices)}
    chosen = {name: clean(value[:LONGEST_VALUE]) for name, value in given.items() if value and value.strip()}
    typed = {flag.name: flag.value for flag in flags}
    if chosen.keys() & {"size", "aspect"}:
        # Both say how wide the picture is, so a field of either kind overrules a flag of either.
        typed = {name: value for name, value in typed.items() if name not in {"size", "aspect"}}
    return typed | chosen


def _wrong_with(prompt: str, options: Options, model: ImageModel, styles: Styles) -> list[str]:
    if not prompt:
        return [f"Say what to draw, for example: {_EXAMPLE}"]
    words = len(compose(prompt, options, styles)) - len(prompt)
    excess = len(prompt) + words - model.max_prompt
    if excess <= 0:
        return []
    and_style = f", and its style adds {words:,}" if words else ""
    return [
        f"Your prompt has {len(prompt):,} characters{and_style}; {model.title} reads at most {model.max_prompt:,}. "
        f"Shorten it by {excess:,}."
    ]
