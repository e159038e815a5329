"""Pictures as files."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from bot.web.config import STUDIO
from bot.web.sessions import caller
from bot.web.tasks import image_id
from core.errors import BadRequest
from core.gallery import FORMATS
from core.generation import Requester

# A picture never changes under its id; only its owner may keep it, and not for whoever signs in next.
CACHING = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Authorization, Cookie"}


async def download(request: web.Request) -> web.Response:
    """GET /images/{id}/download?format=png|jpeg|webp; without a format the provider's own bytes."""
    requester = await caller(request)
    wanted = request.query.get("format")
    if wanted is not None and wanted not in FORMATS:
        raise BadRequest(["format must be png, jpeg or webp."])
    identifier = image_id(request)
    if (cached := await _unchanged(request, identifier, wanted or "original", requester)) is not None:
        return cached
    file = await request.app[STUDIO].gallery.download(identifier, wanted, requester)
    headers = {
        **CACHING,
        "ETag": _etag(identifier, wanted or "original"),
        "Content-Disposition": f'attachment; filename="{file.filename}"',
    }
    return web.Response(body=file.data, content_type=file.media_type, headers=headers)


async def thumbnail(request: web.Request) -> web.Response:
    """GET /images/{id}/thumbnail: a WebP of at most 256 pixels a side."""
    requester = await caller(request)
    identifier = image_id(request)
    if (cached := await _unchanged(request, identifier, "thumbnail", requester)) is not None:
        return cached
    data = await request.app[STUDIO].gallery.thumbnail(identifier, requester)
    headers = {**CACHING, "ETag": _etag(identifier, "thumbnail")}
    return web.Response(body=data, content_type="image/webp", headers=headers)


async def _unchanged(request: web.Request, identifier: UUID, kind: str, requester: Requester) -> web.Response | None:
    """304 without reading a byte of the picture, once it is known that the asker may see it."""
    tag = _etag(identifier, kind)
    if not any(sent.value in {tag.strip('"'), "*"} for sent in request.if_none_match or ()):
        return None
    await request.app[STUDIO].gallery.picture(identifier, requester)
    return web.Response(status=304, headers={**CACHING, "ETag": tag})


def _etag(identifier: UUID, kind: str) -> str:
    return f'"{identifier.hex}-{kind}"'
