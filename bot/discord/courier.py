"""Puts the views of a request into its Discord message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.discord import render
from bot.discord.address import PLATFORM, Address
from bot.discord.fallback import DIRECT_LIMIT, SENT_DIRECTLY, Fallback
from bot.discord.faults import PlaceShut, TooLarge
from bot.discord.page import Page
from bot.discord.postman import Postman
from bot.discord.uploads import fitted
from core.catalogue import Catalogue
from core.clock import Clock, now
from core.errors import Undeliverable
from core.generation import ReplyTo
from core.views import Cancelled, Failed, Finished, View, Waiting, Working

FASTEST = 1.0
"""Seconds between edits of one message: Discord takes five in five seconds."""

EDITS_PER_SECOND = 25
"""By this process over all messages, so that previews never crowd out the answers to new requests."""


@dataclass(slots=True)
class DiscordCourier:
    """Holds no state but which previews are on show, to spare their upload; forgetting it is harmless."""

    postman: Postman
    catalogue: Catalogue
    quality: int
    clock: Clock = now
    platform: str = PLATFORM
    _on_show: dict[int, int] = field(default_factory=dict)
    """By message id: the hash of the preview that the message shows."""

    def interval(self, in_flight: int) -> float:
        return max(FASTEST, in_flight / EDITS_PER_SECOND)

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        address = Address.read(reply_to)
        if isinstance(view, Waiting | Working):
            await self._show_progress(address, view)
            return None
        try:
            moved = await self._show_end(address, view)
        finally:
            self._on_show.pop(address.message_id, None)
        return None if moved is None else moved.reply_to()

    async def _show_progress(self, address: Address, view: Waiting | Working) -> None:
        if isinstance(view, Waiting):
            page, preview = render.waiting(view, address.notes), hash(None)
        else:
            page, preview = render.working(view, address.notes, self.clock()), hash(view.progress.preview)
        if self._on_show.get(address.message_id) == preview:
            page = Page(page.embed, page.content, page.buttons, keep_files=True)
        await self.postman.edit(address, page, final=False)
        self._on_show[address.message_id] = preview

    async def _show_end(self, address: Address, view: Finished | Failed | Cancelled) -> Address | None:
        """Where the message is from now on, if it had to move."""
        fallback = Fallback(self.postman)
        try:
            return await self._fitting(
                address, view, address.upload_limit, lambda page: fallback.in_place(address, view.generation.id, page)
            )
        except PlaceShut:
            directly = replace(address, notes="\n".join(filter(None, [SENT_DIRECTLY, address.notes])))
            limit = min(address.upload_limit, DIRECT_LIMIT)
            return await self._fitting(
                directly, view, limit, lambda page: fallback.directly(directly, view.generation, page)
            )

    async def _fitting(
        self,
        address: Address,
        view: Finished | Failed | Cancelled,
        limit: int,
        deliver: Callable[[Page], Awaitable[Address | None]],
    ) -> Address | None:
        """Discord may take less than it promised, so a refused upload is tried again with smaller files."""
        if isinstance(view, Cancelled):
            return await deliver(render.cancelled(view))
        if isinstance(view, Failed):
            return await deliver(render.failed(view, address.notes, self.catalogue))
        for bound in (limit, limit // 2, limit // 4):
            files = await fitted(view.images, bound, self.quality)
            notes = "\n".join(filter(None, [*files.notes, address.notes]))
            try:
                return await deliver(render.finished(view, files.uploads, notes, self.catalogue))
            except TooLarge:
                continue
        raise Undeliverable("Discord finds even the smallest version too large.")
