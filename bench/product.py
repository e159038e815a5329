"""Limner's own worker process, wired as in production, with a provider whose pictures are ready made."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from core import imaging
from core.ports import Made, ProviderCall, ProviderEvent
from limner import drawing, logs, processes, wiring
from limner.settings import Settings, load


class ReadyMade:
    """Implements `core.ports.ImageProvider`. Each call gets copies of its own, as from a network."""

    name = "ready-made"

    def __init__(self, picture: Path, latency: float, together: int) -> None:
        self._text = imaging.encode(picture.read_bytes()).encode()
        self._latency = latency
        self._together = together
        self._waiting = 0
        self._gathered = asyncio.Event()

    async def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        """After the latency, and once as many calls as wanted hold their pictures at the same time."""
        if self._latency:
            await asyncio.sleep(self._latency)
        text = self._text.decode()
        made = Made(position=0, data=imaging.decode(text), base64=text)
        await self._gather()
        yield made

    async def check(self, model: str) -> str:
        return "ready"

    async def close(self) -> None:
        return None

    async def _gather(self) -> None:
        self._waiting += 1
        if self._waiting >= self._together:
            self._gathered.set()
        await self._gathered.wait()


async def _work(settings: Settings, provider: ReadyMade) -> None:
    async with wiring.servers(settings, "bench-worker") as on, asyncio.TaskGroup() as group:
        listening = group.create_task(on.signals.run(), name="signals")
        process = drawing.process(settings, on, {"demo": provider})
        group.create_task(say_ready(process.ready), name="ready")
        try:
            await process.run()
        finally:
            listening.cancel()


async def say_ready(ready: asyncio.Event) -> None:
    """Tells the parent process."""
    await ready.wait()
    print("ready", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("picture", type=Path)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--together", type=int, default=1)
    given = parser.parse_args()
    settings = load(_env_file=None)
    logs.set_up(settings.log_level, settings.log_format)

    async def work(these: Settings) -> None:
        await _work(these, ReadyMade(given.picture, given.latency, given.together))

    processes.serve(settings, work)


if __name__ == "__main__":
    main()
