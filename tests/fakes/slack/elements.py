"""Block Kit's rules for what stands inside blocks: texts, buttons, menus and inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .images import SlackFileFault, image
from .records import Json
from .shapes import Fault, keys, number_of, string, text, within, words

INPUT_LIMIT = 3000
TEXT_INPUTS = words("plain_text_input email_text_input url_text_input number_input")
MENUS = words("static_select multi_static_select")
CHOICES: Mapping[str, int] = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
UNCHECKED = words(
    "datepicker timepicker datetimepicker external_select multi_external_select users_select "
    "multi_users_select conversations_select multi_conversations_select channels_select "
    "multi_channels_select rich_text_input file_input feedback_buttons icon_button workflow_button"
)


def elements(
    found: Sequence[Any], at: str, file_fault: SlackFileFault, names: Sequence[str] | None = None
) -> Iterator[Fault]:
    """The faults of a block's interactive elements; `names` replaces the index in their pointers."""
    ids = Counter(element["action_id"] for element in found if isinstance(element, dict) and element.get("action_id"))
    for repeated in (name for name, times in ids.items() if times > 1):
        yield f"`action_id` {repeated} already exists", at
    for index, element in enumerate(found):
        where = f"{at}/{names[index] if names else index}"
        if isinstance(element, dict):
            yield from _element(element, where, file_fault)
        else:
            yield "must be an object", where


def _element(element: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    kind = str(element.get("type"))
    yield from string(element, "action_id", at, 255)
    if kind == "image":
        yield from image(element, at, file_fault)
    elif kind in CHECKS:
        yield from CHECKS[kind](element, at)
    elif kind not in UNCHECKED:
        yield f"unsupported type: {kind}", f"{at}/type"
    yield from _confirm(element, at)


def _button(element: Json, at: str) -> Iterator[Fault]:
    yield from keys(element, at, "text action_id url value style confirm accessibility_label")
    yield from text(element, "text", at, 75, required=True, plain=True)
    yield from string(element, "value", at, 2000)
    yield from string(element, "url", at, 3000)
    yield from string(element, "accessibility_label", at, 75)
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "must be a valid enum value", f"{at}/style"


def _menu(element: Json, at: str) -> Iterator[Fault]:
    yield from keys(
        element,
        at,
        "placeholder action_id options option_groups initial_option initial_options confirm max_selected_items "
        "focus_on_load",
    )
    yield from text(element, "placeholder", at, 150, plain=True)
    if ("options" in element) == ("option_groups" in element):
        yield "must define either `options` or `option_groups`", at
    yield from _options(element, at, 100)
    for index, group in enumerate(within(element, "option_groups")):
        yield from text(group, "label", f"{at}/option_groups/{index}", 75, required=True, plain=True)
        yield from _options(group, f"{at}/option_groups/{index}", 100)
    known = [option.get("value") for option in every_option(element)]
    if "initial_option" in element and element["initial_option"].get("value") not in known:
        yield "must match one of the options", f"{at}/initial_option"


def _choice(element: Json, at: str) -> Iterator[Fault]:
    yield from keys(element, at, "action_id options initial_option initial_options confirm focus_on_load")
    yield from _options(element, at, CHOICES[element["type"]], required=True)


def _options(holder: Json, at: str, most: int, required: bool = False) -> Iterator[Fault]:
    if required or "options" in holder:
        yield from number_of(holder, "options", at, 1, most)
    for index, option in enumerate(within(holder, "options")):
        where = f"{at}/options/{index}"
        yield from text(option, "text", where, 75, required=True)
        yield from text(option, "description", where, 75)
        yield from string(option, "value", where, 150, required=True)


def _text_input(element: Json, at: str) -> Iterator[Fault]:
    yield from keys(
        element,
        at,
        "action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load placeholder "
        "is_decimal_allowed min_value max_value",
    )
    yield from text(element, "placeholder", at, 150, plain=True)
    yield from string(element, "initial_value", at, INPUT_LIMIT, least=0)
    longest = element.get("max_length", INPUT_LIMIT)
    if not 1 <= longest <= INPUT_LIMIT:
        yield f"must be between 1 and {INPUT_LIMIT}", f"{at}/max_length"
    elif len(element.get("initial_value", "")) > longest:
        yield "must not be longer than max_length", f"{at}/initial_value"


def _confirm(element: Json, at: str) -> Iterator[Fault]:
    if isinstance(dialog := element.get("confirm"), dict):
        for part, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
            yield from text(dialog, part, f"{at}/confirm", most, required=True)


CHECKS: dict[str, Callable[[Json, str], Iterator[Fault]]] = {
    "button": _button,
    **dict.fromkeys(MENUS, _menu),
    **dict.fromkeys(CHOICES, _choice),
    **dict.fromkeys(TEXT_INPUTS, _text_input),
}


def every_option(element: Json) -> list[Json]:
    """A menu's options, those inside groups too."""
    grouped = [option for group in within(element, "option_groups") for option in within(group, "options")]
    return within(element, "options") + grouped
