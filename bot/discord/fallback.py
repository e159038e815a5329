"""What is left when a message cannot be edited to its end: a new one beside it, else a direct message to the asker.

A new message carries a nonce made of the request and the message that it replaces: should we be killed before its
address is stored, whoever delivers it next is given that same message by Discord, and edits nothing twice.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from bot.discord.address import Address
from bot.discord.faults import MessageFrozen, MessageGone, OldEdits
from bot.discord.page import Page
from bot.discord.postman import Postman
from core.errors import LimnerError, Undeliverable
from core.generation import Generation

log = logging.getLogger(__name__)

DIRECT_LIMIT = 10 * 1024 * 1024
"""Bytes per file in direct messages."""

SENT_DIRECTLY = "This comes here because I may no longer post where you asked for it."

_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Fallback:
    """Raises what `Postman` raises."""

    postman: Postman

    async def in_place(self, address: Address, generation_id: UUID, page: Page) -> Address | None:
        """Edits the message or, if it is gone, posts another in its channel and returns where. Raises PlaceShut."""
        try:
            await self.postman.edit(address, page, final=True)
        except (MessageGone, OldEdits) as gone:
            log.info("posted_anew", extra={"generation": str(generation_id), "reason": str(gone)})
            moved = await self._post(address, address.channel_id, address.guild_id, generation_id, page)
            if isinstance(gone, OldEdits | MessageFrozen):
                await self._remove(address)
            return moved
        return None

    async def directly(self, address: Address, generation: Generation, page: Page) -> Address:
        """Writes to the asker. Raises Undeliverable where they cannot be written to, or just could not."""
        if address.context == "dm" or not generation.requester.external_id.isdecimal():
            raise Undeliverable("There is no other place to write to.")
        channel_id = await self.postman.direct(int(generation.requester.external_id))
        return await self._post(replace(address, context="dm"), channel_id, None, generation.id, page)

    async def _post(
        self, before: Address, channel_id: int, guild_id: int | None, generation_id: UUID, page: Page
    ) -> Address:
        message_id = await self.postman.post(channel_id, guild_id, page, nonce(generation_id, before.message_id))
        # No interaction stands behind this message, so it is edited as the bot from now on.
        return replace(
            before, channel_id=channel_id, guild_id=guild_id, message_id=message_id, token="", expires_at=_LONG_AGO
        )

    async def _remove(self, address: Address) -> None:
        """What cannot be taken away merely stays behind."""
        try:
            await self.postman.remove(address)
        except LimnerError as kept:
            log.info("old_message_stays", extra={"message": address.message_id, "reason": str(kept)})


def nonce(*names: object) -> str:
    """22 of the 25 characters that Discord takes, the same for the same names."""
    digest = hashlib.blake2b("/".join(map(str, names)).encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
