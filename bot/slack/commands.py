"""The slash commands: acknowledged at once, then done. They do not work in threads, and their answers are private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

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

Act = Callable[[Origin, str], Awaitable[None]]
"""Takes what stood behind the command, as Slack sends it."""

IMAGINE, USAGE, QUEUE, CANCEL, ADMIN = "/imagine", "/usage", "/queue", "/cancel", "/limner-admin"


class Commands:
    def __init__(self, web_api: WebApi, errands: Errands, acts: Mapping[str, Act]) -> None:
        self._web_api = web_api
        self._errands = errands
        self._acts = acts

    async def typed(self, ack: AsyncAck, command: Json) -> None:
        await ack()
        origin, text = Origin.of_command(command), str(command.get("text") or "").strip()

        async def tell(message: Message) -> None:
            await self._web_api.respond(origin.respond, message)

        # Only a prompt is worth offering again.
        kept = decoded(text) if command["command"] == IMAGINE else ""
        self._errands.start(answered(self._acts[command["command"]](origin, text), tell, kept))


class Imagine:
    """With words it draws, without it opens the form."""

    def __init__(self, web_api: WebApi, intake: Intake, modals: Modals) -> None:
        self._web_api = web_api
        self._intake = intake
        self._modals = modals

    async def imagine(self, origin: Origin, text: str) -> None:
        if text.lower() == "help":
            await self._web_api.respond(origin.respond, answers.help_text())
            return
        await self._intake.check_may_post(origin.channel)
        if text:
            await self._intake.ask(Asking.of(origin), decoded(text), Choices())
        else:
            await self._modals.ask(origin)
