"""Subjects of policies as they are written in addresses: people by `platform/id`, everything else as the core does."""

from __future__ import annotations

import re
from uuid import UUID

from bot.web.admin.door import WORKSPACE
from core.errors import BadRequest
from core.generation import Requester
from core.policies import Scope
from core.studio import Studio

PLATFORMS = ("discord", "slack", "web", "cli")
LONGEST = 200
TIER = re.compile(r"[\w-]{1,40}")


def scope_of(text: str, *allowed: Scope) -> Scope:
    """Raises BadRequest."""
    if text not in allowed:
        raise BadRequest([f"The scope must be one of {', '.join(one.value for one in allowed)}."])
    return Scope(text)


async def user_of(studio: Studio, text: str) -> UUID:
    """The account behind `platform/id`, made if nobody came by that name yet. Raises BadRequest."""
    platform, _, external_id = text.partition("/")
    if platform not in PLATFORMS or not external_id or len(external_id) > LONGEST or not external_id.isprintable():
        wanted = ", ".join(f"{one}/ID" for one in PLATFORMS)
        raise BadRequest([f"Name a person as one of {wanted}; on Slack the ID is TEAM/USER."])
    return await studio.accounts.user_id(Requester(platform, external_id, external_id))


async def subject_of(studio: Studio, scope: Scope, text: str) -> str:
    """As the core names it. Raises BadRequest."""
    if scope is Scope.USER:
        return str(await user_of(studio, text))
    if scope is Scope.MEMBER:
        workspace, _, user = text.partition("|")
        _check(bool(WORKSPACE.fullmatch(workspace)), "Name a member as WORKSPACE|platform/ID.")
        return f"{workspace}|{await user_of(studio, user)}"
    if scope is Scope.WORKSPACE:
        _check(bool(WORKSPACE.fullmatch(text)), "Name a workspace as discord:SERVER or slack:TEAM.")
    elif scope is Scope.CHANNEL:
        workspace, _, channel = text.partition("/")
        fits = WORKSPACE.fullmatch(workspace) and 0 < len(channel) <= LONGEST and channel.isprintable()
        _check(bool(fits), "Name a channel as discord:SERVER/CHANNEL or slack:TEAM/CHANNEL.")
    elif scope is Scope.TIER:
        _check(bool(TIER.fullmatch(text)), "A tier's name is up to 40 letters, digits, _ and -.")
    return text


async def name_of(studio: Studio, scope: Scope, subject: str) -> str:
    """As it is written in addresses: the way back from `subject_of`."""
    if scope is Scope.USER:
        return await user_name(studio, subject)
    if scope is Scope.MEMBER:
        workspace, _, user = subject.partition("|")
        return f"{workspace}|{await user_name(studio, user)}"
    return subject


async def user_name(studio: Studio, user_id: str) -> str:
    found = await studio.accounts.store.requester(UUID(user_id))
    return user_id if found is None else f"{found.platform}/{found.external_id}"


def _check(fits: bool, sentence: str) -> None:
    if not fits:
        raise BadRequest([sentence])
