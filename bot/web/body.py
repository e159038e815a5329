"""A JSON body becomes known fields of the right types; every mistake in it is listed, not only the first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from bot.web.errors import NotJson, TooLarge
from core.errors import BadRequest

OFF_THE_LOOP = 256 * 1024
"""Bytes from which reading JSON would hold up everybody else."""

WHOLE_NUMBERS = range(-(2**63), 2**63)

KINDS: Mapping[type, str] = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}


@dataclass(frozen=True, slots=True)
class Fields:
    """What could be read, and what could not."""

    values: Mapping[str, Any]
    mistakes: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """Numbers as the text that they would be typed as."""
        value = self.values.get(name)
        return None if value is None else str(value)


async def read_json(request: web.Request) -> object:
    """Raises NotJson, TooLarge or BadRequest."""
    if request.content_type != "application/json":
        raise NotJson
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise TooLarge(f"The request is larger than {request.client_max_size // 1024:,} KiB.") from error
    try:
        if len(body) > OFF_THE_LOOP:
            return await asyncio.to_thread(msgspec.json.decode, body)
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadRequest(["The body is not valid JSON. Send one JSON object in UTF-8."]) from error


def fields(body: object, known: Mapping[str, type]) -> Fields:
    """Keeps what has the type in `known`; null counts as left out."""
    if not isinstance(body, dict):
        raise BadRequest(["The body must be a JSON object."])
    mistakes = [f"There is no field {_echo(name)}." for name in body if name not in known]
    values = {}
    for name, kind in known.items():
        value = body.get(name)
        if value is None:
            continue
        # type(), because True is an int to isinstance.
        if type(value) is kind and (kind is not int or value in WHOLE_NUMBERS):
            values[name] = value
        else:
            mistakes.append(f"{name} must be {KINDS[kind]}.")
    return Fields(values, mistakes)


def _echo(name: str) -> str:
    return f"“{name if len(name) <= 40 else name[:39] + '…'}”"
