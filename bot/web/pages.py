"""The chat page, its single turns, and signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp_jinja2
from aiohttp import web

from bot.web import sessions
from bot.web.config import CONFIG, STUDIO
from bot.web.security import check_same_origin
from bot.web.sessions import caller
from bot.web.tasks import task_id
from bot.web.turns import turn_of, turns_of

SHOWN = 20
"""Requests on the page; older ones stay stored."""

FORM_BYTES = 4096

EXAMPLES = (
    "A lighthouse at dusk, seen from the sea, warm light on the waves",
    "A fox reading a newspaper in a café, watercolour --style watercolor",
    "A quiet mountain lake before sunrise, mist between the pines --ar 16:9",
    "An isometric library grown inside a hollow tree",
)


async def chat(request: web.Request) -> web.StreamResponse:
    """GET /: the last requests and the composer."""
    config, studio = request.app[CONFIG], request.app[STUDIO]
    requester = await sessions.by_cookie(request) if config.open_as is None else config.open_as
    if requester is None:
        return _to_the_door(request)
    turns = await turns_of(studio, await studio.requesting.recent(requester, SHOWN))
    context = {
        "turns": turns,
        "models": studio.catalogue.usable(datetime.now(UTC).date()),
        "styles": studio.styles.all,
        "examples": EXAMPLES,
        "name": requester.name,
        "can_sign_out": config.open_as is None,
        "max_bytes": studio.max_upload_bytes,
    }
    page = aiohttp_jinja2.render_template("chat.html", request, context)
    if config.open_as is not None:
        sessions.begin(page, config, None)
    return page


async def turn(request: web.Request) -> web.StreamResponse:
    """GET /turns/{task_id}: one turn as a piece of the page, so that there is one template for both."""
    requester = await caller(request)
    studio = request.app[STUDIO]
    generation = await studio.requesting.generation(task_id(request), requester)
    context = {"turn": await turn_of(studio, generation)}
    return aiohttp_jinja2.render_template("turn.html", request, context)


async def sign_in_form(request: web.Request) -> web.StreamResponse:
    return _form(request)


async def sign_in(request: web.Request) -> web.StreamResponse:
    """POST /sign-in: an API token becomes a session."""
    check_same_origin(request)
    form = await request.clone(client_max_size=FORM_BYTES).post()
    accounts, given = request.app[STUDIO].accounts, form.get("token")
    token = given.strip() if isinstance(given, str) else ""
    if await accounts.by_token(token) is None:
        return _form(request, mistake="That token is not valid. Check that you copied all of it.")
    answer = web.Response(status=303, headers={"Location": "/"})
    sessions.begin(answer, request.app[CONFIG], accounts.mark(token))
    return answer


async def sign_out(request: web.Request) -> web.StreamResponse:
    """POST /sign-out"""
    check_same_origin(request)
    answer = web.Response(status=303, headers={"Location": "/sign-in"})
    sessions.end(answer, request.app[CONFIG])
    return answer


def _to_the_door(request: web.Request) -> web.Response:
    """Who came by a link from another site did not bring the strict cookie, and looks again before signing in."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return web.Response(content_type="text/html", headers={"Refresh": "0"})
    return web.Response(status=303, headers={"Location": "/sign-in"})


def _form(request: web.Request, mistake: str = "") -> web.Response:
    if request.app[CONFIG].open_as is not None:
        raise web.HTTPSeeOther("/")
    return aiohttp_jinja2.render_template("sign_in.html", request, {"mistake": mistake}, status=401 if mistake else 200)
