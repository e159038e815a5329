"""Serving until a signal says stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable

from core.errors import LimnerError
from limner.settings import Settings


def serve(settings: Settings, what: Callable[[Settings], Awaitable[None]]) -> None:
    """Runs until SIGTERM or SIGINT. Raises the LimnerError of an adapter that can never work."""
    keep_what_is_loaded()
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_told(what(settings)))
    except* LimnerError as group:
        raise _first(group) from None


def keep_what_is_loaded() -> None:
    """Libraries stay for ever: walking over them in each full collection would hold up everybody for 90 ms."""
    gc.collect()
    gc.freeze()


async def _until_told(serving: Awaitable[None]) -> None:
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise


def _first(group: BaseExceptionGroup[LimnerError]) -> LimnerError:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if not isinstance(found, LimnerError):
        raise TypeError("A group of our errors held something else.")
    return found


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not made for Windows
        return None
    return uvloop.new_event_loop
