"""The form for a prompt and its options: built here, and read when it comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack import blocks as b
from bot.slack.blocks import Json
from bot.slack.origin import Origin, team_of
from core.catalogue import Catalogue
from core.prompt import Choices
from core.styles import Styles

CALLBACK = "limner_prompt"
PROMPT = "prompt"
TYPED_AT_MOST = 3000
"""Characters that Slack's text input takes."""

OPTIONS_AT_MOST = 100
CUT_SHORT = "Slack's forms take 3,000 characters, so the end of this prompt is missing."
FLAGS_WORK = "Options can be typed here, too: --ar 16:9 --quality high --count 2"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that came back."""

    origin: Origin
    text: str
    choices: Choices
    of: str
    """The id of the request that is edited; empty for a new one."""


def prompt_form(origin: Origin, *, text: str = "", of: str = "", fields: Sequence[Json] = ()) -> Json:
    """A modal. Where the picture shall go travels with it, so that nothing has to be remembered here."""
    back = {"channel": origin.channel, "thread": origin.thread, "respond": origin.respond, "of": of}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": b.words("Edit the prompt" if of else "Ask for a picture", 24),
        "submit": b.words("Draw", 24),
        "close": b.words("Close", 24),
        "private_metadata": json.dumps({name: value for name, value in back.items() if value}),
        "blocks": [_prompt(text), *fields],
    }


def option_fields(catalogue: Catalogue, styles: Styles, today: date) -> list[Json]:
    """A menu for each option that there is a choice of; all may be left alone."""
    models = catalogue.usable(today)
    counts = range(1, max(model.max_count for model in models) + 1)
    menus = [
        ("model", "Model", [(model.title, model.id) for model in models]),
        ("size", "Size", _each(size for model in models for size in model.sizes)),
        ("quality", "Quality", _each(quality for model in models for quality in model.qualities)),
        ("style", "Style", [(style.title, style.id) for style in styles.all]),
        ("count", "How many", _each(str(count) for count in counts)),
        ("background", "Background", _each(name for model in models for name in model.backgrounds)),
    ]
    return [_menu(name, label, options) for name, label, options in menus if len(options) > 1]


def read(body: Json) -> Submitted:
    """What was filled in."""
    view, user = body["view"], body["user"]
    states: dict[str, dict[str, Json]] = view["state"]["values"]
    values = {block: next(iter(state.values()), {}) for block, state in states.items()}
    chosen = {name: (state.get("selected_option") or {}).get("value") for name, state in values.items()}
    back: dict[str, str] = json.loads(view.get("private_metadata") or "{}")
    origin = Origin(
        team=team_of(body),
        user=user["id"],
        name=user.get("username") or user.get("name") or "",
        channel=back.get("channel", ""),
        thread=back.get("thread", ""),
        respond=back.get("respond", ""),
        act=f"view:{view['id']}",
    )
    text = str(values.get(PROMPT, {}).get("value") or "")
    return Submitted(origin, text, _choices(chosen), back.get("of", ""))


def _choices(chosen: dict[str, Any]) -> Choices:
    return Choices(
        size=chosen.get("size"),
        quality=chosen.get("quality"),
        style=chosen.get("style"),
        count=chosen.get("count"),
        model=chosen.get("model"),
        background=chosen.get("background"),
    )


def _prompt(text: str) -> Json:
    hint = CUT_SHORT if len(text) > TYPED_AT_MOST else FLAGS_WORK
    element: Json = {
        "type": "plain_text_input",
        "action_id": PROMPT,
        "multiline": True,
        "max_length": TYPED_AT_MOST,
        "focus_on_load": True,
        "placeholder": b.words("A lighthouse at dusk, seen from the sea", 150),
    }
    if text:
        element["initial_value"] = text[:TYPED_AT_MOST]
    return {
        "type": "input",
        "block_id": PROMPT,
        "label": b.words("What shall I draw?", 100),
        "hint": b.words(hint, 200),
        "element": element,
    }


def _menu(name: str, label: str, options: Sequence[tuple[str, str]]) -> Json:
    offered = [b.option(title, value) for title, value in options[:OPTIONS_AT_MOST]]
    select = {"type": "static_select", "action_id": name, "options": offered, "placeholder": b.words("As usual", 150)}
    return {"type": "input", "block_id": name, "optional": True, "label": b.words(label, 100), "element": select}


def _each(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in dict.fromkeys(values)]
