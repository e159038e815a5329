"""Who is in which user group: asked of Slack seldom, for it answers with all of them at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.slack.blocks import Json
from bot.slack.web_api import WebApi
from core.errors import Outage, Undeliverable

log = logging.getLogger(__name__)

FRESH = 300.0
"""Seconds for which an answer is believed. usergroups.list is of tier 2: twenty calls a minute."""

AGAIN = 30.0
"""Seconds until the next try where Slack gave none."""

PATIENCE = 1.0
"""Seconds that somebody's request may wait for this; after that the last answer serves."""


class UserGroups:
    """Where Slack does not tell, what it told last holds; without the scope nobody is in any group."""

    def __init__(self, web_api: WebApi) -> None:
        self._web_api = web_api
        self._asking = asyncio.Lock()
        self._ask_at = 0.0
        self._found: Mapping[str, Json] = {}

    async def of(self, user: str) -> tuple[str, ...]:
        """The ids of the groups that somebody is in."""
        await self._refresh()
        return tuple(group for group, shown in self._found.items() if user in (shown.get("users") or ()))

    async def name(self, group: str) -> str:
        """As people address it, `@designers`; its id where it is unknown."""
        await self._refresh()
        handle = (self._found.get(group) or {}).get("handle")
        return f"@{handle}" if handle else group

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._asking:
                if _now() >= self._ask_at:
                    self._ask_at = _now() + AGAIN
                    self._found = await self._asked()
                    self._ask_at = _now() + FRESH
        except (Outage, TimeoutError) as away:
            log.warning("user_groups_delayed", extra={"reason": str(away) or "Slack took too long"})

    async def _asked(self) -> Mapping[str, Json]:
        try:
            return await self._web_api.user_groups()
        except Undeliverable as refused:
            log.warning("user_groups_unknown", extra={"reason": str(refused)})
            return {}


def _now() -> float:
    return asyncio.get_running_loop().time()
