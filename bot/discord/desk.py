"""Takes requests: acknowledges, reads, submits, asks about the price, and leaves the message to the courier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import discord

from bot.discord.address import PLATFORM, Address
from bot.discord.checks import bring, check_may_show
from bot.discord.confirming import declined, notes_on, question
from bot.discord.page import NO_ONE
from bot.discord.replying import Interaction, fill, placeholder, remember_typed
from bot.discord.venue import requester, venue
from core.errors import ConfirmFirst, NotFound
from core.generation import Accepted, ImageRequest, ReplyTo
from core.prompt import Choices
from core.studio import Studio


@dataclass(frozen=True, slots=True)
class Desk:
    """Each method acknowledges its interaction first; what is refused is raised after that."""

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
        request = ImageRequest(
            requester=requester(interaction),
            prompt=asked.prompt,
            options=asked.options,
            idempotency_key=_key(interaction),
            reply_to=_reply_to(address, asked.notes),
            thread=_thread(interaction),
            references=references,
            venue=venue(interaction),
        )
        try:
            accepted = await self.studio.requesting.submit(request)
        except ConfirmFirst as dear:
            await fill(interaction, question(dear, interaction.user.display_name, asked.prompt, asked.notes))
        else:
            self._follow(accepted)

    async def again(
        self, interaction: Interaction, before: UUID, *, text: str | None = None, reseed: bool = False
    ) -> None:
        """An earlier request once more, perhaps with changed `text`."""
        address = Address.of(interaction, await placeholder(interaction))
        if text is not None:
            remember_typed(interaction, text, before)
        check_may_show(interaction)
        changed = None if text is None else self.studio.requesting.read(text)
        notes = changed.notes if changed else ()
        try:
            accepted = await self.studio.requesting.again(
                before,
                requester(interaction),
                idempotency_key=_key(interaction),
                reply_to=_reply_to(address, notes),
                thread=_thread(interaction),
                venue=venue(interaction),
                text=text,
                reseed=reseed,
            )
        except ConfirmFirst as dear:
            prompt = changed.prompt if changed else (await self.studio.requesting.seen(before)).prompt
            await fill(interaction, question(dear, interaction.user.display_name, prompt, notes))
        else:
            self._follow(accepted)

    async def confirm(self, interaction: Interaction, proposal_id: UUID) -> None:
        """Yes to the price: the message with the question becomes the picture's. Raises NotFound for a stranger."""
        message = await _asked_in(interaction)
        check_may_show(interaction)
        reply_to = _reply_to(Address.of(interaction, message.id), notes_on(message))
        self._follow(await self.studio.requesting.confirm(proposal_id, requester(interaction), reply_to))

    async def decline(self, interaction: Interaction, proposal_id: UUID) -> None:
        """No to the price. Raises NotFound for a stranger."""
        await _asked_in(interaction)
        if await self.studio.requesting.requests.proposal(proposal_id, requester(interaction)) is None:
            raise NotFound
        await fill(interaction, declined())

    async def resend(self, interaction: Interaction, generation_id: UUID) -> None:
        """A finished picture that reached nobody, in a new message. Raises NotFound for a stranger."""
        address = Address.of(interaction, await placeholder(interaction))
        check_may_show(interaction)
        self._follow(await self.studio.queueing.resend(generation_id, requester(interaction), address.reply_to()))

    def _follow(self, accepted: Accepted) -> None:
        self.studio.delivering.follow(accepted)


async def _asked_in(interaction: Interaction) -> discord.Message:
    """Acknowledges a press; the message that the button sits on."""
    await interaction.response.defer()
    if interaction.message is None:
        raise NotFound
    return interaction.message


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
