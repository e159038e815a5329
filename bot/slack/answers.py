"""What the bot answers where no picture is made: a message catalogue for Slack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC

from bot.slack import blocks as b
from bot.slack.blocks import Json, Message
from bot.slack.render import ELSEWHERE, ENDED_ELSEWHERE
from bot.slack.text import cut
from bot.slack.verbs import Verb, action_id
from core import wording
from core.errors import BadRequest, ConfirmFirst, Limit, LimitReached, NotAllowed, NotFound, Refusal, SwitchedOff

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
COMES_DIRECTLY = (
    "I cannot post in this conversation, so your picture comes to you in a direct message when it is finished."
)
ONLY_ASKER_ANSWERS = "Only the person who asked for this picture can answer that."
BEING_MADE = "It is being made."
NOT_MADE = "All right, it is not made. Nothing was charged."
TRY_AGAIN_LABEL = "Try again…"
MORE_LABEL = "Get more"
LEAVE_LABEL = "No, thanks"
ONLY_OWNER_CANCELS = "Only the person who asked for this picture can cancel it."
ONLY_OWNER_RETRIES = "Only the person who asked for this picture can try it again. You can press Edit… or ask anew."
RESENT = "It is being sent again, into this conversation."
RESENT_DIRECTLY = "It is being sent again, to you in a direct message, for I cannot post in this conversation."
ALREADY_OVER = "This one is already over, so there is nothing to cancel."
OLD_BUTTON = "This button does not work any more. Please ask for a new picture."
WHICH_FORMAT = "Which format? The file comes to you in a direct message."
QUOTED = 150
"""Characters of a prompt that a question or a list shows."""

_ADDRESS = re.compile(r"https?://\S+")


def say(*sentences: str) -> Message:
    return Message(" ".join(sentences), [b.section(sentence) for sentence in sentences])


def help_text() -> Message:
    return say(*HELP)


def try_again() -> Message:
    return say(TRY_AGAIN)


def broken() -> Message:
    return say(BROKEN)


def comes_directly() -> Message:
    return say(COMES_DIRECTLY)


def refused(refusal: Refusal, typed: str = "") -> Message:
    """Every mistake on a line of its own; with a button that keeps the words where the whole text fits into it."""
    if isinstance(refusal, ConfirmFirst):
        return question(refusal)
    lines = _beside_buttons(refusal)
    shown = [b.section("\n".join(_listed(lines))), *_resets(refusal), *b.actions(_next_steps(refusal, typed))]
    return Message(" ".join(lines), shown, private=not isinstance(refusal, BadRequest))


def mistakes(refusal: Refusal) -> Sequence[str]:
    return refusal.mistakes if isinstance(refusal, BadRequest) and refusal.mistakes else (str(refusal),)


def _beside_buttons(refusal: Refusal) -> Sequence[str]:
    """The mistakes, less the sentence with the address that a button opens."""
    named = _ADDRESS.search(refusal.next_step)
    if named is None:
        return mistakes(refusal)
    before, after = refusal.next_step[: named.start()], refusal.next_step[named.end() :]
    before = before[: max(before.rfind(end) for end in ".!?") + 1]
    return (" ".join(part.strip() for part in (str(refusal.args[0]), before, after) if part.strip()),)


def in_a_form(refusal: Refusal) -> Sequence[str]:
    """The same where there is room for nothing but words."""
    lines = list(mistakes(refusal))
    if isinstance(refusal, LimitReached) and refusal.resets_at and refusal.limit is not Limit.COOLDOWN:
        lines.append(refusal.resets_at.astimezone(UTC).strftime("That changes on %d %b at %H:%M UTC."))
    return lines


def _resets(refusal: Refusal) -> list[Json]:
    if not isinstance(refusal, LimitReached) or refusal.resets_at is None:
        return []
    if refusal.limit is Limit.COOLDOWN:
        return [b.moment("You can ask again at", refusal.resets_at, "{time_secs}")]
    return [b.moment("It resets", refusal.resets_at)]


def _next_steps(refusal: Refusal, typed: str) -> list[Json]:
    steps = []
    if typed and len(typed) <= b.VALUE and not isinstance(refusal, NotAllowed | NotFound | SwitchedOff):
        label = TRY_AGAIN_LABEL if isinstance(refusal, LimitReached) else wording.Action.EDIT.label
        steps.append(b.button(label, action_id(Verb.REWORD), typed, "primary"))
    return [*steps, *more(refusal.next_step)]


def more(next_step: str) -> list[Json]:
    """A button to the page that a next step names, if it does: plain text has no links."""
    named = _ADDRESS.search(next_step)
    return [b.link(MORE_LABEL, action_id(Verb.LINK), named[0])] if named else []


def question(asked: ConfirmFirst) -> Message:
    """What it will cost, and whether it shall be made."""
    made = b.button(make_label(asked.price_micro), action_id(Verb.MAKE), asked.proposal_id.hex, "primary")
    left = b.button(LEAVE_LABEL, action_id(Verb.LEAVE), asked.proposal_id.hex)
    prompt = [b.section(cut(asked.prompt, QUOTED))] if asked.prompt else []
    return Message(str(asked), [*prompt, b.section(str(asked)), *b.actions([made, left])])


def make_label(price_micro: int) -> str:
    return f"Make it for {wording.money(price_micro)}"


def _listed(lines: Sequence[str]) -> Sequence[str]:
    return lines if len(lines) == 1 else [f"• {line}" for line in lines]


def cancelling(count: int = 1) -> str:
    """Of requests under way, which the worker stops."""
    return f"{wording.cancelling()} {'It stops' if count == 1 else 'They stop'} in a moment."


def formats(image_hex: str) -> Message:
    """Which file shall it be?"""
    buttons = [b.button(label, action_id(Verb.FILE, name), image_hex) for name, label in FORMATS.items()]
    return Message(WHICH_FORMAT, [b.section(WHICH_FORMAT), *b.actions(buttons)])


def preparing() -> Message:
    return say("Preparing your file…")


def sent(filename: str, here: bool) -> Message:
    where = "into this conversation" if here else "to you in a direct message"
    return say(f"{filename} was sent {where}.")


def moved(message: Message) -> Message:
    """The end in a direct message, because its own place is closed to the bot."""
    pictured = any(block["type"] == "image" for block in message.blocks)
    blocks: list[Json] = [b.section(ELSEWHERE if pictured else ENDED_ELSEWHERE), *message.blocks]
    return Message(message.text, blocks)
