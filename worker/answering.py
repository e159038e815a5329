"""Connections for arq, whose own calls wait for ever: a server that says nothing has to count as away."""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio.connection import AbstractConnection, ConnectionPool

from worker.queue import ANSWER


class _Impatient(AbstractConnection):
    """Raises TimeoutError, and is closed, when an answer takes longer than `ANSWER`.

    redis-py's `socket_timeout` would do, but it sends through `asyncio.wait_for`, which swallows cancellations.
    """

    async def read_response(self, disable_decoding: bool = False, timeout: float | None = None, **options: Any) -> Any:
        # Whoever listens says for how long.
        async with asyncio.timeout(ANSWER if timeout is None else None):
            return await super().read_response(disable_decoding, timeout, **options)


def impatient(pool: ConnectionPool) -> ConnectionPool:
    """A pool of its own, to the same server and by the same way."""
    kind = type("Impatient", (_Impatient, pool.connection_class), {})
    return ConnectionPool(connection_class=kind, max_connections=pool.max_connections, **pool.connection_kwargs)
