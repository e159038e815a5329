"""/limner-admin as Discord is told of it: for servers only, and by default for those who may manage them."""

from __future__ import annotations

from typing import TypeAlias

import discord
from discord import app_commands

from bot.discord.admin import Admin, Place
from bot.discord.edge import Edge
from bot.discord.replying import Interaction
from core.periods import Span
from core.policies import Scope
from core.usage_words import LIMITS

NAME = "limner-admin"
TIER = "tier"
"""The option that is completed while typing; see `commands.Tree`."""

REASON_LIMIT = 300
Reason: TypeAlias = app_commands.Range[str, 0, REASON_LIMIT]

_Kind = discord.ChannelType
_PLACES = [
    *(_Kind.text, _Kind.voice, _Kind.news, _Kind.stage_voice, _Kind.forum),
    *(_Kind.news_thread, _Kind.public_thread, _Kind.private_thread),
]


class PlaceOption(app_commands.Transformer):
    """A channel or a thread as Discord names it, in the cache or not; categories have no limits."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return _PLACES

    async def transform(self, _interaction: Interaction, value: Place, /) -> Place:
        return value


Channel: TypeAlias = app_commands.Transform[Place, PlaceOption]

_LIMITS = [app_commands.Choice(name=label, value=name) for name, label in LIMITS.items()]
_SPANS = [app_commands.Choice(name=span.words, value=span.value) for span in (Span.DAY, Span.MONTH)]
_BY = [
    app_commands.Choice(name="member", value=Scope.USER.value),
    app_commands.Choice(name="day", value=Span.DAY.value),
    app_commands.Choice(name="tier", value=Scope.TIER.value),
]


def administration(admin: Admin, edge: Edge) -> app_commands.Group:
    """All of it."""
    group = app_commands.Group(
        name=NAME,
        description="Limits, people and money of this server",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    _add_limits(group, admin, edge)
    _add_people(group, admin, edge)
    _add_blocking(group, admin, edge)
    _add_switches(group, admin, edge)
    return group


def _add_limits(group: app_commands.Group, admin: Admin, edge: Edge) -> None:
    limits = app_commands.Group(name="limits", description="What one person may do here", parent=group)

    @limits.command(name="show", description="Everything that is laid down for this server")
    async def show(interaction: discord.Interaction) -> None:
        async with edge.answering(interaction):
            await admin.show(interaction)

    @limits.command(name="set", description="Sets a limit for this server or for one channel")
    @app_commands.describe(
        limit="Which limit",
        value="A number, dollars such as $5, or none to take the limit back",
        channel="Only there; without one, in the whole server",
    )
    @app_commands.choices(limit=_LIMITS)
    async def set_(
        interaction: discord.Interaction,
        limit: str,
        value: app_commands.Range[str, 1, 20],
        channel: Channel | None = None,
    ) -> None:
        async with edge.answering(interaction):
            await admin.limit(interaction, limit, value, channel)


def _add_people(group: app_commands.Group, admin: Admin, edge: Edge) -> None:
    @group.command(name="tier", description="Puts a member, or everybody with a role, into a tier")
    @app_commands.describe(tier="The tier, or none to take it back", member="Who", role="Everybody with this role")
    @app_commands.autocomplete(tier=_by_the_tree)
    async def tier(
        interaction: discord.Interaction,
        tier: app_commands.Range[str, 1, 50],
        member: discord.User | None = None,
        role: discord.Role | None = None,
    ) -> None:
        async with edge.answering(interaction):
            await admin.tier(interaction, tier, member, role)

    @group.command(name="grant", description="Gives a member pictures on top of their limits")
    @app_commands.describe(member="Who", pictures="How many", period="Until when they can be used")
    @app_commands.choices(period=_SPANS)
    async def grant(
        interaction: discord.Interaction,
        member: discord.User,
        pictures: app_commands.Range[int, 1, 10_000],
        period: str = Span.DAY.value,
    ) -> None:
        async with edge.answering(interaction):
            await admin.grant(interaction, member, pictures, Span(period))


def _add_blocking(group: app_commands.Group, admin: Admin, edge: Edge) -> None:
    @group.command(name="block", description="Refuses requests of a member, in a channel, or everywhere here")
    @app_commands.describe(member="Who", channel="Where", everywhere="In the whole server", reason="Told to them")
    async def block(
        interaction: discord.Interaction,
        member: discord.User | None = None,
        channel: Channel | None = None,
        everywhere: bool = False,
        reason: Reason = "",
    ) -> None:
        async with edge.answering(interaction):
            await admin.block(interaction, False, reason, member=member, channel=channel, everywhere=everywhere)

    @group.command(name="unblock", description="Takes a block back")
    @app_commands.describe(member="Who", channel="Where", everywhere="In the whole server")
    async def unblock(
        interaction: discord.Interaction,
        member: discord.User | None = None,
        channel: Channel | None = None,
        everywhere: bool = False,
    ) -> None:
        async with edge.answering(interaction):
            await admin.block(interaction, None, "", member=member, channel=channel, everywhere=everywhere)

    @group.command(name="allow", description="Takes requests in a channel even if the server is blocked")
    @app_commands.describe(channel="Where")
    async def allow(interaction: discord.Interaction, channel: Channel) -> None:
        async with edge.answering(interaction):
            await admin.block(interaction, True, "", member=None, channel=channel, everywhere=False)


def _add_switches(group: app_commands.Group, admin: Admin, edge: Edge) -> None:
    @group.command(name="pause", description="Refuses new requests in this server; what was accepted goes on")
    @app_commands.describe(reason="Told to those who ask")
    async def pause(interaction: discord.Interaction, reason: Reason = "") -> None:
        async with edge.answering(interaction):
            await admin.pause(interaction, True, reason)

    @group.command(name="resume", description="Takes requests again")
    async def resume(interaction: discord.Interaction) -> None:
        async with edge.answering(interaction):
            await admin.pause(interaction, False)

    @group.command(name="spend", description="Where the money went this month")
    @app_commands.describe(by="A line for each")
    @app_commands.choices(by=_BY)
    async def spend(interaction: discord.Interaction, by: str = Scope.USER.value) -> None:
        async with edge.answering(interaction):
            await admin.spend(interaction, Span.DAY if by == Span.DAY.value else Scope(by))


async def _by_the_tree(_interaction: discord.Interaction, _typed: str) -> list[app_commands.Choice[str]]:
    """Marks an option as one that is completed while typing; `Tree.interaction_check` answers before this is asked."""
    return []
