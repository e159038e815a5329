"""The question what a dear picture may cost, in place of the form that asked for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from bot.slack import answers
from bot.slack import blocks as b
from bot.slack.blocks import Json
from bot.slack.origin import team_of
from bot.slack.place import requester
from bot.slack.text import cut
from bot.slack.verbs import identity
from core import wording
from core.errors import ConfirmFirst
from core.generation import Requester

CALLBACK = "limner_confirm"
TITLE = "Ask for a picture"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be confirmed."""

    proposal_id: UUID
    price_micro: int
    prompt: str = ""
    """Shortened."""

    @classmethod
    def of(cls, asked: ConfirmFirst) -> Question:
        return cls(asked.proposal_id, asked.price_micro, cut(asked.prompt, answers.QUOTED))


def shown(question: Question, note: str = "") -> Json:
    """A modal with two answers; closing it is the second. `note` says why the first did not work yet."""
    prompt = [question.prompt] if question.prompt else []
    words = [*prompt, wording.confirm_first(question.price_micro), *([note] if note else [])]
    kept = {"proposal": question.proposal_id.hex, "price": question.price_micro, "prompt": question.prompt}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": b.words(TITLE, 24),
        "submit": b.words(answers.make_label(question.price_micro), 24),
        "close": b.words(answers.LEAVE_LABEL, 24),
        "private_metadata": json.dumps(kept),
        "blocks": [b.section(text) for text in words],
    }


def refused(sentences: str) -> Json:
    """A modal that only says something."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": b.words(TITLE, 24),
        "close": b.words("Close", 24),
        "blocks": [b.section(sentences)],
    }


def read(body: Json) -> tuple[Question | None, Requester]:
    """What was confirmed, and by whom."""
    back = json.loads(body["view"].get("private_metadata") or "{}")
    proposal_id = identity(str(back.get("proposal", "")))
    user = body["user"]
    who = requester(team_of(body), user["id"], user.get("username") or user.get("name") or "")
    if proposal_id is None:
        return None, who
    return Question(proposal_id, int(back.get("price", 0)), str(back.get("prompt", ""))), who
