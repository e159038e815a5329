"""Takes requests: acknowledges, reads, submits, and leaves the message to the courier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import discord

from bot.discord.address import PLATFORM, Address
from bot.discord.checks import bring, check_may_show
from bot.discord.page import NO_ONE
from bot.discord.replying import Interaction, placeholder, remember_typed
from core.generation import Accepted, ImageRequest, ReplyTo, Requester
from core.prompt import Choices
from core.studio import Studio


def requester(interaction: Interaction) -> Requester:
    return Requester(PLATFORM, str(interaction.user.id), interaction.user.display_name)


@dataclass(frozen=True, slots=True)
class Desk:
    """Each method answers its interaction with one new message; what is refused is raised after that."""

    studio: Studio

    async def ask(
        self, interaction: Interaction, text: str, choices: Choices, attachment: discord.Attachment | None = None
    ) -> None:
        """A request of its own."""
        address = Address.of(interaction, await placeholder(interaction))
        if attachment is None:  # an edit form cannot bring the attachment back
            remember_typed(interaction, as_flags(text, choices), NO_ONE)
        check_may_show(interaction)
        asked = self.studio.requesting.read(text, choices)
        references = (await bring(attachment, self.studio.max_upload_bytes),) if attachment else ()
        accepted = await self.studio.requesting.submit(
            ImageRequest(
                requester=requester(interaction),
                prompt=asked.prompt,
                options=asked.options,
                idempotency_key=_key(interaction),
                reply_to=_reply_to(address, asked.notes),
                thread=_thread(interaction),
                references=references,
            )
        )
        self._follow(accepted)

    async def again(
        self, interaction: Interaction, before: UUID, *, text: str | None = None, reseed: bool = False
    ) -> None:
        """An earlier request once more, perhaps with changed `text`."""
        address = Address.of(interaction, await placeholder(interaction))
        notes: tuple[str, ...] = ()
        if text is not None:
            remember_typed(interaction, text, before)
        check_may_show(interaction)
        if text is not None:
            notes = self.studio.requesting.read(text).notes
        accepted = await self.studio.requesting.again(
            before,
            requester(interaction),
            idempotency_key=_key(interaction),
            reply_to=_reply_to(address, notes),
            thread=_thread(interaction),
            text=text,
            reseed=reseed,
        )
        self._follow(accepted)

    def _follow(self, accepted: Accepted) -> None:
        self.studio.delivering.follow(accepted)


def as_flags(text: str, choices: Choices) -> str:
    """The text as if every chosen option had been typed: what an edit form can be filled with."""
    names = ("size", "quality", "style", "count", "model", "background")
    chosen = [(name, getattr(choices, name)) for name in names]
    return " ".join([text, *(f"--{name} {value}" for name, value in chosen if value)])


def _reply_to(address: Address, notes: tuple[str, ...]) -> ReplyTo:
    return replace(address, notes="\n".join(notes)).reply_to()


def _key(interaction: Interaction) -> str:
    return f"{PLATFORM}:{interaction.id}"


def _thread(interaction: Interaction) -> str:
    return f"{interaction.guild_id or 'direct'}/{interaction.channel_id or interaction.user.id}"
