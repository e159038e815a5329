"""What each button does; who may is read from the database, so buttons work after a restart and in any process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from uuid import UUID

from bot.discord import notices
from bot.discord.desk import Desk, requester
from bot.discord.downloads import FORMATS, Downloads
from bot.discord.edge import Edge
from bot.discord.forms import open_form, submitted
from bot.discord.page import NO_ONE, Verb
from bot.discord.replying import Interaction, fill, placeholder, whisper
from core import wording
from core.errors import NotFound, Outage
from core.generation import Generation
from core.prompt import Choices
from core.studio import Studio

BEFORE_ANSWERING = 2.0
"""Seconds for a look at the database where it must come before the answer, which Discord awaits for three."""


@dataclass(frozen=True, slots=True)
class Presses:
    studio: Studio
    desk: Desk
    edge: Edge
    downloads: Downloads

    async def press(self, interaction: Interaction, verb: Verb, of: UUID) -> None:
        async with self.edge.answering(interaction):
            await self._press(interaction, verb, of)

    async def submit(self, interaction: Interaction, of: UUID) -> None:
        """An edit form that came back."""
        async with self.edge.answering(interaction):
            await self._ask_changed(interaction, of, submitted(interaction))

    async def _press(self, interaction: Interaction, verb: Verb, of: UUID) -> None:
        match verb:
            case Verb.CANCEL:
                await self._cancel(interaction, of)
            case Verb.AGAIN:
                await self.desk.again(interaction, of, reseed=True)
            case Verb.RETRY:
                await self._retry(interaction, of)
            case Verb.EDIT:
                generation = await _in_time(self.studio.requesting.seen(of))
                await open_form(interaction, of, self.studio.requesting.text_of(generation))
            case Verb.REWORD:
                typed = notices.typed_in(interaction.message) if interaction.message else ""
                await open_form(interaction, of, typed)
            case Verb.DOWNLOAD | Verb.PNG | Verb.JPEG | Verb.WEBP:
                await self._download(interaction, of, FORMATS.get(verb))

    async def _cancel(self, interaction: Interaction, of: UUID) -> None:
        await interaction.response.defer()
        try:
            after = await self.studio.requesting.cancel(of, requester(interaction))
        except NotFound:
            await whisper(interaction, notices.said(notices.NOT_YOURS[Verb.CANCEL]))
            return
        if not after.status.final:
            await whisper(interaction, notices.said(wording.cancelling()))

    async def _retry(self, interaction: Interaction, of: UUID) -> None:
        try:
            await _in_time(self.studio.requesting.generation(of, requester(interaction)))
        except NotFound:
            await whisper(interaction, notices.said(notices.NOT_YOURS[Verb.RETRY]))
            return
        await self.desk.again(interaction, of)

    async def _ask_changed(self, interaction: Interaction, of: UUID, text: str) -> None:
        if of == NO_ONE:
            await self.desk.ask(interaction, text, Choices())
        else:
            await self.desk.again(interaction, of, text=text)

    async def _download(self, interaction: Interaction, of: UUID, format_: str | None) -> None:
        await placeholder(interaction, private=True)
        generation = await self.studio.requesting.seen(of)
        await fill(interaction, await self.downloads.page(generation, format_, interaction.filesize_limit))


async def _in_time(look: Awaitable[Generation]) -> Generation:
    try:
        async with asyncio.timeout(BEFORE_ANSWERING):
            return await look
    except TimeoutError as slow:
        raise Outage("The database is slow.") from slow
