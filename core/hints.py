"""Lists and near misses, for sentences about mistakes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST_ECHO = 40
_CLOSE_ENOUGH = 0.6


def one_of(words: Iterable[str]) -> str:
    """`low, medium or high`."""
    *before, last = words
    return f"{', '.join(before)} or {last}" if before else last


def echo(text: str) -> str:
    """What was typed, on one line, in quotation marks and short enough to sit in a sentence."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _LONGEST_ECHO else f'"{line[: _LONGEST_ECHO - 1]}…"'


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    # A long text is no slip of the finger, and comparing it would take quadratic time.
    if len(text) > _LONGEST_ECHO:
        return None
    return next(iter(difflib.get_close_matches(text.lower(), list(known), n=1, cutoff=_CLOSE_ENOUGH)), None)


def choose(text: str, known: Iterable[str]) -> str:
    """`Did you mean high?`, or else the whole choice."""
    words = tuple(known)
    meant = nearest(text, words)
    return f"Did you mean {meant}?" if meant else f"Choose {one_of(words)}."
