"""Where in Slack somebody asks, and as what: what limits are laid down for."""

from __future__ import annotations

from bot.slack.place import PLATFORM
from bot.slack.user_groups import UserGroups
from core.generation import Venue


def workspace_of(team: str) -> str:
    return f"{PLATFORM}:{team}"


def channel_of(team: str, channel: str) -> str:
    return f"{workspace_of(team)}/{channel}"


def is_direct(channel: str) -> bool:
    """Whether it is a conversation with the bot alone."""
    return channel.startswith("D")


class Venues:
    def __init__(self, groups: UserGroups) -> None:
        self._groups = groups

    async def of(self, team: str, channel: str, user: str) -> Venue:
        """A direct message belongs to the workspace, too. Never fails: what Slack does not tell is left out."""
        if not team:
            return Venue()
        channels = () if is_direct(channel) else (channel_of(team, channel),)
        return Venue(workspace_of(team), channels, await self._groups.of(user))
