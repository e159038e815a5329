"""What `limner bot` and `limner worker` run: built, served, and stopped by a signal."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

from bot import process as bot_process
from core.errors import LimnerError
from limner import wiring
from limner.settings import Settings

log = logging.getLogger(__name__)


async def bot(settings: Settings) -> None:
    """Serves Discord, Slack and the web, as configured."""
    async with wiring.servers(settings, "limner-bot") as on, asyncio.TaskGroup() as group:
        studio = wiring.studio(settings, on)
        listening = group.create_task(on.signals.run(), name="signals")
        try:
            await bot_process.run(wiring.adapters(settings, studio, on), studio.delivering)
        finally:
            listening.cancel()


async def worker(settings: Settings) -> None:
    """Makes pictures."""
    draw_with = wiring.providers(settings, wiring.catalogue(settings))
    try:
        async with wiring.servers(settings, "limner-worker") as on, asyncio.TaskGroup() as group:
            listening = group.create_task(on.signals.run(), name="signals")
            try:
                await wiring.worker(settings, on, draw_with).run()
            finally:
                listening.cancel()
    finally:
        for provider in draw_with.values():
            await provider.close()


def serve(settings: Settings, what: Callable[[Settings], Awaitable[None]]) -> None:
    """Runs until SIGTERM or SIGINT. Raises the LimnerError of an adapter that can never work."""
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_told(what(settings)))
    except* LimnerError as group:
        raise _first(group) from None


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
