"""Limits, access and the switch: what is laid down for whom."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from aiohttp import web

from bot.web.admin.door import governor
from bot.web.admin.naming import name_of, scope_of, subject_of
from bot.web.body import fields, read_json
from bot.web.config import STUDIO
from bot.web.wire import reply
from core.administering import Authority
from core.errors import BadRequest
from core.policies import Policy, Scope
from core.studio import Studio
from core.usage_words import LIMITS

REASON = 300


class LaidDown(msgspec.Struct, kw_only=True):
    """A policy, its limits by the names that PUT takes; null says nothing, of a tier it means without limit."""

    scope: str
    subject: str
    allowed: bool | None
    paused: bool
    reason: str
    weight: float | None
    assignable: bool | None
    limits: Mapping[str, int | None]


async def laid_down(request: web.Request) -> web.Response:
    """GET /admin/limits"""
    by, _ = await governor(request)
    studio = request.app[STUDIO]
    found = await studio.administering.laid_down(by)
    return reply({"policies": [await policy_now(studio, one) for one in found]})


async def set_for_all(request: web.Request) -> web.Response:
    """PUT /admin/limits/installation"""
    by, _ = await governor(request)
    return await _set(request, by, Scope.INSTALLATION, "")


async def set_for_one(request: web.Request) -> web.Response:
    """PUT /admin/limits/{scope}/{subject}"""
    by, _ = await governor(request)
    scope = scope_of(request.match_info["scope"], Scope.WORKSPACE, Scope.CHANNEL, Scope.TIER, Scope.USER)
    return await _set(request, by, scope, request.match_info["subject"])


async def set_access(request: web.Request) -> web.Response:
    """PUT /admin/access/{scope}/{subject}: true, false or null."""
    by, _ = await governor(request)
    studio = request.app[STUDIO]
    body = await read_json(request)
    given = fields(body, {"allowed": bool, "reason": str})
    mistakes = [*given.mistakes, *_reason_mistakes(given.values)]
    if isinstance(body, dict) and "allowed" not in body:
        mistakes.append("allowed is missing: true lets in, false shuts out, null says nothing.")
    if mistakes:
        raise BadRequest(mistakes)
    allowed = (Scope.WORKSPACE, Scope.CHANNEL, Scope.USER, Scope.MEMBER)
    scope = scope_of(request.match_info["scope"], *allowed)
    subject = await subject_of(studio, scope, request.match_info["subject"])
    reason = given.values.get("reason", "")
    policy = await studio.administering.allow(by, scope, subject, given.values.get("allowed"), reason)
    return reply(await policy_now(studio, policy))


async def pause(request: web.Request) -> web.Response:
    """POST /admin/pause"""
    by, _ = await governor(request)
    given = fields(await read_json(request) if request.can_read_body else {}, {"reason": str})
    if mistakes := [*given.mistakes, *_reason_mistakes(given.values)]:
        raise BadRequest(mistakes)
    return await _paused(request.app[STUDIO], by, True, given.values.get("reason", ""))


async def resume(request: web.Request) -> web.Response:
    """DELETE /admin/pause"""
    by, _ = await governor(request)
    return await _paused(request.app[STUDIO], by, False)


async def policy_now(studio: Studio, policy: Policy) -> LaidDown:
    return LaidDown(
        scope=policy.scope,
        subject=await name_of(studio, policy.scope, policy.subject),
        allowed=policy.allowed,
        paused=policy.paused,
        reason=policy.reason,
        weight=policy.weight,
        assignable=policy.assignable,
        limits={name: getattr(policy, name) for name in LIMITS},
    )


async def _set(request: web.Request, by: Authority, scope: Scope, named: str) -> web.Response:
    studio = request.app[STUDIO]
    body = await read_json(request)
    given = fields(body, dict.fromkeys(LIMITS, int))
    if given.mistakes:
        raise BadRequest(given.mistakes)
    # Left out is not null: null takes a limit back.
    changes = {name: given.values.get(name) for name in body} if isinstance(body, dict) else {}
    if not changes:
        raise BadRequest([f"Name at least one limit: {', '.join(LIMITS)}."])
    subject = await subject_of(studio, scope, named)
    return reply(await policy_now(studio, await studio.administering.set_limits(by, scope, subject, changes)))


async def _paused(studio: Studio, by: Authority, paused: bool, reason: str = "") -> web.Response:
    return reply(await policy_now(studio, await studio.administering.pause(by, paused, reason)))


def _reason_mistakes(values: Mapping[str, object]) -> list[str]:
    reason = str(values.get("reason", ""))
    fits = len(reason) <= REASON and reason.isprintable()
    return [] if fits else [f"reason must be one line of at most {REASON} characters."]
