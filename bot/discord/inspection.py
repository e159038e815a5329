"""Looks over a Discord bot account for `limner doctor`: one finding a line."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import discord

from bot.discord.client import intents
from bot.discord.config import DiscordConfig, point_library
from core.findings import Finding

PORTAL = "in the Discord developer portal"

NEEDED = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True)


async def inspect(config: DiscordConfig) -> list[Finding]:
    """Never raises for what is wrong with the account; what cannot be looked at is a fault, too."""
    point_library(config)
    async with discord.Client(intents=intents()) as client:
        return [finding async for finding in _findings(client, config)]


async def _findings(client: discord.Client, config: DiscordConfig) -> AsyncIterator[Finding]:
    try:
        await client.login(config.token)
    except discord.LoginFailure:
        yield Finding(False, "Discord: the token is not valid", f"Copy it anew from the Bot page {PORTAL}.")
        return
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        yield Finding(False, f"Discord: cannot be reached ({type(error).__name__})", "Check the network and try again.")
        return
    yield Finding(True, f"Discord: the token is valid for {client.user}")
    try:
        info = await client.application_info()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        yield Finding(False, f"Discord: gave no answer ({type(error).__name__})", "Try again in a minute.")
        return
    yield Finding(True, f"Discord: application id {info.id}; no privileged intent is needed")
    for finding in _installation(info):
        yield finding
    if config.guild_id is not None:
        yield await _guild(client, config.guild_id)


def _installation(info: discord.AppInfo) -> list[Finding]:
    url = discord.utils.oauth_url(info.id, permissions=NEEDED)
    findings = [Finding(True, f"Discord: to add the bot to a server open {url}")]
    if not info.bot_public:
        findings.append(Finding(True, "Discord: only the application's owner can install it (Public Bot is off)"))
    if info.bot_require_code_grant:
        mend = f"Switch off Requires OAuth2 Code Grant on the Bot page {PORTAL}."
        findings.append(Finding(False, "Discord: nobody can install the bot", mend))
    if info.interactions_endpoint_url:
        mend = f"Clear Interactions Endpoint URL on the General Information page {PORTAL}."
        findings.append(Finding(False, "Discord: commands are sent to a web address, not to the bot", mend))
    return findings


async def _guild(client: discord.Client, guild_id: int) -> Finding:
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        member = await guild.fetch_member(client.user.id if client.user else 0)
    except (discord.Forbidden, discord.NotFound):
        mend = "Add the bot to that server with the link above, or correct DISCORD_GUILD_ID."
        return Finding(False, f"Discord: the bot is not in the server {guild_id}", mend)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return Finding(False, f"Discord: the server {guild_id} cannot be read ({type(error).__name__})", "Try again.")
    granted = member.guild_permissions
    missing = [name for name, wanted in NEEDED if wanted and not getattr(granted, name)]
    if missing:
        names = ", ".join(name.replace("_", " ") for name in missing)
        return Finding(False, f"Discord: the bot lacks permissions: {names}", "Allow them in the role of the bot.")
    return Finding(True, f"Discord: the bot may post pictures in {guild.name}")
