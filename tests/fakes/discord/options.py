"""A person filling in a command: the values a real client would let through, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import cdn
from .jsontypes import Json
from .state import State
from .stored import StoredFile
from .world import Channel, Guild, Role, User

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 10, 11
_SUBCOMMAND, _GROUP = 1, 2


class ClientRefused(AssertionError):
    """A real client would not have sent this: it is the test that asks for something impossible."""


def descend(command: Json, path: list[str]) -> list[Json]:
    """The command followed by the subcommands named in ``path``."""
    chain = [command]
    for name in path:
        inner = [option for option in chain[-1].get("options", ()) if option["type"] in (_SUBCOMMAND, _GROUP)]
        found = next((option for option in inner if option["name"] == name), None)
        if found is None:
            raise ClientRefused(f"{chain[-1]['name']!r} has no subcommand {name!r}")
        chain.append(found)
    return chain


def filled_in(leaf: Json, values: Mapping[str, Any], *, focused: str | None = None) -> list[Json]:
    """The options as sent; with ``focused`` it is an autocompletion, where required ones may still be missing."""
    known = {option["name"]: option for option in leaf.get("options", ())}
    unknown = values.keys() - known.keys()
    if unknown:
        raise ClientRefused(f"the command {leaf['name']!r} has no option {sorted(unknown)}; it has {sorted(known)}")
    missing = [name for name, option in known.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise ClientRefused(f"the command {leaf['name']!r} requires {missing}")
    sent = []
    for name, value in values.items():
        entry: Json = {"name": name, "type": known[name]["type"]}
        if name == focused:
            if not known[name].get("autocomplete"):
                raise ClientRefused(f"the option {name!r} has no autocompletion")
            sent.append(entry | {"value": value, "focused": True})
        else:
            sent.append(entry | {"value": _value(known[name], value)})
    return sent


def nested(chain: list[Json], sent: list[Json]) -> list[Json]:
    """The options wrapped in the subcommands that lead to them."""
    for link in reversed(chain[1:]):
        sent = [{"name": link["name"], "type": link["type"], "options": sent}]
    return sent


def resolved(state: State, guild: Guild | None, values: Mapping[str, Any]) -> Json:
    """The objects behind the ids among the values."""
    found: Json = {}
    for value in values.values():
        if isinstance(value, StoredFile):
            found.setdefault("attachments", {})[str(value.id)] = cdn.attachment_json(state, value)
        elif isinstance(value, User):
            found.setdefault("users", {})[str(value.id)] = value.json()
            if guild is not None and value.id in guild.members:
                found.setdefault("members", {})[str(value.id)] = guild.member_json(value) | {"permissions": "0"}
        elif isinstance(value, Channel):
            found.setdefault("channels", {})[str(value.id)] = value.json() | {"permissions": "0"}
        elif isinstance(value, Role):
            found.setdefault("roles", {})[str(value.id)] = value.json()
    return found


def _value(option: Json, value: Any) -> Any:
    kind, name = option["type"], option["name"]
    expected: Any = _PYTHON_TYPES[kind]
    if not isinstance(value, expected) or (isinstance(value, bool) and kind != BOOLEAN):
        raise ClientRefused(f"the option {name!r} takes {expected}, not {value!r}")
    if kind in (USER, CHANNEL, ROLE, ATTACHMENT):
        return str(value.id)
    choices = option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise ClientRefused(f"the option {name!r} offers {[choice['value'] for choice in choices]}, not {value!r}")
    size = len(value) if kind == STRING else value
    least, most = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    ceiling = option.get(most, 6000 if kind == STRING else None)
    if size < option.get(least, size) or (ceiling is not None and size > ceiling):
        raise ClientRefused(f"the option {name!r} takes {option.get(least)} to {ceiling}, not {size}")
    return value


_PYTHON_TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: User,
    CHANNEL: Channel,
    ROLE: Role,
    NUMBER: (int, float),
    ATTACHMENT: StoredFile,
}
