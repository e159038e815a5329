"""Whether a failed call is tried again, and when: a pure decision that the use case applies."""

from __future__ import annotations

from datetime import timedelta

from core.errors import Fault, ProviderError

SAFE = frozenset({Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.UNREACHABLE})
"""Faults after which nothing was made. A timeout or a cut connection may have been billed: there the user decides."""

UNANSWERED = frozenset({Fault.TIMEOUT, Fault.CUT_OFF})
"""Faults after which the provider may have finished, and billed, what never reached us."""

FIRST = 2.0
"""Seconds before the second try where the provider named no time; doubled each time."""

LONGEST = 60.0
"""Seconds; also how long a Retry-After may be before failing honestly is kinder than waiting."""

PATIENCE = 300.0


def next_try(error: ProviderError, attempts: int, max_retries: int) -> timedelta | None:
    """The pause before the next try; None to fail now. `attempts` counts those made, this one included."""
    if error.fault not in SAFE or attempts > max_retries:
        return None
    pause = min(FIRST * 2 ** (attempts - 1), LONGEST)
    if error.retry_after is not None:
        pause = error.retry_after
    return timedelta(seconds=pause) if pause <= PATIENCE else None


def maybe_billed(fault: Fault) -> bool:
    """Whether a call that failed so counts as lost."""
    return fault in UNANSWERED
