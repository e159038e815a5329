"""What a check-up found: one line each, and how to mend what is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` says what was looked at and how it stands; `mend` is empty where nothing is wrong."""

    ok: bool
    what: str
    mend: str = ""
