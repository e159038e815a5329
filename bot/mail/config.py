"""What the mail messenger is told."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class MailConfig:
    """A mail server, and in whose name to use it."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    """From the first byte on (smtps); else STARTTLS."""
    local: bool = False
    """On this machine: STARTTLS is used if it is offered and not insisted on, and nobody's certificate is asked for."""
