"""Text that a user typed, made harmless for Discord: no markup, no mention, no link, and never too long."""

from __future__ import annotations

import re

from core.cleaning import clean

MARKUP = frozenset("\\*_~`|>#+-[]()<:@!&/")
"""What markup, mentions, timestamps, emoji and links are made of. After a backslash punctuation stands for itself."""

_NUMBERED = re.compile(r"(\d+)\.(?=\s|$)")

ELLIPSIS = "…"


def literal(text: str, limit: int) -> str:
    """The text escaped, in at most `limit` characters; an escape is never cut in two, and a cut ends in `…`."""
    return _cut(text, limit)[0]


def literal_whole(text: str, limit: int) -> tuple[str, bool]:
    """As `literal`, and whether nothing had to be cut off."""
    return _cut(text, limit)


def plain(text: str, limit: int) -> str:
    """The text for places that know no markup (names, footers, alt text), on one line and cut at `limit`."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - len(ELLIPSIS)].rstrip() + ELLIPSIS


def _cut(text: str, limit: int) -> tuple[str, bool]:
    # Cleaning looks at every character; of a text this much too long the start is enough.
    near = text[: 4 * limit]
    pieces = [piece for line in clean(near).split("\n") for piece in (*_pieces(line), "\n")][:-1]
    length = sum(map(len, pieces))
    if length <= limit and len(near) == len(text):
        return "".join(pieces), True
    while pieces and length > limit - len(ELLIPSIS):
        length -= len(pieces.pop())
    return "".join(pieces).rstrip() + ELLIPSIS, False


def _pieces(line: str) -> list[str]:
    # "1." at the start of a line begins a list; elsewhere a full stop means nothing.
    number = _NUMBERED.match(line)
    start = number.end() if number else 0
    head = [*number[1], "\\."] if number else []
    return head + ["\\" + char if char in MARKUP else char for char in line[start:]]
