"""Says something to a person or in a channel, outside any request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.discord.address import PLATFORM
from bot.discord.fallback import nonce
from bot.discord.page import Page
from bot.discord.postman import Postman
from bot.discord.text import literal
from core.errors import Undeliverable
from core.ports import Notice

TITLE_LIMIT = 200
BODY_LIMIT = 1700

_ADDRESS = re.compile(r"(?P<kind>user|channel):(?P<id>\d{1,20})")


@dataclass(frozen=True, slots=True)
class DiscordMessenger:
    """Implements `core.ports.Messenger`; addresses are `user:<id>` and `channel:<id>`."""

    postman: Postman
    platform: str = PLATFORM

    async def tell(self, notice: Notice) -> None:
        address = _ADDRESS.fullmatch(notice.address)
        if address is None:
            raise Undeliverable(f"{notice.address!r} is no user and no channel of Discord.")
        place = int(address["id"])
        if address["kind"] == "user":
            place = await self.postman.direct(place)
        # No embed: admins' channels need not allow them.
        page = Page(content=f"**{literal(notice.title, TITLE_LIMIT)}**\n{literal(notice.body, BODY_LIMIT)}")
        await self.postman.post(place, None, page, nonce("notice", notice.key, notice.address))
