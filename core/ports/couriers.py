"""What shows: a platform's messages."""

from __future__ import annotations

from typing import Protocol

from core.generation import ReplyTo
from core.ports.requests import Notice
from core.views import View


class Courier(Protocol):
    """Puts a view into a platform's message."""

    platform: str

    def interval(self, in_flight: int) -> float:
        """Seconds to leave between two edits of one message while `in_flight` messages are being edited."""
        ...

    async def show(self, reply_to: ReplyTo, view: View) -> ReplyTo | None:
        """Edits the message; showing the same view twice is harmless.

        Returns a new address if the message had to move. Raises Outage (try again, maybe after `retry_after`)
        or Undeliverable (never).
        """
        ...


class Messenger(Protocol):
    """Says something to a person or in a channel, outside any request."""

    @property
    def platform(self) -> str: ...

    async def tell(self, notice: Notice) -> None:
        """Raises Outage (try again) or Undeliverable (never)."""
        ...
