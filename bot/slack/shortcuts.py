"""“Imagine this” in a message's menu: the form, filled with the message's words."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncAck

from bot.slack.blocks import Json, Message
from bot.slack.errands import Errands, answered
from bot.slack.intake import Intake
from bot.slack.modals import Modals
from bot.slack.origin import Origin
from bot.slack.text import plain
from bot.slack.web_api import WebApi

CALLBACK = "imagine_this"


class Shortcuts:
    def __init__(self, web_api: WebApi, intake: Intake, modals: Modals, errands: Errands) -> None:
        self._web_api = web_api
        self._intake = intake
        self._modals = modals
        self._errands = errands

    async def imagine_this(self, ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        message = shortcut.get("message") or {}
        here = Origin.of_click(shortcut)
        # The picture of a message belongs under it.
        origin = replace(here, thread=here.thread or message.get("ts") or shortcut.get("message_ts") or "")

        async def tell(answer: Message) -> None:
            await self._web_api.respond(origin.respond, answer)

        self._errands.start(answered(self._open(origin, plain(message.get("text") or "")), tell))

    async def _open(self, origin: Origin, text: str) -> None:
        await self._intake.check_may_post(origin.channel)
        await self._modals.ask(origin, text)
