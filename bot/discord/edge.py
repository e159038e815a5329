"""The edge: whatever happens while an interaction is answered, its user reads a sentence and never "failed"."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord import notices
from bot.discord.faults import answered_elsewhere
from bot.discord.page import Page
from bot.discord.replying import Interaction, confide, say, typed_by
from core.errors import LimitReached, NotAllowed, Outage, Refusal, SwitchedOff

log = logging.getLogger(__name__)

_PERSONAL = (LimitReached, NotAllowed, SwitchedOff)
"""Somebody's money, quotas and blocks are for nobody else to read."""


@dataclass(slots=True)
class Edge:
    """Surrounds every handler, and at shutdown waits for those that are still at it."""

    _inside: set[asyncio.Task[Any]] = field(default_factory=set)

    @asynccontextmanager
    async def answering(self, interaction: Interaction) -> AsyncIterator[None]:
        """Nothing but a cancellation leaves this block."""
        task = asyncio.current_task()
        if task is not None:
            self._inside.add(task)
        try:
            yield
        except Exception as error:  # noqa: BLE001  the edge: anything at all becomes an answer
            await self._answer(interaction, error)
        finally:
            if task is not None:
                self._inside.discard(task)

    async def close(self, timeout: float) -> None:
        """Lets handlers finish for `timeout` seconds, then cancels the rest."""
        if self._inside:
            _, late = await asyncio.wait(self._inside, timeout=timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, interaction: Interaction, error: Exception) -> None:
        if answered_elsewhere(error):
            log.debug("answered_elsewhere", extra={"interaction": interaction.id})
            return
        try:
            tell = confide if isinstance(error, _PERSONAL) else say
            await tell(interaction, _explained(interaction, error))
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as again:
            if not answered_elsewhere(again):
                log.warning("answer_failed", extra={"interaction": interaction.id, "reason": type(again).__name__})


def _explained(interaction: Interaction, error: Exception) -> Page:
    match error:
        case Refusal():
            typed = typed_by(interaction)
            return notices.refused(error, typed.text, typed.parent)
        case Outage():
            log.warning("interaction_outage", extra={"interaction": interaction.id, "reason": str(error)})
            return notices.away(error)
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return notices.said(notices.OUTDATED)
    log.error("interaction_failed", extra={"interaction": interaction.id}, exc_info=error)
    return notices.said(notices.BROKEN)
