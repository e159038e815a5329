"""Typed text made safe to store, to show and to send: what cannot be seen, or steers a server, is taken out."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")

# Each of these is invisible, or makes text read otherwise than it is stored.
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # soft hyphen, joiners and fillers
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction overrides and isolates
    "\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff"  # annotations and non-characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # shorthand and musical formatting
    "]+"
)
_FLAG_OR_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f)|[\U000e0000-\U000e007f]+")
_MOST_PASSES = 3
_MOST_MARKS = 30
"""On one letter, as in Unicode's Stream-Safe Text Format: ordering marks takes time quadratic in their number."""
_MODIFIERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+")

# The writing systems in which a joiner between letters changes what is read: Arabic to Myanmar, Khmer and Mongolian,
# and the later Indic and Arabic blocks.
_JOINING = re.compile("[\u0600-\u109f\u1780-\u18af\ua800-\uabff\ufb50-\ufdff\ufe70-\ufeff\U00010a00-\U00011fff]")

# stable-diffusion.cpp reads generation settings out of the prompt; it and others load files that a prompt names.
_STEERING_TAG = re.compile("<(/?)sd_cpp_extra_args>", re.IGNORECASE)
_STEERING = re.compile("<(?:lora|lyco|hypernet):[^>]*>", re.IGNORECASE)


def clean(text: str) -> str:
    """Visible text in Unicode's composed form, single spaces, single line breaks. Cleaning it again changes nothing."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    seen = _UNSEEN.sub("", _LINE_BREAKS.sub("\n", whole.replace("\t", " ")))
    seen = _FLAG_OR_TAGS.sub(lambda match: match[1] or "", seen)
    return tidy(_composed(seen))


def tidy(text: str) -> str:
    """No space but single ones and no empty lines."""
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def without_steering(text: str) -> tuple[str, bool]:
    """The text without any provider's control syntax, and whether there was some.

    A space takes its place, so that what is left cannot close up into control syntax again.
    """
    unblocked = _without_steering_blocks(text)
    # Beyond the last bracket nothing can match, and looking for it there again and again would take quadratic time.
    end = unblocked.rfind(">") + 1
    kept = _STEERING.sub(" ", unblocked[:end]) + unblocked[end:]
    return (tidy(kept), True) if kept != text else (text, False)


def _without_steering_blocks(text: str) -> str:
    tags = list(_STEERING_TAG.finditer(text))
    last_end = max((tag.start() for tag in tags if tag[1]), default=-1)
    kept, position, inside = [], 0, False
    for tag in tags:
        if not inside:
            kept.append(text[position : tag.start()])
        # A block that nothing closes loses its tag only: the rest is the user's sentence.
        inside = not tag[1] and tag.start() < last_end
        position = tag.end()
    return " ".join([*kept, text[position:]])


def _composed(text: str) -> str:
    """Unicode's composed form, with modifiers only where they have an effect."""
    # Some marks come apart into several, so that a run can be too long again.
    composed = unicodedata.normalize("NFC", _fewer_marks(unicodedata.normalize("NFC", _fewer_marks(text))))
    for _ in range(_MOST_PASSES):
        # What is left closes up and may compose or change places, and other neighbours may suit a modifier less.
        fitting = unicodedata.normalize("NFC", _MODIFIERS.sub(_fitting_modifiers, composed))
        if fitting == composed:
            return composed
        composed = fitting
    return unicodedata.normalize("NFC", _MODIFIERS.sub("", composed))


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        # Joiners count as well: where they are taken out later, the runs on both sides become one.
        marks = marks + 1 if char in "\u200c\u200d" or unicodedata.category(char)[0] == "M" else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _fitting_modifiers(match: re.Match[str]) -> str:
    """Of a run of joiners and variation selectors: one selector and one joiner, each only where it has an effect."""
    text, run = match.string, match[0]
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    joiner = next((char for char in run if char in "\u200c\u200d"), "")
    selector = run[0] if run[0] != joiner and _takes_selector(before, after) else ""
    return selector + (joiner if joiner and _takes_joiner(before, joiner, after) else "")


def _takes_selector(before: str, after: str) -> bool:
    if before.isascii():
        return before in set("0123456789#*") and after == "\u20e3"
    return _kind(before) in {"So", "Sm", "Sk", "Po", "Pd", "Lo"}


def _takes_joiner(before: str, joiner: str, after: str) -> bool:
    if _JOINING.match(before):
        return bool(after) and not after.isspace()
    # Skin tones, which may stand before a joiner, are modifier symbols.
    return joiner == "\u200d" and _kind(before) in {"So", "Sk"} and _kind(after) in {"So", "Sm"}


def _kind(char: str) -> str:
    return unicodedata.category(char) if char and not char.isascii() else ""
