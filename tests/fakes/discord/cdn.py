"""Uploaded files: how they are kept, named, signed and served."""

from __future__ import annotations

import io
import mimetypes
import re
from urllib.parse import quote

from aiohttp import web
from PIL import Image, UnidentifiedImageError

from .jsontypes import Json
from .request_log import Upload
from .state import State
from .stored import StoredFile

_VALID_SECONDS = 24 * 3600.0


def keep(state: State, upload: Upload, channel_id: int, *, ephemeral: bool = False) -> StoredFile:
    """Stores an upload under the name Discord would give it."""
    filename = safe_name(upload.filename)
    content_type = mimetypes.guess_type(filename)[0]
    width, height = _dimensions(upload.data, content_type)
    file = StoredFile(
        id=state.clock.snowflake(),
        channel_id=channel_id,
        filename=filename,
        data=upload.data,
        content_type=content_type,
        description=upload.description,
        ephemeral=ephemeral,
        width=width,
        height=height,
    )
    state.files[file.id] = file
    return file


def safe_name(filename: str) -> str:
    """The name Discord keeps a file under: spaces and the like become underscores."""
    return re.sub(r"[^\w.\-]", "_", filename)


def url(state: State, file: StoredFile) -> str:
    """A signed address that stops working a day from now."""
    folder = "ephemeral-attachments" if file.ephemeral else "attachments"
    expires = int(state.clock.now() + _VALID_SECONDS)
    place = f"{state.address}/{folder}/{file.channel_id}/{file.id}/{quote(file.filename)}"
    return f"{place}?ex={expires:x}&is={expires - int(_VALID_SECONDS):x}&hm={file.id:064x}&"


def attachment_json(state: State, file: StoredFile) -> Json:
    address = url(state, file)
    body: Json = {"id": str(file.id), "filename": file.filename, "size": len(file.data), "url": address}
    body["proxy_url"] = address
    optional: Json = {"content_type": file.content_type, "description": file.description}
    optional |= {"ephemeral": file.ephemeral or None} | _size(file)
    return body | {key: value for key, value in optional.items() if value is not None}


def media_json(state: State, file: StoredFile) -> Json:
    """The file as a component shows it."""
    address = url(state, file)
    body: Json = {"id": str(file.id), "url": address, "proxy_url": address, "attachment_id": str(file.id)}
    return body | {"content_type": file.content_type, "width": file.width, "height": file.height}


def embed_media_json(state: State, file: StoredFile) -> Json:
    """The file as an embed's image; it has lost its alt text, as on Discord."""
    address = url(state, file)
    return {"url": address, "proxy_url": address, "content_type": file.content_type or "", **_size(file)}


async def serve(state: State, request: web.Request) -> web.Response:
    """GET of a signed address; unsigned and expired ones are gone."""
    file = state.files.get(int(request.match_info["file_id"]))
    expires = int(request.query.get("ex", "0"), 16)
    if file is None or "hm" not in request.query or expires < state.clock.now():
        return web.Response(status=404, text="This content is no longer available.")
    return web.Response(body=file.data, content_type=file.content_type or "application/octet-stream")


def _size(file: StoredFile) -> Json:
    return {"width": file.width, "height": file.height} if file.width else {}


def _dimensions(data: bytes, content_type: str | None) -> tuple[int, int] | tuple[None, None]:
    if not (content_type or "").startswith("image/"):
        return None, None
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except UnidentifiedImageError:
        return None, None
