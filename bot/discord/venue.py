"""Where an interaction happens, and as what its user asks there: what limits are laid down for."""

from __future__ import annotations

import discord

from bot.discord.address import PLATFORM
from bot.discord.replying import Interaction
from core.generation import Requester, Venue


def requester(interaction: Interaction) -> Requester:
    return person(interaction.user)


def person(user: discord.User | discord.Member) -> Requester:
    return Requester(PLATFORM, str(user.id), user.display_name)


def workspace(guild_id: int) -> str:
    """The server, as `Venue.workspace` names it."""
    return f"{PLATFORM}:{guild_id}"


def channel(guild_id: int, channel_id: int) -> str:
    """A channel or a thread, as `Venue.channels` names it."""
    return f"{workspace(guild_id)}/{channel_id}"


def venue(interaction: Interaction) -> Venue:
    """A thread comes before its channel. Direct messages belong to no server and have no rules of their own."""
    guild_id = interaction.guild_id
    if guild_id is None:
        return Venue()
    places = [interaction.channel_id, _parent(interaction)]
    return Venue(
        workspace=workspace(guild_id),
        channels=tuple(channel(guild_id, place) for place in places if place is not None),
        roles=(*_roles(interaction.user), str(guild_id)),
    )


def _parent(interaction: Interaction) -> int | None:
    return interaction.channel.parent_id if isinstance(interaction.channel, discord.Thread) else None


def _roles(member: discord.User | discord.Member) -> tuple[str, ...]:
    """As the interaction tells them; `Member.roles` leaves out those of a server that is not in the cache (yet)."""
    found = member._roles if isinstance(member, discord.Member) else ()  # noqa: SLF001  there is no public way
    return tuple(str(role_id) for role_id in found)
