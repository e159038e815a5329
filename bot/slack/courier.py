"""Puts views into Slack's messages."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace
from uuid import UUID

from bot.slack import answers, render
from bot.slack.blocks import Message
from bot.slack.foreign import FileNotReady, MessageGone, PlaceRefused, Throttled
from bot.slack.pictures import Pictures
from bot.slack.place import PLATFORM, Place
from bot.slack.previews import Previews
from bot.slack.upload import Uploads
from bot.slack.web_api import WebApi
from core.catalogue import Catalogue
from core.errors import LimnerError, Undeliverable
from core.generation import Generation, ReplyTo
from core.views import Cancelled, Failed, Finished, View, Waiting, Working

log = logging.getLogger(__name__)

SHOW_PAUSES = (0.3, 0.6, 1.2, 2.4)
"""Seconds before the next try to show a file that Slack calls processed and its message blocks still refuse."""

REMEMBERED = 1024


class SlackCourier:
    """Posts a placeholder, edits it, and lays the picture into it.

    **Who posts the placeholder.** Slack tells of one message up to eleven times, to any of our processes, and has no
    idempotency key for chat.postMessage. So nobody posts before the request is stored: its row is unique by the
    message's channel and timestamp, and whoever inserted it holds the lease on its delivery. Only that process posts,
    as the first thing its courier does, and the address gets its `ts` then. Should it die between posting and storing
    the `ts`, or should Slack's answer be lost, the next try looks for a message whose metadata names the request
    before it posts. The first try of the process that accepted a request need not look: there can be none.

    **Where the end goes.** Into the placeholder; was that deleted or takes it no edits, into a new message in its
    place; is the place closed to the bot, a picture into a direct message to its asker. Each is looked for before it
    is posted, so that a process that dies in between leaves one message. Refused there, too, it is Undeliverable.
    """

    platform = PLATFORM

    def __init__(self, web_api: WebApi, uploads: Uploads, catalogue: Catalogue) -> None:
        self._web_api = web_api
        self._catalogue = catalogue
        self._previews = Previews(uploads)
        self._pictures = Pictures(uploads)
        self._untried: OrderedDict[UUID, None] = OrderedDict()

    def expect(self, generation_id: UUID) -> None:
        """A request that was accepted here just now: nothing was posted for it yet."""
        self._untried[generation_id] = None
        while len(self._untried) > REMEMBERED:
            self._untried.popitem(last=False)

    def interval(self, in_flight: int) -> float:
        """chat.update is of tier 3: about fifty a minute for all messages of a workspace together."""
        return max(1.0, 1.2 * in_flight)

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        place = Place.read(reply_to)
        now = await self._shown(place, view)
        return None if now == place else now.reply_to()

    async def _shown(self, place: Place, view: View) -> Place:
        match view:
            case Waiting():
                return await self._begin(place, view)
            case Working():
                return await self._work(place, view)
            case Finished():
                return await self._finish(place, view)
            case Failed():
                after = await self._anywhere(place, view.generation, render.failed(view, self._catalogue))
            case Cancelled():
                after = await self._anywhere(place, view.generation, render.cancelled(view))
        await self._previews.drop(view.generation.id)
        return after

    async def _begin(self, place: Place, view: Waiting) -> Place:
        try:
            return await self._put(place, view.generation, render.waiting(view))
        except PlaceRefused:
            await self._tell_asker(place)
            raise

    async def _work(self, place: Place, view: Working) -> Place:
        """The words first, for an upload takes a second or two; then the same with the new preview."""
        progress, before = view.progress, self._previews.shown(view.generation.id)
        place = await self._put(place, view.generation, render.working(view, before))
        if not self._previews.wanted(progress):
            return place
        file_id = await self._previews.upload(view)
        if file_id is None:
            return place
        try:
            place = await self._put(place, view.generation, render.working(view, file_id))
        except FileNotReady:
            await self._previews.discard(file_id)
            return place
        await self._previews.keep(progress, file_id)
        return place

    async def _finish(self, place: Place, view: Finished) -> Place:
        files = await self._pictures.files(view, place)
        place = replace(place, files=files)
        place = await self._anywhere(place, view.generation, render.finished(view, files, place, self._catalogue))
        self._pictures.shown(view)
        await self._previews.drop(view.generation.id)
        return place

    async def _insist(self, place: Place, generation: Generation, message: Message) -> Place:
        """files.info may call a file ready a moment before messages can show it."""
        for pause in SHOW_PAUSES:
            try:
                return await self._last(place, generation, message)
            except FileNotReady:
                await asyncio.sleep(pause)
        return await self._last(place, generation, message)

    async def _anywhere(self, place: Place, generation: Generation, message: Message) -> Place:
        """Where the channel was archived, or the bot removed from it, the asker is written to directly."""
        try:
            return await self._insist(place, generation, message)
        except PlaceRefused:
            direct = await self._web_api.direct(place.user)
            if direct == place.channel:
                raise
        return await self._insist(place.directly(direct), generation, answers.moved(message))

    async def _put(self, place: Place, generation: Generation, message: Message) -> Place:
        if place.ts:
            await self._web_api.update(place.channel, place.ts, message)
            return place
        return replace(place, ts=await self._post(place, generation, message))

    async def _last(self, place: Place, generation: Generation, message: Message) -> Place:
        """The end is worth a new message where the old one was deleted or takes no edits; progress is not."""
        try:
            return await self._put(place, generation, message)
        except MessageGone:
            log.info("message_gone", extra=generation.log_context())
            return replace(place, ts=await self._post(place, generation, message))

    async def _post(self, place: Place, generation: Generation, message: Message) -> str:
        untried = generation.id in self._untried
        self._untried.pop(generation.id, None)
        found = "" if untried else await self._find(place, generation)
        if found and await self._updated(place.channel, found, message):
            return found
        try:
            return await self._web_api.post(place, message, generation.id)
        except Throttled:
            self.expect(generation.id)  # certainly nothing was posted, so the next try need not look either
            raise

    async def _updated(self, channel: str, ts: str, message: Message) -> bool:
        try:
            await self._web_api.update(channel, ts, message)
        except MessageGone:
            return False
        return True

    async def _find(self, place: Place, generation: Generation) -> str:
        try:
            return await self._web_api.find(place, generation.id, generation.created_at.timestamp())
        except Undeliverable as refused:
            # Without the right to look, a second message once in a blue moon is better than none at all.
            log.warning("cannot_look_for_message", extra={"reason": str(refused), **generation.log_context()})
            return ""

    async def _tell_asker(self, place: Place) -> None:
        if place.respond:
            try:
                await self._web_api.respond(place.respond, answers.comes_directly())
            except LimnerError as unheard:
                log.info("asker_not_told", extra={"reason": str(unheard)})
