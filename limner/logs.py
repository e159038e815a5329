"""Logs through structlog, one line an event, secrets masked before anything is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "[secret]"

QUIET = ("httpx2", "httpcore2", "openai", "slack_bolt", "slack_sdk", "arq", "aiohttp.access", "alembic")
"""Libraries that tell at INFO what only their authors want to know, some of it with addresses and bodies."""

KNOWN = re.compile(
    r"(sk-[\w-]{8,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|limner_[\w-]{16,}|(?<=://)[^/\s:@]*:[^/\s@]+(?=@))"
)
"""Tokens that show what they are, and passwords in addresses, wherever they come from."""


def set_up(level: str, style: str, hidden: Iterable[str | None] = ()) -> None:
    """Sends the standard library's log to standard error; `hidden` are the secrets of the settings."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = (
        [structlog.processors.format_exc_info, _Mask(hidden), structlog.processors.JSONRenderer()]
        if style == "json"
        else [
            structlog.processors.format_exc_info,
            _Mask(hidden),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Mask:
    def __init__(self, hidden: Iterable[str | None]) -> None:
        known = sorted({one for one in hidden if one and len(one) >= 6}, key=len, reverse=True)
        self._own = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: object) -> object:
        if not isinstance(value, str):
            return value if isinstance(value, (int, float, bool, type(None))) else self._clean(repr(value))
        if self._own is not None:
            value = self._own.sub(MASK, value)
        return KNOWN.sub(MASK, value)
