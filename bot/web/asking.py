"""Asking for pictures: a new request, or an earlier one again."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import replace
from urllib.parse import quote

from aiohttp import web

from bot.web.body import Fields, fields, read_json
from bot.web.config import STUDIO
from bot.web.pictures_in import read_pictures
from bot.web.sessions import caller
from bot.web.tasks import task_id
from bot.web.wire import STATUS_WORDS, TaskAccepted, estimated_cost, left_now, reply
from core.errors import BadRequest
from core.generation import Accepted, ImageRequest, Reference, Requester
from core.prompt import Asked, Choices
from core.studio import Studio

OPTIONS = {"size": str, "quality": str, "style": str, "count": int, "model": str, "background": str, "seed": int}
NEW = {"prompt": str, **OPTIONS, "reference_images": list, "confirm": bool}
AGAIN = {"prompt": str, **OPTIONS, "reseed": bool, "confirm": bool}

KEY = re.compile(r"[\x21-\x7e]{1,200}")


async def generate(request: web.Request) -> web.Response:
    """POST /images/generate"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    idempotency_key = _key(request, requester)
    given = fields(await read_json(request), NEW)
    references = await _pictures(given, studio.max_upload_bytes)
    asked = _understood(studio, given)
    accepted = await studio.requesting.submit(
        ImageRequest(
            requester=requester,
            prompt=asked.prompt,
            options=asked.options,
            idempotency_key=idempotency_key,
            references=references,
        ),
        confirmed=given.values.get("confirm", False),
    )
    return _taken(accepted, asked.notes)


async def again(request: web.Request) -> web.Response:
    """POST /images/tasks/{task_id}/again: as it was, with another seed, or with a changed prompt."""
    requester = await caller(request)
    studio = request.app[STUDIO]
    before = await studio.requesting.generation(task_id(request), requester)
    idempotency_key = _key(request, requester)
    given = fields(await read_json(request), AGAIN)
    asked = _understood(studio, given) if "prompt" in given.values else None
    if given.mistakes:
        raise BadRequest(given.mistakes)
    accepted = await studio.requesting.again(
        before.id,
        requester,
        idempotency_key=idempotency_key,
        reply_to=None,
        thread=None,
        # One text with all options in it, so that the pictures that `before` came with go along.
        text=studio.requesting.text_of(replace(before, prompt=asked.prompt, options=asked.options)) if asked else None,
        reseed=given.values.get("reseed", False),
        confirmed=given.values.get("confirm", False),
    )
    return _taken(accepted, asked.notes if asked else ())


async def _pictures(given: Fields, max_bytes: int) -> tuple[Reference, ...]:
    """Off the loop: megabytes of Base64 would hold up everybody else."""
    if texts := given.values.get("reference_images"):
        return await asyncio.to_thread(read_pictures, texts, max_bytes, given.mistakes)
    return ()


def _understood(studio: Studio, given: Fields) -> Asked:
    """Raises BadRequest with the mistakes in the body's form and those in its meaning, all at once."""
    try:
        asked = studio.requesting.read(
            given.values.get("prompt", ""), Choices(**{name: given.text(name) for name in OPTIONS})
        )
    except BadRequest as wrong:
        raise BadRequest([*given.mistakes, *wrong.mistakes]) from wrong
    if given.mistakes:
        raise BadRequest(given.mistakes)
    return asked


def _taken(accepted: Accepted, notes: tuple[str, ...]) -> web.Response:
    generation = accepted.generation
    answer = TaskAccepted(
        task_id=str(generation.id),
        status=STATUS_WORDS[generation.status],
        estimated_time=accepted.eta_seconds,
        position=accepted.position,
        estimated_cost=estimated_cost(generation),
        left=left_now(generation.left),
        notes=list(notes),
    )
    return reply(answer, 202, {"Location": f"/images/tasks/{generation.id}/status"})


def _key(request: web.Request, requester: Requester) -> str:
    """Unique to the user: quoted, so that no name runs over into the key of another."""
    sent = request.headers.get("Idempotency-Key") or secrets.token_urlsafe(16)
    if not KEY.fullmatch(sent):
        raise BadRequest(["Idempotency-Key must be 1 to 200 printable ASCII characters without spaces."])
    return f"web:{quote(requester.external_id, safe='')}:{sent}"
