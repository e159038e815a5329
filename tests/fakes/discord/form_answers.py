"""A person filling in a modal: every field answered within its limits, as a real client sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .jsontypes import Json
from .options import ClientRefused
from .stored import StoredFile, walk

_ROW, _TEXT_INPUT, _DISPLAY, _LABEL, _UPLOAD, _RADIO, _CHECKBOX = 1, 4, 10, 18, 19, 21, 23

Values = Mapping[str, str | bool | list[str] | list[StoredFile]]


def answered(components: list[Json], values: Values) -> list[Json]:
    """The modal's components with the answers in place; what is not answered keeps what was filled in."""
    fields = {part["custom_id"] for part in walk(components) if "custom_id" in part}
    unknown = values.keys() - fields
    if unknown:
        raise ClientRefused(f"the modal has no field {sorted(unknown)}; it has {sorted(fields)}")
    return [_answer(component, values) for component in components]


def _answer(component: Json, values: Values) -> Json:
    head: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == _DISPLAY:
        return head
    if component["type"] == _LABEL:
        return head | {"component": _field(component["component"], values)}
    return head | {"components": [_field(field, values) for field in component["components"]]}


def _field(field: Json, values: Values) -> Json:
    head: Json = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    given: Any = values.get(field["custom_id"])
    if field["type"] == _TEXT_INPUT:
        text = field.get("value") or "" if given is None else str(given)
        _check_size(field, len(text), "min_length", "max_length", 4000)
        return head | {"value": text}
    if field["type"] == _CHECKBOX:
        return head | {"value": bool(field.get("default") if given is None else given)}
    if field["type"] == _RADIO:
        return head | {"value": next(iter(_defaults(field)), None) if given is None else given}
    chosen = _defaults(field) if given is None else list(given)
    _check_size(field, len(chosen), "min_values", "max_values", 1)
    return head | {"values": [str(one.id) if isinstance(one, StoredFile) else one for one in chosen]}


def _defaults(field: Json) -> list[str]:
    return [option["value"] for option in field.get("options") or () if option.get("default")]


def _check_size(field: Json, size: int, least: str, most: str, ceiling: int) -> None:
    if size == 0 and not field.get("required", True):
        return
    if not max(field.get(least) or 0, 1) <= size <= (field.get(most) or ceiling):
        bounds = f"{field.get(least)} to {field.get(most)}"
        raise ClientRefused(f"the field {field['custom_id']!r} takes {bounds}, not {size}")
