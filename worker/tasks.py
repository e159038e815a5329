"""From a ticket to the use case."""

from __future__ import annotations

from typing import Any

from core.generating import Generating


async def run_next(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:
    """A ticket says only that there may be work. What comes out is in the database, so arq is told nothing."""
    generating: Generating = ctx["generating"]
    await generating.run_next()
