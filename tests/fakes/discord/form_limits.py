"""The limits of what is not a message: modals, autocomplete choices, and commands."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from . import errors
from .jsontypes import Json
from .limits import length
from .stored import walk

MODAL_TITLE, LABEL_TEXT, TOP_LEVEL, COMMANDS, OPTIONS, CHOICES, COMMAND_SIZE = 45, 45, 5, 100, 25, 25, 8000
CONTEXT_MENUS = 15
_ROW, _TEXT_INPUT, _DISPLAY, _LABEL = 1, 4, 10, 18
# Discord's own expression is ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$, with no upper case where there is a lower.
_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")


def check_modal(data: Json) -> None:
    """A title, one to five top-level components, unique custom ids."""
    length("data.title", data.get("title") or "", MODAL_TITLE, 1)
    length("data.custom_id", data.get("custom_id") or "", 100, 1)
    components = data.get("components") or []
    if not 1 <= len(components) <= TOP_LEVEL:
        problem = f"Must be between 1 and {TOP_LEVEL} in length."
        raise errors.invalid_form("data.components", "BASE_TYPE_BAD_LENGTH", problem)
    for place, component in enumerate(components):
        path = f"data.components.{place}"
        if component.get("type") not in (_ROW, _DISPLAY, _LABEL):
            problem = f'Value of field "type" must be one of ({_ROW}, {_DISPLAY}, {_LABEL}).'
            raise errors.invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", problem)
        if component["type"] == _LABEL:
            length(f"{path}.label", component.get("label") or "", LABEL_TEXT, 1)
            length(f"{path}.description", component.get("description") or "", 100)
    fields = [part for part in walk(components) if part.get("type") not in (_ROW, _DISPLAY, _LABEL)]
    for field in fields:
        _check_field(field)
    if any(times > 1 for times in Counter(field.get("custom_id") for field in fields).values()):
        problem = "Component custom id cannot be duplicated"
        raise errors.invalid_form("data.components", "COMPONENT_CUSTOM_ID_DUPLICATED", problem)


def _check_field(field: Json) -> None:
    length("data.components.custom_id", field.get("custom_id") or "", 100, 1)
    if field.get("type") == _TEXT_INPUT:
        length("data.components.label", field.get("label") or "", LABEL_TEXT)
        length("data.components.placeholder", field.get("placeholder") or "", 100)
        length("data.components.value", field.get("value") or "", field.get("max_length") or 4000)


def check_choices(choices: list[Json]) -> None:
    """At most 25, names and string values of 1 to 100 characters."""
    if len(choices) > CHOICES:
        raise errors.invalid_form("data.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES} or fewer in length.")
    for place, choice in enumerate(choices):
        length(f"data.choices.{place}.name", choice.get("name") or "", 100, 1)
        if isinstance(choice.get("value"), str):
            length(f"data.choices.{place}.value", choice["value"], 100)


def check_commands(commands: list[Json]) -> None:
    """Counts, names and sizes of a bulk overwrite."""
    kinds = Counter(command.get("type") or 1 for command in commands)
    for kind, most in ((1, COMMANDS), (2, CONTEXT_MENUS), (3, CONTEXT_MENUS)):
        if kinds[kind] > most:
            raise errors.ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")
    for place, command in enumerate(commands):
        if (command.get("type") or 1) == 1:
            _check_slash(f"{place}", command)
        length(f"{place}.name", command.get("name") or "", 32, 1)
    keys = Counter((command.get("type") or 1, command.get("name")) for command in commands)
    if any(times > 1 for times in keys.values()):
        problem = "Application command names must be unique"
        raise errors.invalid_form("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", problem)


def command_name_is_valid(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name == name.lower()


def _check_slash(path: str, command: Json) -> None:
    _check_named(path, command)
    if _size(command) > COMMAND_SIZE:
        problem = f"Command exceeds maximum size ({COMMAND_SIZE})"
        raise errors.invalid_form(path, "APPLICATION_COMMAND_TOO_LARGE", problem)


def _check_named(path: str, entry: Json) -> None:
    if not command_name_is_valid(entry.get("name") or ""):
        problem = "Command name is invalid"
        raise errors.invalid_form(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", problem)
    length(f"{path}.description", entry.get("description") or "", 100, 1)
    options = entry.get("options") or []
    if len(options) > OPTIONS or len(entry.get("choices") or ()) > CHOICES:
        raise errors.invalid_form(f"{path}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        problem = "Required options must be placed before non-required options"
        raise errors.invalid_form(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", problem)
    for place, option in enumerate(options):
        _check_named(f"{path}.options.{place}", option)


def _size(value: Any) -> int:
    """The characters that count towards a command's 8000: names, descriptions and values of its choices."""
    if isinstance(value, list):
        return sum(_size(item) for item in value)
    texts = [value.get(key) for key in ("name", "description", "value")]
    return sum(len(text) for text in texts if isinstance(text, str)) + sum(
        _size(value[key]) for key in ("options", "choices") if value.get(key)
    )
