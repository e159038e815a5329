"""Work that goes on after Slack was answered, with an owner that sees it through."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from bot.slack import answers
from bot.slack.blocks import Message
from bot.slack.foreign import TriggerExpired
from core.errors import LimnerError, Outage, Refusal

log = logging.getLogger(__name__)

Tell = Callable[[Message], Awaitable[None]]
"""Says something to the person who acted."""


class Errands:
    """Holds every task until it is done. Bolt and its Socket Mode client start theirs and forget them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, grace: float) -> None:
        """Waits `grace` seconds for what is under way, then cancels the rest."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def answered(work: Awaitable[None], tell: Tell, typed: str = "") -> None:
    """Does the work; whatever goes wrong becomes a sentence for whoever waits. `typed` is offered for editing."""
    try:
        await work
    except Refusal as refusal:
        await told(tell, answers.refused(refusal, typed))
    except TriggerExpired:
        await told(tell, answers.say(answers.TOO_SLOW))
    except Outage as away:
        log.warning("request_not_taken", extra={"reason": str(away)})
        await told(tell, answers.try_again())
    except Exception:  # the edge: a person waits, and a bug must not look like silence
        log.exception("errand_failed")
        await told(tell, answers.broken())


async def told(tell: Tell, message: Message) -> None:
    """Says it, if it can be said: what was done before counts all the same."""
    try:
        await tell(message)
    except LimnerError as unheard:
        log.warning("answer_lost", extra={"reason": str(unheard)})
