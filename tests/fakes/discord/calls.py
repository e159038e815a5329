"""One REST call as its handler sees it, and how it is read off the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from . import errors
from .jsontypes import Json
from .limits import REQUEST_BYTES
from .request_log import Request, Upload, redacted

_FILE_PART = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Call:
    """A request together with the parameters of its path."""

    request: Request
    params: dict[str, str]

    @property
    def body(self) -> Json:
        return self.request.body

    @property
    def files(self) -> tuple[Upload, ...]:
        return self.request.files

    def id(self, name: str) -> int:
        """A snowflake out of the path."""
        if not self.params[name].isdecimal():
            raise errors.invalid_form(name, "NUMBER_TYPE_COERCE", f"Value {self.params[name]!r} is not snowflake.")
        return int(self.params[name])


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, and JSON unless there is nothing to say."""

    status: int = 200
    json: Any = None


Handler = Callable[[Call], Awaitable[Answer]]
Route = tuple[str, str, Handler]


async def read_request(web_request: web.Request, at: float, path: str) -> Request:
    """The request with its parsed body; a malformed body shows as ``json`` None and is refused by ``check_body``."""
    content_type = web_request.content_type if web_request.can_read_body else ""
    request = Request(
        at, web_request.method, path, dict(web_request.query), redacted(dict(web_request.headers)), content_type
    )
    if content_type == "multipart/form-data":
        await _read_multipart(web_request, request)
    elif web_request.can_read_body:
        request.json = _parsed(await web_request.read())
    return request


def check_body(request: Request, content_length: int | None) -> None:
    """Refuses what no handler could read."""
    if (content_length or 0) > REQUEST_BYTES:
        raise errors.entity_too_large()
    if request.content_type and request.json is None:
        raise errors.malformed_json()


async def _read_multipart(web_request: web.Request, request: Request) -> None:
    uploads: list[Upload] = []
    async for part in await web_request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        name = _FILE_PART.fullmatch(part.name or "")
        if name:
            kind = part.headers.get("Content-Type")
            uploads.append(Upload(int(name.group(1)), part.filename or "unknown", data, kind))
        elif part.name == "payload_json":
            request.json = _parsed(data)
    request.files = tuple(_described(upload, request.body) for upload in uploads)


def _described(upload: Upload, body: Json) -> Upload:
    """The upload with the name and alt text that its entry in ``attachments`` gives it."""
    entries = (body.get("data") or body).get("attachments") or ()
    entry: Json = next((entry for entry in entries if str(entry.get("id")) == str(upload.index)), {})
    name, text = entry.get("filename") or upload.filename, entry.get("description")
    return Upload(upload.index, name, upload.data, upload.content_type, text)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
