"""Several pictures drawn at once, their events in one row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence

from core.ports import ProviderEvent

Emit = Callable[[ProviderEvent], None]
Draw = Callable[[Emit], Coroutine[None, None, None]]


async def merged(draws: Sequence[Draw]) -> AsyncGenerator[ProviderEvent, None]:
    """Every event as it comes. Once all have ended, the first error by position is raised.

    One that fails does not stop the others: they are being paid for. Closing or cancelling stops them all.
    """
    news: asyncio.Queue[ProviderEvent | None] = asyncio.Queue()
    tasks = [asyncio.create_task(draw(news.put_nowait)) for draw in draws]
    for task in tasks:
        task.add_done_callback(lambda _: news.put_nowait(None))
    try:
        running = len(tasks)
        while running:
            event = await news.get()
            if event is None:
                running -= 1
            else:
                yield event
        for task in tasks:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
