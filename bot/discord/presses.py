"""What each button does; who may is read from the database, so buttons work after a restart and in any process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from uuid import UUID

from bot.discord import notices
from bot.discord.desk import Desk
from bot.discord.downloads import FORMATS, Downloads
from bot.discord.edge import Edge
from bot.discord.forms import open_form, submitted
from bot.discord.page import NO_ONE, Verb
from bot.discord.replying import Interaction, fill, placeholder, whisper
from bot.discord.standing import Standing
from bot.discord.venue import requester
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
    standing: Standing

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
            case Verb.EDIT | Verb.REWORD:
                await open_form(interaction, of, await self._text(interaction, verb, of))
            case Verb.DOWNLOAD | Verb.PNG | Verb.JPEG | Verb.WEBP:
                await self._download(interaction, of, FORMATS.get(verb))
            case Verb.MAKE | Verb.DECLINE:
                await self._decide(interaction, verb, of)
            case Verb.RESEND:
                await self.desk.resend(interaction, of)
            case _:
                await self._listed(interaction, verb, of)

    async def _listed(self, interaction: Interaction, verb: Verb, of: UUID) -> None:
        """What is pressed in the list of /queue."""
        await interaction.response.defer()
        match verb:
            case Verb.CANCEL_LISTED:
                await self.standing.cancel_listed(interaction, of)
            case Verb.CANCEL_ALL:
                await self.standing.cancel_all(interaction)
            case Verb.REFRESH:
                await self.standing.show(interaction)

    async def _cancel(self, interaction: Interaction, of: UUID) -> None:
        await interaction.response.defer()
        try:
            after = await self.studio.requesting.cancel(of, requester(interaction))
        except NotFound:
            await whisper(interaction, notices.said(notices.NOT_YOURS[Verb.CANCEL]))
            return
        if not after.status.final:
            await whisper(interaction, notices.said(wording.cancelling()))

    async def _decide(self, interaction: Interaction, verb: Verb, of: UUID) -> None:
        try:
            await (self.desk.confirm if verb is Verb.MAKE else self.desk.decline)(interaction, of)
        except NotFound:
            await whisper(interaction, notices.said(notices.NOT_YOURS[verb]))

    async def _text(self, interaction: Interaction, verb: Verb, of: UUID) -> str:
        """What the form is filled with."""
        if verb is Verb.REWORD:
            return notices.typed_in(interaction.message) if interaction.message else ""
        return self.studio.requesting.text_of(await _in_time(self.studio.requesting.seen(of)))

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
