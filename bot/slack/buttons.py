"""The buttons under a message. Each carries a verb and an id; who may press is asked of the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot.slack import answers, verbs
from bot.slack.blocks import Json, Message
from bot.slack.confirming import Confirming
from bot.slack.downloads import Downloads
from bot.slack.errands import Errands, answered
from bot.slack.intake import Asking, Intake
from bot.slack.modals import Modals
from bot.slack.origin import Origin
from bot.slack.own_requests import OwnRequests
from bot.slack.verbs import Verb
from bot.slack.web_api import WebApi
from core.errors import NotAllowed, NotFound
from core.generation import Status
from core.studio import Studio

Act = Callable[[Origin, UUID], Awaitable[None]]


class Buttons:
    def __init__(
        self,
        studio: Studio,
        web_api: WebApi,
        intake: Intake,
        modals: Modals,
        downloads: Downloads,
        own: OwnRequests,
        errands: Errands,
    ) -> None:
        self._studio = studio
        self._web_api = web_api
        self._intake = intake
        self._modals = modals
        self._downloads = downloads
        self._own = own
        confirming = Confirming(web_api, intake)
        self._errands = errands
        self._acts: Mapping[Verb, Act] = {
            Verb.CANCEL: self._cancel,
            Verb.AGAIN: self._again,
            Verb.EDIT: modals.edit,
            Verb.DOWNLOAD: downloads.offer,
            Verb.MAKE: confirming.make,
            Verb.LEAVE: confirming.leave,
            Verb.DROP: own.drop,
            Verb.RESEND: own.resend,
        }

    async def pressed(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        origin = Origin.of_click(body)

        async def tell(message: Message) -> None:
            await self._web_api.respond(origin.respond, message, thread=origin.thread)

        self._errands.start(answered(self._press(origin, body), tell))

    async def _press(self, origin: Origin, body: Json) -> None:
        action = body["actions"][0]
        pressed, value = verbs.read(action["action_id"]), str(action.get("value") or "")
        subject = verbs.identity(value)
        if pressed is not None and pressed[0] is Verb.LINK:
            return
        if pressed is not None and pressed[0] is Verb.REWORD:
            await self._modals.ask(origin, value)
        elif pressed is not None and pressed[0] is Verb.DROPALL:
            await self._own.drop_all(origin)
        elif pressed is None or subject is None:
            raise NotFound(answers.OLD_BUTTON, "")
        elif pressed[0] is Verb.RETRY:
            await self._retry(origin, subject)
        elif pressed[0] is Verb.FILE:
            await self._downloads.send(origin, subject, pressed[1])
        else:
            await self._acts[pressed[0]](origin, subject)

    async def _cancel(self, origin: Origin, generation_id: UUID) -> None:
        try:
            after = await self._studio.requesting.cancel(generation_id, Asking.of(origin).requester)
        except NotFound:
            raise NotAllowed(answers.ONLY_OWNER_CANCELS) from None
        if not after.status.final:
            await self._say(origin, answers.cancelling())
        elif after.status is not Status.CANCELLED:
            await self._say(origin, answers.ALREADY_OVER)

    async def _again(self, origin: Origin, generation_id: UUID) -> None:
        await self._intake.check_may_post(origin.channel)
        await self._intake.again(Asking.of(origin), generation_id, reseed=True)

    async def _retry(self, origin: Origin, generation_id: UUID) -> None:
        """In the same message, which has nothing else to show; pressed twice, it is still one retry."""
        asking = Asking.of(origin)
        try:
            await self._studio.requesting.generation(generation_id, asking.requester)
        except NotFound:
            raise NotAllowed(answers.ONLY_OWNER_RETRIES) from None
        await self._intake.check_may_post(origin.channel)
        place = replace(asking.place, ts=origin.pressed)
        await self._intake.again(replace(asking, key=f"retry:{generation_id.hex}", place=place), generation_id)

    async def _say(self, origin: Origin, sentence: str) -> None:
        await self._web_api.respond(origin.respond, answers.say(sentence), thread=origin.thread)
