"""Why there is no picture, in words for the person who asked: one explanation for every fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Fault
from core.hints import one_of


class Action(StrEnum):
    """What a user can press."""

    CANCEL = "cancel"
    VARIATIONS = "variations"
    EDIT = "edit"
    DOWNLOAD = "download"
    RETRY = "retry"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.CANCEL: "Cancel",
    Action.VARIATIONS: "Variations",
    Action.EDIT: "Edit…",
    Action.DOWNLOAD: "Download",
    Action.RETRY: "Try again",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """What happened, and what to do about it."""

    title: str
    sentence: str
    next_step: str
    actions: tuple[Action, ...] = ()


_AGAIN = (Action.RETRY, Action.EDIT)

# {model} is the model's title. None of these tells what a server answered: that is for the operator's log.
_EXPLAINED = {
    Fault.MODERATED: Explained(
        "The prompt was declined",
        "The safety system of {model} declined this prompt{because}. Nothing was charged.",
        "Change the wording and try again.",
        (Action.EDIT,),
    ),
    Fault.INVALID_KEY: Explained(
        "The bot cannot sign in",
        "{model} did not accept this bot's key, so no picture was made and nothing was charged.",
        "Ask the operator of this bot to check its API key, then try again.",
        (Action.RETRY,),
    ),
    Fault.QUOTA: Explained(
        "The bot's credit is used up",
        "This bot's account has no credit left for {model}. Nothing was charged.",
        "Ask the operator of this bot to add credit, then try again.",
        (Action.RETRY,),
    ),
    Fault.BILLING_LIMIT: Explained(
        "The spending limit is reached",
        "This bot's account has reached the spending limit that was set for it. Nothing was charged.",
        "Ask the operator of this bot to raise the limit, or wait until it starts over.",
        (Action.RETRY,),
    ),
    Fault.RATE_LIMITED: Explained(
        "Too busy right now",
        "{model} was asked for too many pictures at once and took no more, even after several tries. "
        "Nothing was charged.",
        "Wait a minute, then try again.",
        (Action.RETRY,),
    ),
    Fault.SERVER_ERROR: Explained(
        "The image service had a problem",
        "{model} failed on its own side, and it is not about your prompt. Nothing was charged.",
        "Try again in a few minutes.",
        (Action.RETRY,),
    ),
    Fault.UNREACHABLE: Explained(
        "The image service is out of reach",
        "The bot could not connect to {model}. Nothing was charged.",
        "Try again in a few minutes; if it goes on, tell the operator of this bot.",
        (Action.RETRY,),
    ),
    Fault.TIMEOUT: Explained(
        "It took too long",
        "{model} did not finish in time, so the answer never came. You were not charged, though the operator may "
        "still be billed.",
        "Try again, or ask for a smaller size or a lower quality.",
        _AGAIN,
    ),
    Fault.CUT_OFF: Explained(
        "The connection was lost",
        "The connection to {model} broke while it was drawing, so the answer never came. You were not charged, "
        "though the operator may still be billed.",
        "Try again: such breaks seldom happen twice.",
        (Action.RETRY,),
    ),
    Fault.BAD_IMAGE: Explained(
        "The picture was unusable",
        "{model} sent something that is not a proper picture, so it was thrown away. You were not charged.",
        "Try again; if the same happens, choose another model.",
        _AGAIN,
    ),
    Fault.UNKNOWN_MODEL: Explained(
        "The model is not available",
        "The image service does not offer {model} to this bot. Nothing was charged.",
        "Choose another model, or ask the operator of this bot to set one that it may use.",
        (Action.EDIT,),
    ),
    Fault.REJECTED: Explained(
        "The request was not accepted",
        "{model} did not accept this combination of prompt, picture and options. Nothing was charged.",
        "Change the prompt or leave out some options, then try again.",
        (Action.EDIT,),
    ),
    Fault.INTERRUPTED: Explained(
        "The work was interrupted",
        "The bot was stopped several times while it worked on this picture, and gave up. You were not charged, "
        "though a try that was under way may be billed to the operator.",
        "Try again.",
        (Action.RETRY,),
    ),
    Fault.INTERNAL: Explained(
        "Something went wrong here",
        "The bot made a mistake of its own, and it has been logged. You were not charged.",
        "Try again; if it goes on, tell the operator of this bot when it happened.",
        (Action.RETRY,),
    ),
}

_CATEGORIES = {
    "violence": "violence",
    "violence/graphic": "graphic violence",
    "sexual": "sexual content",
    "sexual/minors": "content about minors",
    "self-harm": "self-harm",
    "self-harm/intent": "self-harm",
    "self-harm/instructions": "self-harm",
    "hate": "hate",
    "hate/threatening": "threats",
    "harassment": "harassment",
    "harassment/threatening": "threats",
    "illicit": "illegal activity",
    "illicit/violent": "illegal activity",
}
_CATEGORY = re.compile("[a-z]+(?:[-_/][a-z]+)*", re.IGNORECASE)


def explain(fault: Fault, detail: str, model_title: str) -> Explained:
    """The explanation to show. Of `detail` only known moderation categories are ever told."""
    words = _EXPLAINED[fault]
    because = _because(detail) if fault is Fault.MODERATED else ""
    sentence = words.sentence.format(model=model_title, because=because)
    return Explained(words.title, sentence, words.next_step, words.actions)


def _because(detail: str) -> str:
    named = (_CATEGORIES.get(word.lower().replace("_", "-")) for word in _CATEGORY.findall(detail))
    categories = tuple(dict.fromkeys(name for name in named if name))
    return f" because of {one_of(categories)}" if categories else ""
