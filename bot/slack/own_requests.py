"""`/usage`, `/queue` and `/cancel`, and the buttons of their answers: each about the requests of whoever asks."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from bot.slack import answers, queue_message
from bot.slack import usage as usage_message
from bot.slack.errands import told
from bot.slack.intake import Asking, Intake
from bot.slack.origin import Origin
from bot.slack.queue_message import queue
from bot.slack.venue import Venues
from bot.slack.web_api import WebApi
from core import wording
from core.errors import NotAllowed, NotFound, Undeliverable
from core.generation import Generation, Status
from core.studio import Studio


class OwnRequests:
    def __init__(self, studio: Studio, web_api: WebApi, intake: Intake, venues: Venues) -> None:
        self._studio = studio
        self._web_api = web_api
        self._intake = intake
        self._venues = venues

    async def usage(self, origin: Origin, _: str) -> None:
        venue = await self._venues.of(origin.team, origin.channel, origin.user)
        found = await self._studio.metering.usage(Asking.of(origin).requester, venue)
        await self._web_api.respond(origin.respond, usage_message.usage(found))

    async def queue(self, origin: Origin, _: str) -> None:
        found = await self._studio.queueing.queue(Asking.of(origin).requester)
        await self._web_api.respond(origin.respond, queue(found))

    async def cancel(self, origin: Origin, _: str) -> None:
        """The only one at once; of several it is asked which."""
        requester = Asking.of(origin).requester
        mine = (await self._studio.queueing.queue(requester)).mine
        if len(mine) > 1:
            await self._web_api.respond(origin.respond, queue_message.choice(mine))
            return
        after = [await self._studio.requesting.cancel(one.generation.id, requester) for one in mine]
        await self._web_api.respond(origin.respond, answers.say(_cancelled(*after)))

    async def drop(self, origin: Origin, generation_id: UUID) -> None:
        try:
            after = await self._studio.requesting.cancel(generation_id, Asking.of(origin).requester)
        except NotFound:
            raise NotAllowed(answers.ONLY_OWNER_CANCELS, "") from None
        await self._shown_anew(origin, _cancelled(after))

    async def drop_all(self, origin: Origin) -> None:
        after = await self._studio.queueing.cancel_all(Asking.of(origin).requester)
        await self._shown_anew(origin, _cancelled(*after))

    async def resend(self, origin: Origin, generation_id: UUID) -> None:
        """Into the conversation where the button was pressed; to the asker directly where the bot is not in it."""
        asking = Asking.of(origin)
        place, here = asking.place, await self._web_api.may_post(origin.channel)
        if not here:
            place = place.directly(await self._direct(origin.user))
        accepted = await self._studio.queueing.resend(generation_id, asking.requester, place.reply_to())
        self._studio.delivering.follow(accepted)
        await self._shown_anew(origin, answers.RESENT if here else answers.RESENT_DIRECTLY)

    async def _direct(self, user: str) -> str:
        try:
            return await self._web_api.direct(user)
        except Undeliverable as refused:
            raise NotAllowed(answers.CANNOT_POST, "") from refused

    async def _shown_anew(self, origin: Origin, note: str) -> None:
        found = await self._studio.queueing.queue(Asking.of(origin).requester)
        await told(partial(self._web_api.respond, origin.respond, replace=True), queue(found, note))


def _cancelled(*after: Generation) -> str:
    if not after:
        return queue_message.NOTHING
    if stopping := sum(not one.status.final for one in after):
        return answers.cancelling(stopping)
    if all(one.status is Status.CANCELLED for one in after):
        return wording.cancelled()
    return answers.ALREADY_OVER
