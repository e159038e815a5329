"""What admins of a server do.

Who is one is read from each interaction: a server's own settings can offer any command to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import discord
from discord import app_commands

from bot.discord import admin_pages, amounts
from bot.discord.page import Page
from bot.discord.replying import Interaction, fill, placeholder
from bot.discord.text import literal
from bot.discord.venue import channel as named
from bot.discord.venue import person, workspace
from core.administering import Authority
from core.errors import BadRequest, NotAllowed
from core.periods import Span
from core.policies import Policy, Scope
from core.ports import Assignment
from core.studio import Studio

Place = app_commands.AppCommandChannel | app_commands.AppCommandThread
User = discord.User | discord.Member

PEOPLE_SHOWN = 25
NO_TIER = "none"
REFUSED = "Only members with the permission Manage Server may do this."
WHO = "Name a member, a channel, or everywhere: one of them."


def may(interaction: Interaction) -> bool:
    """Whether this member administers this server, right now."""
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


@dataclass(frozen=True, slots=True)
class Admin:
    """Every answer is for the admin alone. Each method raises NotAllowed for others."""

    studio: Studio

    async def show(self, interaction: Interaction) -> None:
        by = await self._admitted(interaction)
        policies = await self.studio.administering.laid_down(by)
        assignments = await self.studio.administering.assignments(by)
        people = await self._people(policies, assignments)
        await fill(interaction, admin_pages.rules(policies, assignments, people))

    async def limit(self, interaction: Interaction, name: str, value: str, channel: Place | None) -> None:
        by = await self._admitted(interaction)
        changes = {name: amounts.read(name, value)}
        scope, subject = self._place(by, interaction, channel)
        await self._laid_down(interaction, await self.studio.administering.set_limits(by, scope, subject, changes))

    async def tier(self, interaction: Interaction, tier: str, member: User | None, role: discord.Role | None) -> None:
        by = await self._admitted(interaction)
        if (member is None) == (role is None):
            raise BadRequest(["Name a member or a role: one of them."])
        subject = f"role:{role.id}" if role else f"user:{await self._account(member)}"
        wanted = "" if tier.strip().lower() == NO_TIER else tier.strip()
        await self.studio.administering.put_in_tier(by, subject, wanted)
        whose = role.mention if role else member.mention if member else ""
        said = f"{whose} is in the tier **{literal(wanted, 50)}** now." if wanted else f"{whose} is in no tier now."
        await fill(interaction, admin_pages.done(said))

    async def pause(self, interaction: Interaction, paused: bool, reason: str = "") -> None:
        by = await self._admitted(interaction)
        await self.studio.administering.pause(by, paused, reason)
        said = "New requests are refused in this server; what was accepted goes on."
        await fill(interaction, admin_pages.done(said if paused else "Pictures can be asked for here again."))

    async def block(
        self,
        interaction: Interaction,
        allowed: bool | None,
        reason: str,
        *,
        member: User | None,
        channel: Place | None,
        everywhere: bool,
    ) -> None:
        """Shuts out (False), lets in (True) or says nothing any more (None) of a member, a channel or the server."""
        by = await self._admitted(interaction)
        if sum([member is not None, channel is not None, everywhere]) != 1:
            raise BadRequest([WHO])
        if member is not None:
            shut = allowed is False
            policy = await self.studio.administering.block(by, await self._account(member), shut, reason)
        else:
            scope, subject = self._place(by, interaction, channel)
            policy = await self.studio.administering.allow(by, scope, subject, allowed, reason)
        await self._laid_down(interaction, policy)

    async def grant(self, interaction: Interaction, member: User, count: int, span: Span) -> None:
        by = await self._admitted(interaction)
        await self.studio.administering.grant(by, await self._account(member), count, span)
        await fill(interaction, admin_pages.done(f"{member.mention} may make {count:,} more {span.words}."))

    async def spend(self, interaction: Interaction, of: Scope | Span) -> None:
        by = await self._admitted(interaction)
        await fill(interaction, admin_pages.spent(await self.studio.administering.spend(by, of=of)))

    async def tiers(self, typed: str) -> list[str]:
        """The tiers that may be given to members, for what is typed so far."""
        found = [one.subject for one in await self.studio.administering.tiers() if one.assignable]
        return [one for one in [*found, NO_TIER] if typed.strip().lower() in one.lower()]

    async def _admitted(self, interaction: Interaction) -> Authority:
        """Acknowledges first, as everything must within three seconds."""
        await placeholder(interaction, private=True)
        if not may(interaction) or interaction.guild_id is None:
            raise NotAllowed(REFUSED, "Ask somebody who administers this server.")
        name = f"{interaction.user.display_name} (Discord {interaction.user.id})"
        return Authority(workspace(interaction.guild_id), name)

    @staticmethod
    def _place(by: Authority, interaction: Interaction, channel: Place | None) -> tuple[Scope, str]:
        if channel is None:
            return Scope.WORKSPACE, by.workspace
        return Scope.CHANNEL, named(interaction.guild_id or 0, channel.id)

    async def _account(self, member: User | None) -> UUID:
        if member is None:
            raise BadRequest([WHO])
        return await self.studio.accounts.user_id(person(member))

    async def _laid_down(self, interaction: Interaction, policy: Policy) -> None:
        page: Page = admin_pages.laid_down(policy, await self._people([policy], []))
        await fill(interaction, page)

    async def _people(self, policies: Iterable[Policy], assignments: Iterable[Assignment]) -> dict[str, str]:
        ids = [one.subject.rpartition("|")[2] for one in policies if one.scope is Scope.MEMBER]
        ids += [one.subject.removeprefix("user:") for one in assignments if one.subject.startswith("user:")]
        found = {}
        for one in list(dict.fromkeys(ids))[:PEOPLE_SHOWN]:
            who = await self.studio.accounts.store.requester(UUID(one))
            if who is not None:
                known = who.platform == "discord" and who.external_id.isdecimal()
                found[one] = f"<@{who.external_id}>" if known else literal(who.name, 60)
        return found
