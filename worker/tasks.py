"""From a ticket to the use case."""

from __future__ import annotations

import logging
from typing import Any

from core.errors import Outage
from core.generating import Generating

log = logging.getLogger(__name__)


async def run_next(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """A ticket says only that there may be work. What comes out is in the database, so arq is told nothing."""
    generating: Generating = ctx["generating"]
    try:
        await generating.run_next()
    except Outage as away:
        log.warning("request_left", extra={"reason": str(away)})  # its lease runs out, and a sweep rings for it
