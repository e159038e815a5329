"""What people ask about their own requests: how much they used, what is in the queue, and to have it cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.discord import notices, queue_page, usage
from bot.discord.replying import Interaction, fill, placeholder
from bot.discord.venue import requester, venue
from core.studio import Studio


@dataclass(frozen=True, slots=True)
class Standing:
    """Every answer is for the asker alone. What the list's buttons do comes after their acknowledgement."""

    studio: Studio

    async def usage(self, interaction: Interaction) -> None:
        await placeholder(interaction, private=True)
        found = await self.studio.metering.usage(requester(interaction), venue(interaction))
        await fill(interaction, usage.page(found))

    async def queue(self, interaction: Interaction) -> None:
        await placeholder(interaction, private=True)
        await self.show(interaction)

    async def cancel(self, interaction: Interaction) -> None:
        """The one open request at once; where there are several, they are listed to be chosen from."""
        await placeholder(interaction, private=True)
        queue = await self.studio.queueing.queue(requester(interaction))
        if not queue.mine:
            await fill(interaction, notices.said(queue_page.NOTHING_TO_CANCEL))
        elif len(queue.mine) > 1:
            await fill(interaction, queue_page.page(queue, queue_page.WHICH))
        else:
            after = await self.studio.requesting.cancel(queue.mine[0].generation.id, requester(interaction))
            await fill(interaction, notices.said(queue_page.cancelled(after)))

    async def cancel_listed(self, interaction: Interaction, of: UUID) -> None:
        """Pressed in the list, which is shown anew. Raises NotFound for a stranger."""
        after = await self.studio.requesting.cancel(of, requester(interaction))
        await self.show(interaction, queue_page.cancelled(after))

    async def cancel_all(self, interaction: Interaction) -> None:
        ended = await self.studio.queueing.cancel_all(requester(interaction))
        await self.show(interaction, queue_page.cancelled(ended[-1]) if ended else "")

    async def show(self, interaction: Interaction, said: str = "") -> None:
        """The list, in the place of what was there."""
        await fill(interaction, queue_page.page(await self.studio.queueing.queue(requester(interaction)), said))
