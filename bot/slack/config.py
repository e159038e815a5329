"""What the operator sets for Slack."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConfig:
    """With an app token the adapter connects by Socket Mode; with a signing secret it takes signed HTTP. Or both."""

    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str | None = None
    """Another place for the Web API, ending in `/api/`; None is slack.com."""
