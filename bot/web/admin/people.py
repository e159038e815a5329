"""Tiers, who is in them, and pictures on top."""

from __future__ import annotations

from aiohttp import web

from bot.web.admin.door import governor
from bot.web.admin.limits import policy_now
from bot.web.admin.naming import LONGEST, user_name, user_of
from bot.web.body import fields, read_json
from bot.web.config import STUDIO
from bot.web.wire import reply
from core.errors import BadRequest
from core.periods import Span
from core.ports import Assignment
from core.studio import Studio


async def tiers(request: web.Request) -> web.Response:
    """GET /admin/tiers"""
    by, _ = await governor(request)
    studio = request.app[STUDIO]
    administering = studio.administering
    assigned = await administering.assignments(by)
    return reply(
        {
            "tiers": [await policy_now(studio, one) for one in await administering.tiers()],
            "assignments": [await _assignment(studio, one) for one in assigned],
        }
    )


async def put_in_tier(request: web.Request) -> web.Response:
    """PUT /admin/tiers/{subject}: `user:platform:id` or `role:id`; null takes the word back."""
    by, _ = await governor(request)
    studio = request.app[STUDIO]
    body = await read_json(request)
    given = fields(body, {"tier": str})
    mistakes = list(given.mistakes)
    if isinstance(body, dict) and "tier" not in body:
        mistakes.append("tier is missing: its name, or null to take the word back.")
    kind, _, rest = request.match_info["subject"].partition(":")
    if kind == "role" and not by.workspace:
        mistakes.append("A role is one of a workspace: add ?workspace=discord:SERVER or slack:TEAM.")
    if kind not in {"user", "role"} or not 0 < len(rest) <= LONGEST or not rest.isprintable():
        mistakes.append("Name who is meant as user:PLATFORM:ID or role:ID.")
    if mistakes:
        raise BadRequest(mistakes)
    subject = f"user:{await user_of(studio, rest.replace(':', '/', 1))}" if kind == "user" else f"role:{rest}"
    assignment = await studio.administering.put_in_tier(by, subject, given.values.get("tier", ""))
    return reply(await _assignment(studio, assignment))


async def grant(request: web.Request) -> web.Response:
    """POST /admin/grants: that many pictures on top for this hour, day or month."""
    by, _ = await governor(request)
    studio = request.app[STUDIO]
    given = fields(await read_json(request), {"user": str, "pictures": int, "span": str})
    mistakes = [*given.mistakes, *(f"{name} is missing." for name in ("user", "pictures") if name not in given.values)]
    span = given.values.get("span", Span.DAY.value)
    if span not in set(Span):
        mistakes.append("span must be hour, day or month.")
    if mistakes:
        raise BadRequest(mistakes)
    user, pictures = given.values["user"], given.values["pictures"]
    await studio.administering.grant(by, await user_of(studio, user), pictures, Span(span))
    return reply({"user": user, "pictures": pictures, "span": span})


async def _assignment(studio: Studio, one: Assignment) -> dict[str, str | None]:
    kind, _, rest = one.subject.partition(":")
    if kind == "user":
        rest = (await user_name(studio, rest)).replace("/", ":", 1)
    return {"workspace": one.workspace, "subject": f"{kind}:{rest}", "tier": one.tier or None}
