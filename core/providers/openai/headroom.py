"""What the rate-limit headers of an answer say: pictures a minute where the server counts those, else requests."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.ports import Headroom

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_COUNT = re.compile(r"\d{1,9}")


def headroom(headers: Mapping[str, str], retry_after: float | None = None) -> Headroom | None:
    """None where nothing is said. A picture is one request here, so that either count will do."""
    for counted in ("images", "requests"):
        limit = _count(headers.get(f"x-ratelimit-limit-{counted}"))
        if limit:
            return Headroom(
                limit=limit,
                remaining=_count(headers.get(f"x-ratelimit-remaining-{counted}")),
                reset_seconds=seconds(headers.get(f"x-ratelimit-reset-{counted}")) or 0.0,
                retry_after=retry_after,
            )
    return None if retry_after is None else Headroom(retry_after=retry_after)


def seconds(text: str | None) -> float | None:
    """`12s`, `1m30s`, `250ms`, `6m0s` or a bare number, in seconds; None for anything else."""
    given = (text or "").strip()
    if _SECONDS.fullmatch(given):
        return float(given)
    if not _DURATION.fullmatch(given):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(given))


def _count(text: str | None) -> int | None:
    given = (text or "").strip()
    return int(given) if _COUNT.fullmatch(given) and given.isascii() else None
