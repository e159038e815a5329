"""INTERACTION_CREATE: what the gateway tells the app of a person's act, in a guild, a DM or anywhere else."""

from __future__ import annotations

import secrets

from . import permissions
from .interactions import Interaction
from .jsontypes import Json
from .state import State
from .stored import Message
from .world import Channel, User

GUILD, BOT_DM, PRIVATE = 0, 1, 2
_CONTEXTS = {"guild": GUILD, "bot_dm": BOT_DM, "private": PRIVATE}


def owners(channel: Channel, user: User, *, user_install: bool) -> Json:
    """``authorizing_integration_owners``: "0" is the guild's installation ("0" of it in a DM), "1" the user's."""
    found: Json = {}
    if not channel.bot_is_absent and not (channel.kind == "bot_dm" and user_install):
        found["0"] = str(channel.guild.id) if channel.guild else "0"
    if channel.bot_is_absent or user_install:
        found["1"] = str(user.id)
    return found


def new_interaction(
    state: State,
    kind: int,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    trigger: Interaction | None = None,
    owned_by: Json,
) -> Interaction:
    """An interaction that just happened, with a token of its own."""
    token, interaction_id = secrets.token_urlsafe(120), state.clock.snowflake()
    payload: Json = {"id": str(interaction_id), "application_id": str(state.application_id), "type": kind}
    payload |= {"token": token, "version": 1, "data": data, "locale": user.locale}
    payload |= {"context": _CONTEXTS[channel.kind], "attachment_size_limit": channel.upload_limit}
    payload |= {"authorizing_integration_owners": owned_by}
    payload |= {"entitlements": [], "entitlement_sku_ids": [], "app_permissions": str(_app_permissions(state, channel))}
    payload |= _place(channel, user)
    if message is not None:
        payload["message"] = message.json
    interaction = Interaction(
        state.clock,
        state.changes,
        interaction_id,
        token,
        kind,
        user,
        channel,
        payload,
        state.clock.now(),
        message,
        trigger,
    )
    state.interactions[interaction_id] = interaction
    return interaction


def _app_permissions(state: State, channel: Channel) -> int:
    if channel.bot_is_absent:
        return permissions.IN_REPLIES
    return channel.permissions_of(state.bot) | permissions.IN_REPLIES


def _place(channel: Channel, user: User) -> Json:
    body: Json = {"channel_id": str(channel.id)}
    body["channel"] = channel.json() | {"permissions": str(channel.permissions_of(user))}
    guild = channel.guild
    if guild is None:
        return body | {"user": user.json()}
    member = guild.member_json(user) | {"permissions": str(channel.permissions_of(user))}
    body |= {"guild_id": str(guild.id), "guild_locale": guild.locale, "member": member}
    return body | {"guild": {"id": str(guild.id), "locale": guild.locale, "features": []}}
