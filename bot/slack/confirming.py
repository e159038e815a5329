"""The two answers to the question what a dear picture may cost."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from bot.slack import answers
from bot.slack.blocks import Message
from bot.slack.errands import told
from bot.slack.intake import Asking, Intake
from bot.slack.origin import Origin
from bot.slack.web_api import WebApi


class Confirming:
    def __init__(self, web_api: WebApi, intake: Intake) -> None:
        self._web_api = web_api
        self._intake = intake

    async def make(self, origin: Origin, proposal_id: UUID) -> None:
        """A question that all see becomes the picture's message; one that only the asker sees says that it is made."""
        await self._intake.confirm(Asking.of(origin).requester, proposal_id, origin.pressed)
        if not origin.pressed:
            # Accepted is accepted, whether or not Slack takes the answer.
            await told(partial(self._replace, origin), answers.say(answers.BEING_MADE))

    async def leave(self, origin: Origin, proposal_id: UUID) -> None:
        await self._intake.proposed(Asking.of(origin).requester, proposal_id)
        await self._replace(origin, answers.say(answers.NOT_MADE))

    async def _replace(self, origin: Origin, message: Message) -> None:
        if origin.pressed:
            await self._web_api.update(origin.channel, origin.pressed, message)
        else:
            await self._web_api.respond(origin.respond, message, replace=True)
