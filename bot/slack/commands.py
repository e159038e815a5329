"""`/imagine`: with words it draws, without it opens the form."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck

from bot.slack import answers
from bot.slack.blocks import Json, Message
from bot.slack.errands import Errands, answered
from bot.slack.intake import Asking, Intake
from bot.slack.modals import Modals
from bot.slack.origin import Origin
from bot.slack.text import decoded
from bot.slack.web_api import WebApi
from core.prompt import Choices


class Commands:
    def __init__(self, web_api: WebApi, intake: Intake, modals: Modals, errands: Errands) -> None:
        self._web_api = web_api
        self._intake = intake
        self._modals = modals
        self._errands = errands

    async def imagine(self, ack: AsyncAck, command: Json) -> None:
        await ack()
        origin, text = Origin.of_command(command), decoded(command.get("text") or "").strip()

        async def tell(message: Message) -> None:
            await self._web_api.respond(origin.respond, message)

        self._errands.start(answered(self._imagine(origin, text), tell, text))

    async def _imagine(self, origin: Origin, text: str) -> None:
        if text.lower() == "help":
            await self._web_api.respond(origin.respond, answers.help_text())
        elif not await self._web_api.may_post(origin.channel):
            # Said before anything is stored: a picture that could not be shown would have to be paid for.
            await self._web_api.respond(origin.respond, answers.cannot_post())
        elif text:
            # Commands do not work in threads, so the placeholder is a new message in the channel.
            asking = Asking.of(origin)
            await self._intake.ask(asking, text, Choices())
        else:
            await self._modals.ask(origin)
