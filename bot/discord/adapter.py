"""The Discord adapter: serves one bot account from login to shutdown."""

from __future__ import annotations

import asyncio
import logging
import random

import aiohttp
import discord

from bot.discord.admin import Admin
from bot.discord.client import LimnerClient
from bot.discord.config import DiscordConfig, point_library
from bot.discord.courier import DiscordCourier
from bot.discord.desk import Desk
from bot.discord.downloads import Downloads
from bot.discord.edge import Edge
from bot.discord.messenger import DiscordMessenger
from bot.discord.postman import Line, Postman
from bot.discord.presses import Presses
from bot.discord.standing import Standing
from bot.discord.suggestions import Suggestions
from core.errors import Refusal
from core.studio import Studio

log = logging.getLogger(__name__)

LAST_ANSWERS = 2.0
"""Seconds at shutdown for requests that are being accepted."""

_LONGEST_PAUSE = 60.0


class WrongToken(Refusal):
    """Discord does not accept the bot token."""

    next_step = "Copy it anew from the Bot page of your application in the Discord developer portal into DISCORD_TOKEN."


class DiscordAdapter:
    """Satisfies `bot.process.Adapter`."""

    def __init__(self, config: DiscordConfig, studio: Studio) -> None:
        self._config = config
        self._line = Line()
        self._ready = asyncio.Event()
        self._edge = Edge()
        self._suggestions = Suggestions(studio.catalogue, studio.styles)
        downloads = Downloads(studio.gallery, studio.quality)
        self._presses = Presses(studio, Desk(studio), self._edge, downloads, Standing(studio))
        self._admin = Admin(studio)
        postman = Postman(self._line)
        self._courier = DiscordCourier(postman, studio.catalogue, studio.quality)
        self._messenger = DiscordMessenger(postman)

    @property
    def courier(self) -> DiscordCourier:
        return self._courier

    @property
    def messenger(self) -> DiscordMessenger:
        return self._messenger

    @property
    def ready(self) -> asyncio.Event:
        return self._ready

    async def run(self) -> None:
        """Serves until cancelled. Raises WrongToken; a Discord that is away is waited for."""
        point_library(self._config)
        pause = 1.0
        while True:
            try:
                await self._serve()
            except discord.LoginFailure as error:
                raise WrongToken from error
            except discord.PrivilegedIntentsRequired as error:
                raise Refusal("Discord refuses the connection for its intents.", "Update Limner.") from error
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("discord_away", extra={"reason": f"{type(error).__name__}: {error}", "pause": pause})
            await asyncio.sleep(pause + random.random())
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _serve(self) -> None:
        """One client from login to its end; reconnecting meanwhile is discord.py's."""
        client = LimnerClient(self._config, self._presses, self._admin, self._suggestions, self._ready)
        try:
            await client.login(self._config.token)
            self._line.client = client
            await client.connect()
        finally:
            self._ready.clear()
            await self._edge.close(LAST_ANSWERS)
            self._line.client = None
            await client.close()
