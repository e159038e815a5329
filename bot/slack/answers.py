"""What the bot answers where no picture is made: a message catalogue for Slack."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack import blocks as b
from bot.slack.blocks import Json, Message
from bot.slack.render import ELSEWHERE
from bot.slack.verbs import Verb, action_id
from core import wording
from core.errors import BadRequest, Refusal

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}
HELP = (
    "Tell me what to draw: /imagine a lighthouse at dusk, or mention me with it, or write to me directly.",
    "Options go at the end: --ar 16:9 --quality high --count 2 --style watercolor. "
    "/imagine without anything opens a form with all of them.",
)
TRY_AGAIN = "The bot cannot take requests for a moment. Nothing was charged. Please try again in a minute."
BROKEN = "Something went wrong here, and it has been logged. Nothing was charged. Please try again."
TOO_SLOW = "Slack closed the form before it could open. Please press once more."
CANNOT_POST = (
    "I cannot post in this conversation. Add me with /invite, or write to me directly, and ask again. "
    "Nothing was charged."
)
ONLY_OWNER_CANCELS = "Only the person who asked for this picture can cancel it."
ONLY_OWNER_RETRIES = "Only the person who asked for this picture can try it again. You can press Edit… or ask anew."
ALREADY_OVER = "This one is already over, so there is nothing to cancel."
OLD_BUTTON = "This button does not work any more. Please ask for a new picture."


def say(*sentences: str) -> Message:
    return Message(" ".join(sentences), [b.section(sentence) for sentence in sentences])


def help_text() -> Message:
    return say(*HELP)


def try_again() -> Message:
    return say(TRY_AGAIN)


def broken() -> Message:
    return say(BROKEN)


def cannot_post() -> Message:
    return say(CANNOT_POST)


def refused(refusal: Refusal, typed: str = "") -> Message:
    """Every mistake on a line of its own; with an Edit button where the whole text fits into it."""
    lines = mistakes(refusal)
    fits = bool(typed) and len(typed) <= b.VALUE
    edit = [b.button(wording.Action.EDIT.label, action_id(Verb.REWORD), typed, "primary")] if fits else []
    return Message(" ".join(lines), [b.section("\n".join(_listed(lines))), *b.actions(edit)])


def mistakes(refusal: Refusal) -> Sequence[str]:
    return refusal.mistakes if isinstance(refusal, BadRequest) and refusal.mistakes else (str(refusal),)


def _listed(lines: Sequence[str]) -> Sequence[str]:
    return lines if len(lines) == 1 else [f"• {line}" for line in lines]


def formats(image_hex: str) -> Message:
    """Which file shall it be?"""
    buttons = [b.button(label, action_id(Verb.FILE, name), image_hex) for name, label in FORMATS.items()]
    question = "Which format? The file comes to you in a direct message."
    return Message(question, [b.section(question), *b.actions(buttons)])


def preparing() -> Message:
    return say("Preparing your file…")


def sent(filename: str, here: bool) -> Message:
    where = "into this conversation" if here else "to you in a direct message"
    return say(f"{filename} was sent {where}.")


def moved(message: Message) -> Message:
    """The picture in a direct message, because its own place is closed to the bot."""
    blocks: list[Json] = [b.section(ELSEWHERE), *message.blocks]
    return Message(message.text, blocks)
