"""The web server: listens until it is cancelled, then is gone within two seconds."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.web.application import application
from bot.web.config import WebConfig
from core.studio import Studio

STOP_WITHIN = 1.5
"""Seconds for answers under way; streams are ended at once, their listeners come back by themselves."""


class WebAdapter:
    """Serves the chat page and REST. Nobody's message is edited here and nobody written to."""

    courier = None
    messenger = None

    def __init__(self, config: WebConfig, studio: Studio) -> None:
        self._config = config
        self._studio = studio
        self.ready = asyncio.Event()
        self.port = config.port
        """The one that is listened on, once `ready`."""

    async def run(self) -> None:
        """Serves until cancelled. Raises OSError if the address is taken."""
        runner = web.AppRunner(
            application(self._config, self._studio), access_log=None, shutdown_timeout=STOP_WITHIN, handle_signals=False
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._config.host, self._config.port).start()
            self.port = runner.addresses[0][1]
            self.ready.set()
            await asyncio.Event().wait()
        finally:
            self.ready.clear()
            await runner.cleanup()
