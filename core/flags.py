"""Flags in typed text, such as `--ar 16:9`: finding them, and what is left of the text without them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.cleaning import tidy
from core.hints import nearest

EXAMPLES = {
    "aspect": "16:9",
    "size": "1536x1024",
    "quality": "high",
    "count": "2",
    "style": "watercolor",
    "model": "gpt-image-2.5-flare",
    "background": "transparent",
    "seed": "42",
}
"""Every option by its full name, with a value to show."""

_ALIASES = {"ar": "aspect", "q": "quality", "n": "count", "bg": "background"}
_NAMES = {**{name: name for name in EXAMPLES}, **_ALIASES}

_DOUBLE = "(?:--|[\u2014\u2013])"  # phones turn two hyphens into a dash
_NAME = "[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_QUOTED = '"[^"]*"|\u201c[^\u201c\u201d]*\u201d'

# Quotation marks count where they open and close a word: the inches of a 5" nail protect nothing.
_SCAN = re.compile(
    rf"(?<![^\s(\[{{])(?P<quoted>{_QUOTED})(?![^\s.,;:!?)\]}}])"
    rf"|(?<!\S)(?P<dash>{_DOUBLE})(?P<name>{_NAME})(?=[\s=]|$)"
    r"|(?<!\S)-(?P<short>q)(?=[\s=]|$)"
)
_VALUE = re.compile(rf"(?:=\s?|\s)(?P<value>(?P<quoted>{_QUOTED}|'[^'\n]*')(?=\s|$)|\S+)")
_NEXT_FLAG = re.compile(rf"{_DOUBLE}{_NAME}(?:=|$)|-q(?:=|$)")
_WORD = re.compile(r" ?(\S+)")
_LONGEST_STYLE = 3
_MOST_UNKNOWN = 8


@dataclass(frozen=True, slots=True)
class Flag:
    """One option as typed."""

    name: str
    """The full name: `aspect` for `--ar`."""
    typed: str
    """As the user wrote it, for sentences about it."""
    value: str


@dataclass(frozen=True, slots=True)
class Split:
    """Text taken apart."""

    rest: str
    flags: tuple[Flag, ...]
    mistakes: tuple[str, ...]


def split(text: str, is_style: Callable[[str], bool]) -> Split:
    """Takes the flags out of clean text. Quoted text, lone dashes and dashes before other words stay as they are.

    `is_style` tells whether words name a style, for `--style oil painting` without quotation marks.
    """
    kept: list[str] = []
    flags: list[Flag] = []
    unknown: dict[str, None] = {}
    without_value: dict[str, str] = {}
    position = 0
    while match := _SCAN.search(text, position):
        kept.append(text[position : match.start()])
        position = match.end()
        name = _NAMES.get(_typed_name(match))
        if match["quoted"] or (name is None and match["dash"] != "--"):
            kept.append(match[0])
        elif name is None:
            _, position = _value(text, position)
            unknown[match[0]] = None
        else:
            value, position = _style(text, position, is_style) if name == "style" else _value(text, position)
            if value:
                flags.append(Flag(name, match[0], value))
            else:
                without_value[name] = f"{match[0]} needs a value, for example {match[0]} {EXAMPLES[name]}."
    mistakes = (*_unknown(list(unknown)), *without_value.values(), *_given_twice(flags))
    return Split(tidy("".join([*kept, text[position:]])), tuple(flags), mistakes)


def _typed_name(match: re.Match[str]) -> str:
    return (match["name"] or match["short"] or "").lower().replace("_", "-")


def _value(text: str, position: int) -> tuple[str, int]:
    """The value that begins here, without its quotation marks, and where it ends; nothing if another flag begins."""
    match = _VALUE.match(text, position)
    if match is None or _NEXT_FLAG.match(match["value"]):
        return "", position
    bare = match["quoted"][1:-1].strip() if match["quoted"] else match["value"].rstrip(",;.")
    return bare, match.end()


def _style(text: str, position: int, is_style: Callable[[str], bool]) -> tuple[str, int]:
    """As `_value`, but of several words the most that name a style together."""
    value, end = _value(text, position)
    words, upto = value, end
    for _ in range(_LONGEST_STYLE - 1):
        word = _WORD.match(text, upto)
        if not value or word is None or _NEXT_FLAG.match(word[1]):
            break
        words, upto = f"{words} {word[1].rstrip(',;.')}", word.end()
        if is_style(words):
            value, end = words, upto
    return value, end


def _unknown(typed: list[str]) -> list[str]:
    shown = [_no_such_option(flag) for flag in typed[:_MOST_UNKNOWN]]
    return [*shown, f"There are {len(typed) - _MOST_UNKNOWN} more like it."] if len(typed) > _MOST_UNKNOWN else shown


def _no_such_option(typed: str) -> str:
    meant = nearest(typed[2:], _NAMES)
    hint = f"Did you mean --{meant}?" if meant else f"There are {', '.join(f'--{name}' for name in EXAMPLES)}."
    shown = typed if len(typed) <= 30 else f"{typed[:29]}…"
    return f"There is no option {shown}. {hint} If it belongs to the picture, put it in quotation marks."


def _given_twice(flags: list[Flag]) -> list[str]:
    first: dict[str, Flag] = {}
    twice: dict[str, str] = {}
    for flag in flags:
        before = first.setdefault(flag.name, flag)
        if before.value.lower() != flag.value.lower():
            twice[flag.name] = f"--{flag.name} is there more than once, with different values. Keep one of them."
    return list(twice.values())
