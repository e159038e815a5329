"""A limit as an admin types it: `20`, `$5`, `0.50`, or `none` to take it back."""

from __future__ import annotations

import re
from decimal import Decimal

from core.errors import BadRequest
from core.usage_words import LIMITS

MICRO = 1_000_000
NONE = frozenset({"none", "off", "-"})

_WHOLE = re.compile(r"[0-9]{1,9}")
_DOLLARS = re.compile(r"\$?\s?(?P<amount>[0-9]{1,6}(\.[0-9]{1,6})?)")


def read(name: str, typed: str) -> int | None:
    """The value for a field of `Policy`, money in micro-USD; None takes the limit back. Raises BadRequest."""
    text = typed.strip().lower()
    if text in NONE:
        return None
    if name.endswith("_micro"):
        dollars = _DOLLARS.fullmatch(text)
        if dollars is None:
            raise BadRequest([f"{_label(name)} takes US dollars such as $5 or 0.50, or none to take it back."])
        return int(Decimal(dollars["amount"]) * MICRO)
    if not _WHOLE.fullmatch(text):
        raise BadRequest([f"{_label(name)} takes a whole number such as 20, or none to take it back."])
    return int(text)


def _label(name: str) -> str:
    return f"“{LIMITS.get(name, name)}”"
