"""Registers the commands, but only if Discord does not have them already: it allows 200 registrations a day."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

log = logging.getLogger(__name__)

_SERVER_SIDE = ("id", "application_id", "version", "guild_id", "dm_permission", "name_localizations")
_UNORDERED = ("contexts", "integration_types")
_PERMISSIONS = "default_member_permissions"
_SORTED = (*_UNORDERED, "channel_types")


async def register(tree: app_commands.CommandTree[Any], guild_id: int | None) -> bool:
    """True if Discord had to be told. Two processes that start at once tell it the same; a third sees no difference."""
    guild = discord.Object(guild_id) if guild_id is not None else None
    if guild is not None:
        tree.copy_global_to(guild=guild)
    ours = [command.to_dict(tree) for command in tree.get_commands(guild=guild)]
    if alike(ours, await _registered(tree.client, guild_id), everywhere=guild is None):
        return False
    await tree.sync(guild=guild)
    log.info("commands_registered", extra={"guild": guild_id or "everywhere"})
    return True


async def _registered(client: discord.Client, guild_id: int | None) -> Sequence[Mapping[str, Any]]:
    """As Discord tells it: `CommandTree.fetch_commands` of discord.py 2.7.1 drops the last context (flags.py)."""
    application_id = client.application_id or 0
    if guild_id is None:
        return await client.http.get_global_commands(application_id)
    return await client.http.get_guild_commands(application_id, guild_id)


def alike(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], *, everywhere: bool) -> bool:
    """Whether what is registered is what we would register. Where commands are shown is only kept for global ones."""
    leave = () if everywhere else _UNORDERED
    return _by_name(ours, leave) == _by_name(theirs, leave)


def _by_name(commands: Sequence[Mapping[str, Any]], leave: Sequence[str]) -> dict[str, Any]:
    return {
        str(command["name"]): _essence({key: value for key, value in command.items() if key not in leave})
        for command in commands
    }


def _essence(value: Any) -> Any:
    """Without what Discord adds, what is empty, and orders that mean nothing."""
    if isinstance(value, Mapping):
        kept = {key: _essence(item) for key, item in value.items() if key not in _SERVER_SIDE}
        kept = {key: sorted(item) if key in _SORTED and item else item for key, item in kept.items()}
        # Discord gives permissions back as a string.
        kept = {key: str(item) if key == _PERMISSIONS and item is not None else item for key, item in kept.items()}
        return {key: item for key, item in kept.items() if item not in (None, False, [], {}, "")}
    if isinstance(value, list | tuple):
        return [_essence(item) for item in value]
    return value
