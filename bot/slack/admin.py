"""`/limner-admin`: what an admin of the workspace lays down for it, and where its money went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import assert_never
from uuid import UUID

from bot.slack import admin_answers, orders
from bot.slack.blocks import Message
from bot.slack.errands import told
from bot.slack.intake import Asking
from bot.slack.orders import Allow, Channel, Grant, Help, Order, Pause, Person, SetLimit, SetTier, ShowLimits, ShowSpend
from bot.slack.origin import Origin
from bot.slack.place import requester
from bot.slack.user_groups import UserGroups
from bot.slack.venue import channel_of, is_direct, workspace_of
from bot.slack.web_api import WebApi
from core.administering import Authority
from core.errors import BadRequest, NotAllowed, Undeliverable
from core.policies import Scope
from core.studio import Studio

ADMINS_ONLY = "Only admins and owners of this workspace may do that."
CANNOT_TELL = "I cannot see who is an admin of this workspace."
ADD_SCOPE = "Give the app the bot scope users:read and install it anew; `limner doctor` says how."
IN_A_CHANNEL = "A direct message has no limits of its own. Type it in the channel, or name one: #channel"


@dataclass(frozen=True, slots=True)
class Admin:
    """Answers go to the admin alone, and name nothing that lies outside the workspace."""

    studio: Studio
    web_api: WebApi
    groups: UserGroups

    async def typed(self, origin: Origin, text: str) -> None:
        await self._check(origin)
        by = Authority(workspace_of(origin.team), f"{origin.name} {Asking.of(origin).requester.external_id}".strip())
        done = await self._done(by, origin, orders.read(text))
        # Whoever is told to try again would grant twice.
        await told(partial(self.web_api.respond, origin.respond), done)

    async def _check(self, origin: Origin) -> None:
        """Asked of Slack every time: who is no admin any more must not be one here for another minute."""
        try:
            found = await self.web_api.user(origin.user)
        except Undeliverable as refused:
            raise NotAllowed(CANNOT_TELL, ADD_SCOPE) from refused
        teams = {found.get("team_id"), *((found.get("enterprise_user") or {}).get("teams") or ())}
        if origin.team not in teams or found.get("deleted") or not (found.get("is_admin") or found.get("is_owner")):
            raise NotAllowed(ADMINS_ONLY, "")

    async def _done(self, by: Authority, origin: Origin, order: Order) -> Message:
        administering = self.studio.administering
        match order:
            case Help():
                return admin_answers.help_text()
            case ShowLimits():
                return await self._limits(by)
            case SetLimit(field, value, channel):
                scope, subject = self._place(by, origin, channel)
                policy = await administering.set_limits(by, scope, subject, {field: value})
                return admin_answers.laid_down(policy, field if value is None else "")
            case SetTier():
                return await self._tier(by, origin, order)
            case Pause(paused, reason):
                await administering.pause(by, paused, reason)
                return admin_answers.paused(paused, reason)
            case Allow():
                return await self._allow(by, origin, order)
            case Grant(person, pictures, span):
                await administering.grant(by, await self._account(origin, person), pictures, span)
                return admin_answers.granted(person.name or person.user, pictures, span)
            case ShowSpend(of):
                return admin_answers.spend(await administering.spend(by, of=of))
            case _:
                assert_never(order)

    async def _limits(self, by: Authority) -> Message:
        administering = self.studio.administering
        laid_down, assigned = await administering.laid_down(by), await administering.assignments(by)
        named = {one.subject: await self._name(one.subject) for one in assigned}
        for one in laid_down:
            if one.scope is Scope.MEMBER:
                named[one.subject] = await self._name(f"user:{one.subject.rpartition('|')[2]}")
        return admin_answers.limits(laid_down, await administering.tiers(), assigned, named)

    async def _tier(self, by: Authority, origin: Origin, order: SetTier) -> Message:
        if isinstance(order.whom, Person):
            subject, name = f"user:{await self._account(origin, order.whom)}", order.whom.name or order.whom.user
        else:
            subject, name = f"role:{order.whom.id}", await self.groups.name(order.whom.id)
        await self.studio.administering.put_in_tier(by, subject, order.tier)
        return admin_answers.in_tier(name, order.tier)

    async def _allow(self, by: Authority, origin: Origin, order: Allow) -> Message:
        if isinstance(order.what, Channel):
            place = self._place(by, origin, order.what)
            await self.studio.administering.allow(by, *place, order.allowed, order.reason)
            return admin_answers.place_allowed(*place, order.allowed, order.reason)
        user_id, blocked = await self._account(origin, order.what), order.allowed is False
        await self.studio.administering.block(by, user_id, blocked, order.reason)
        return admin_answers.blocked(order.what.name or order.what.user, blocked, order.reason)

    async def _name(self, subject: str) -> str:
        """Of whoever is assigned to a tier or shut out."""
        kind, _, identity = subject.partition(":")
        if kind == "role":
            return await self.groups.name(identity)
        found = await self.studio.accounts.store.requester(UUID(identity))
        return found.name if found else identity

    async def _account(self, origin: Origin, person: Person) -> UUID:
        return await self.studio.accounts.user_id(requester(origin.team, person.user, person.name))

    @staticmethod
    def _place(by: Authority, origin: Origin, channel: Channel | None) -> tuple[Scope, str]:
        if channel is None:
            return Scope.WORKSPACE, by.workspace
        if channel.id != orders.HERE:
            return Scope.CHANNEL, channel_of(origin.team, channel.id)
        if is_direct(origin.channel):
            raise BadRequest([IN_A_CHANNEL])
        return Scope.CHANNEL, channel_of(origin.team, origin.channel)
