"""What a check of the installation found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    ok: bool
    what: str
    mend: str = ""
    """How to put it right; empty where nothing is wrong."""
