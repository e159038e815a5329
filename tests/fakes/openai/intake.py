"""Reads a request as the API would: JSON or multipart, with the fields' types, judged by the official description."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.openai.records import Upload
from tests.fakes.specs import Spec

_INTEGERS = {"n", "partial_images", "output_compression"}
_NEWER_QUALITIES = {"xhigh", "max"}
_NEWER_FIELDS = {"safety_identifier", "complexity"}
"""The description of 2026-08-21 is older than these; the SDK 3.52.0 documents them."""
_MISSING_IN_FORMS = {"moderation"}
"""Described for an edit as JSON, forgotten for the same edit as a form."""


async def read(request: web.Request) -> tuple[dict[str, Any], list[Upload]]:
    """The body's fields and its files."""
    if request.content_type == "application/json":
        return await request.json(), []
    fields: dict[str, Any] = {}
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        name = part.name or ""
        if part.filename is None:
            fields[name] = _typed(name, data.decode())
        else:
            files.append(Upload(name, part.filename, part.headers.get("Content-Type", ""), data))
    return fields, files


def _typed(name: str, text: str) -> Any:
    if name in _INTEGERS:
        return int(text)
    return text == "true" if name == "stream" else text


def load_spec() -> Spec:
    """OpenAI's description, with what came after it allowed for."""
    return Spec.load("openai", adapt=_as_described)


def violations(spec: Spec, path: str, body: dict[str, Any], files: list[Upload], content_type: str) -> list[str]:
    """What the official description says against this request."""
    images = [file.filename for file in files if file.name in {"image", "image[]"}]
    whole = body | ({"image": images} if images else {})
    known = {name: value for name, value in whole.items() if name not in _NEWER_FIELDS | _MISSING_IN_FORMS}
    return [*spec.request_violations("POST", path, whole, content_type), *spec.unknown_fields("POST", path, known)]


def _as_described(_method: str, _template: str, body: Any) -> Any:
    return body | {"quality": "high"} if body.get("quality") in _NEWER_QUALITIES else body
