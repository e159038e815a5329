"""Who governs, and over what: an admin token, over everything or over the one workspace that the query names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp import web

from bot.web.config import STUDIO
from bot.web.sessions import bearer, caller
from core.administering import Authority
from core.errors import BadRequest, NotAllowed

WORKSPACE = re.compile(r"(discord|slack):[^\s/|]{1,100}")


class AdminsOnly(NotAllowed):
    """This needs an admin token."""

    next_step = "The operator makes one with `limner token --user NAME --admin`."


async def governor(request: web.Request, *known: str) -> tuple[Authority, Mapping[str, str]]:
    """The authority, and the query, in which only `workspace` and `known` may stand.

    Raises AdminsOnly for everybody else, whatever they ask for; a session of the page never governs.
    """
    requester = await caller(request)
    if not await request.app[STUDIO].accounts.is_admin(bearer(request)):
        raise AdminsOnly
    query = request.query
    mistakes = [f"There is no parameter “{name[:40]}”." for name in query if name not in {"workspace", *known}]
    workspace = query.get("workspace", "")
    if workspace and not WORKSPACE.fullmatch(workspace):
        mistakes.append("workspace must read discord:SERVER or slack:TEAM.")
    if mistakes:
        raise BadRequest(mistakes)
    return Authority(workspace, requester.external_id), query
