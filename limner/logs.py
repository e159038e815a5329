"""Logs through structlog, one line an event, secrets masked before anything is written."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import quote, quote_plus

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "[secret]"

QUIET = ("httpx2", "httpcore2", "openai", "slack_bolt", "slack_sdk", "arq", "aiohttp.access", "alembic")
"""Libraries that tell at INFO what only their authors want to know, some of it with addresses and bodies."""

SHORTEST = 6
"""Characters. What is shorter than that is no secret, and would blot out half the log."""

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
    mask = Mask(hidden)
    last: list[Processor] = (
        [structlog.processors.format_exc_info, mask, structlog.processors.JSONRenderer()]
        if style == "json"
        else [
            structlog.processors.format_exc_info,
            mask,
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
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that there is no voice; we never speak
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What nobody foresaw goes through the mask as well, instead of raw to standard error."""
    logging.getLogger("limner").critical("stopped_by_a_defect", exc_info=(kind, error, traceback))


class Mask:
    """Blots out secrets in texts and in whole events of the log."""

    def __init__(self, hidden: Iterable[str | None]) -> None:
        known = {spelling for one in hidden if one and len(one) >= SHORTEST for spelling in _spellings(one)}
        # The longest first: a password is blotted out with the whole of its address, where all of it is there.
        self._own = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))) if known else None

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def text(self, text: str) -> str:
        return KNOWN.sub(MASK, text if self._own is None else self._own.sub(MASK, text))

    def _clean(self, value: object) -> object:
        if isinstance(value, (int, float, bool, type(None))):
            return value
        return self.text(value if isinstance(value, str) else repr(value))


def _spellings(secret: str) -> set[str]:
    """A secret as it is, as Python and JSON quote it, and as it stands in an address."""
    quoted = {repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1], repr(secret.encode())[2:-1]}
    return {secret, *quoted, quote(secret), quote(secret, safe=""), quote_plus(secret)}
