"""The list of somebody's requests, as only they see it, with a button for each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack import blocks as b
from bot.slack.answers import QUOTED
from bot.slack.blocks import Json, Message
from bot.slack.render import estimate
from bot.slack.text import cut
from bot.slack.verbs import Verb, action_id
from core import wording
from core.generation import Accepted, Generation, Status
from core.queueing import Queue

NOTHING = "You have nothing waiting or running."
NOT_SHOWN = "Finished, but Slack did not take the message. Resend brings it here and costs nothing."


def queue(found: Queue, note: str = "") -> Message:
    """Waiting and running, then what was made and never arrived. `note` says what was done just now."""
    everybody = f"{wording.pictures(found.total, 'request')} of everybody {_waits(found.total)}."
    said = " ".join(part for part in (note, "" if found.mine else NOTHING, everybody) if part)
    undelivered = [b.section(NOT_SHOWN), *(_lost(one) for one in found.undelivered)] if found.undelivered else []
    return Message(said, [b.section(said), *_requests(found.mine), *undelivered])


def choice(mine: Sequence[Accepted]) -> Message:
    """Which of them shall be cancelled?"""
    asked = "Which one shall be cancelled?"
    return Message(asked, [b.section(asked), *_requests(mine)])


def _requests(mine: Sequence[Accepted]) -> list[Json]:
    everything = [b.button("Cancel all", action_id(Verb.DROPALL), Verb.DROPALL, "danger")] if len(mine) > 1 else []
    return [*(_request(one) for one in mine), *b.actions(everything)]


def _request(one: Accepted) -> Json:
    words = " · ".join([_standing(one), *estimate(one.generation)])
    button = b.button(wording.Action.CANCEL.label, action_id(Verb.DROP), one.generation.id.hex)
    return b.beside(f"{cut(one.generation.prompt, QUOTED)}\n{words}", button)


def _standing(one: Accepted) -> str:
    if one.generation.cancel_requested:
        return wording.cancelling()
    if one.generation.status is Status.RUNNING:
        return "Being drawn"
    words = wording.waiting_words(one)
    return words[:1].upper() + words[1:]


def _lost(generation: Generation) -> Json:
    button = b.button("Resend", action_id(Verb.RESEND), generation.id.hex, "primary")
    return b.beside(cut(generation.prompt, QUOTED), button)


def _waits(count: int) -> str:
    return "waits" if count == 1 else "wait"
