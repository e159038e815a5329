"""Everything that can go wrong, as one tree.

LimnerError
├── Refusal             the user is told at once; nothing was stored and nothing is charged
│   ├── BadRequest      the prompt or its options are wrong; every mistake is listed
│   ├── NotFound        there is no such thing, or it is somebody else's: one answer for both
│   ├── NotAllowed      the asker may not do this
│   ├── SwitchedOff     image generation is paused, everywhere or here
│   ├── LimitReached    a quota or a budget has no room (carries which one, and when it resets)
│   └── ConfirmFirst    it costs enough to be asked about (carries the price, and what to confirm)
├── Outage              a server is away for now; trying again later is right
├── ProviderError       the image provider did not give a picture (carries its Fault)
└── Undeliverable       the platform will never take this message at this place
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LimnerError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class Refusal(LimnerError):
    """This cannot be done."""

    next_step: str = ""

    def __init__(self, message: str | None = None, next_step: str | None = None) -> None:
        super().__init__(message)
        self.next_step = type(self).next_step if next_step is None else next_step

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.args[0]), self.next_step) if part)


class BadRequest(Refusal):
    """The request has mistakes."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(" ".join(mistakes))


class NotFound(Refusal):
    """There is no such picture or request, or it is not yours."""

    next_step = "Check the link, or ask for a new picture."


class NotAllowed(Refusal):
    """Only the person who asked for this picture may do that."""


class SwitchedOff(Refusal):
    """Making pictures is switched off for now."""

    next_step = "Nothing was charged. Ask the operator of this bot, or try again later."


class Limit(StrEnum):
    """Which limit a request met. The value is sent over REST."""

    COOLDOWN = "cooldown"
    WAITING = "waiting"
    PICTURES_HOUR = "pictures_hour"
    PICTURES_DAY = "pictures_day"
    PICTURES_MONTH = "pictures_month"
    SPEND_DAY = "spend_day"
    SPEND_MONTH = "spend_month"
    POOL_DAY = "pool_day"
    POOL_MONTH = "pool_month"
    REQUESTS = "requests"


class LimitReached(Refusal):
    """A limit has no room for this request."""

    def __init__(self, limit: Limit, message: str, next_step: str = "", *, resets_at: datetime | None = None) -> None:
        super().__init__(message, next_step)
        self.limit = limit
        self.resets_at = resets_at
        """When there is room again, by time alone; None where something else has to happen first."""


class ConfirmFirst(Refusal):
    """This costs more than is spent without asking."""

    def __init__(self, price_micro: int, message: str, proposal_id: UUID, prompt: str = "") -> None:
        super().__init__(message)
        self.price_micro = price_micro
        self.proposal_id = proposal_id
        """What was asked for, kept for the answer."""
        self.prompt = prompt
        """Of what was asked for, to be shown beside the price."""


class Outage(LimnerError):
    """A server that is needed is away for now."""

    def __init__(self, message: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait before the next try, where the server named them."""


class Fault(StrEnum):
    """Why a request ended without a picture. The value is stored and sent over REST."""

    MODERATED = "moderated"
    INVALID_KEY = "invalid_key"
    QUOTA = "quota"
    BILLING_LIMIT = "billing_limit"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CUT_OFF = "cut_off"
    BAD_IMAGE = "bad_image"
    UNKNOWN_MODEL = "unknown_model"
    REJECTED = "rejected"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal"


class ProviderError(LimnerError):
    """The image provider did not give a picture."""

    def __init__(self, fault: Fault, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail
        """For the operator's log and, for MODERATED, the categories named by the provider. Never a secret."""
        self.retry_after = retry_after
        """Seconds, from Retry-After, where the provider named them."""


class Undeliverable(LimnerError):
    """The platform will never take this message at this place."""
