"""What is said to the bot: mentions in channels and direct messages."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable

from bot.slack import answers
from bot.slack.blocks import Json, Message
from bot.slack.errands import Errands, Tell, answered
from bot.slack.intake import Asking, Intake
from bot.slack.origin import Origin
from bot.slack.text import without_mention
from bot.slack.venue import is_direct
from bot.slack.web_api import WebApi
from core.errors import Undeliverable
from core.prompt import Choices

log = logging.getLogger(__name__)

REMEMBERED = 2048
FROM_PEOPLE = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that somebody wrote; all others tell of edits, joins and the like."""


class Mentions:
    """Slack tells of one message up to eleven times, and of a mention in a direct message in two guises.

    Requests need no care here: the database knows each message. Answers that store nothing, such as the help, are
    said once per process.
    """

    def __init__(self, web_api: WebApi, intake: Intake, errands: Errands, bot_user: Callable[[], str]) -> None:
        self._web_api = web_api
        self._intake = intake
        self._errands = errands
        self._bot_user = bot_user
        self._answered: OrderedDict[str, None] = OrderedDict()

    async def mentioned(self, body: Json, event: Json) -> None:
        """Answered in the thread, which the mention begins if it is in none."""
        if _by_a_person(event):
            # A direct conversation has one thread of its own already: itself.
            direct = str(event["channel"]).startswith("D")
            self._take(body, event, event.get("thread_ts") or ("" if direct else event["ts"]))

    async def message(self, body: Json, event: Json) -> None:
        """Only direct messages are meant for the bot; answered where they were written."""
        if event.get("channel_type") == "im" and _by_a_person(event):
            self._take(body, event, event.get("thread_ts") or "")

    def _take(self, body: Json, event: Json, thread: str) -> None:
        origin = Origin.of_message(body.get("team_id") or event.get("team") or "", event, thread)
        text = without_mention(event.get("text") or "", self._bot_user())

        async def tell(message: Message) -> None:
            if self._first(origin.act):
                await self._say(origin, message)

        self._errands.start(answered(self._answer(origin, text, tell), tell, text))

    async def _answer(self, origin: Origin, text: str, tell: Tell) -> None:
        if text.lower().rstrip("?!. ") in {"", "help"}:
            await tell(answers.help_text())
            return
        asking = Asking.of(origin)
        await self._intake.ask(asking, text, Choices())

    async def _say(self, origin: Origin, message: Message) -> None:
        """What somebody has used up is nobody else's business, as far as Slack can whisper here."""
        if message.private and not is_direct(origin.channel):
            try:
                await self._web_api.whisper(origin.place(), message)
            except Undeliverable as refused:
                log.info("cannot_whisper", extra={"reason": str(refused)})
            else:
                return
        await self._web_api.post(origin.place(), message)

    def _first(self, act: str) -> bool:
        if act in self._answered:
            return False
        self._answered[act] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return True


def _by_a_person(event: Json) -> bool:
    return event.get("subtype") in FROM_PEOPLE and not event.get("bot_id") and bool(event.get("user"))
