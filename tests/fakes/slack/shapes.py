"""The smallest of Block Kit's rules: allowed keys, text objects, bounded strings and arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Fault = tuple[str, str]
"""What is wrong, in Slack's words, and the JSON pointer to where."""


def words(names: str) -> frozenset[str]:
    """The names in a line of them."""
    return frozenset(names.split())


def keys(holder: Mapping[str, Any], at: str, allowed: str) -> Iterator[Fault]:
    """Properties that Slack would refuse."""
    for name in sorted(holder.keys() - {"type", "block_id", *allowed.split()}):
        yield f"invalid additional property: {name}", at


def within(holder: Mapping[str, Any], name: str) -> list[Any]:
    """The array of that name, empty where there is none."""
    found = holder.get(name)
    return found if isinstance(found, list) else []


def number_of(holder: Mapping[str, Any], name: str, at: str, least: int, most: int) -> Iterator[Fault]:
    """An array that must be there, with so many items."""
    found = holder.get(name)
    if not isinstance(found, list):
        yield f"missing required field: {name}", at
    elif len(found) > most:
        yield f"no more than {most} items allowed", f"{at}/{name}"
    elif len(found) < least:
        yield f"no fewer than {least} items required", f"{at}/{name}"


def string(
    holder: Mapping[Any, Any], name: str, at: str, most: int, *, required: bool = False, least: int = 1
) -> Iterator[Fault]:
    """A plain JSON string with a greatest length."""
    if name not in holder:
        if required:
            yield f"missing required field: {name}", at
    elif not isinstance(holder[name], str):
        yield "must be a string", f"{at}/{name}"
    else:
        yield from _length(holder[name], f"{at}/{name}", most, least)


def text(
    holder: Mapping[Any, Any], name: str | int, at: str, most: int, *, required: bool = False, plain: bool = False
) -> Iterator[Fault]:
    """A text object (`plain_text` or `mrkdwn`) with a greatest length."""
    where = f"{at}/{name}"
    found = holder.get(name)
    if found is None:
        if required:
            yield f"missing required field: {name}", at
        return
    if not isinstance(found, dict) or found.get("type") not in ("plain_text", "mrkdwn"):
        yield "failed to match all allowed schemas", where
        return
    if plain and found["type"] != "plain_text":
        yield "must be a valid enum value", f"{where}/type"
    yield from keys(found, where, "text emoji" if found["type"] == "plain_text" else "text verbatim")
    yield from string(found, "text", where, most, required=True)


def _length(found: str, at: str, most: int, least: int) -> Iterator[Fault]:
    if len(found) > most:
        yield f"must be less than {most + 1} characters", at
    elif len(found) < least:
        yield f"must be more than {least - 1} characters", at
