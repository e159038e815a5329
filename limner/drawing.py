"""`limner worker`: the image providers that are configured, and the worker that draws with them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from core.catalogue import Catalogue
from core.clock import now
from core.generating import Easel, Generating
from core.pace import RedisPace
from core.ports import ImageProvider, Pace
from core.providers.demo.provider import DemoProvider
from core.providers.openai import OpenAIProvider
from core.storage.work import PostgresWork
from core.styles import load_styles
from core.sweeping import Sweeping
from limner import wiring
from limner.settings import Settings
from limner.wiring import Servers
from worker.process import WorkerProcess
from worker.queue import TicketQueue


async def worker(settings: Settings) -> None:
    """Makes pictures."""
    async with wiring.servers(settings, "limner-worker") as on:
        draw_with = providers(settings, wiring.catalogue(settings), RedisPace(on.redis))
        try:
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(on.signals.run(), name="signals")
                try:
                    await process(settings, on, draw_with).run()
                finally:
                    listening.cancel()
        finally:
            for provider in draw_with.values():
                await provider.close()


def providers(settings: Settings, models: Catalogue, pace: Pace | None = None) -> Mapping[str, ImageProvider]:
    """By the name that the catalogue's models carry."""
    found: dict[str, ImageProvider] = {"demo": DemoProvider()}
    if settings.openai_api_key is not None:
        found["openai"] = OpenAIProvider(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            catalogue=models,
            timeout_seconds=settings.image_timeout_seconds,
            pace=pace,
        )
    return found


def process(settings: Settings, on: Servers, draw_with: Mapping[str, ImageProvider]) -> WorkerProcess:
    work = PostgresWork(on.database)
    generating = Generating(
        work=work,
        signals=on.signals,
        doorbell=TicketQueue(on.redis),
        easel=Easel(
            providers=draw_with,
            catalogue=wiring.catalogue(settings),
            styles=load_styles(),
            max_image_bytes=settings.max_image_bytes,
            max_retries=settings.image_max_retries,
        ),
        worker=wiring.instance_name(),
        clock=now,
        lease=timedelta(seconds=settings.lease_seconds),
        # The demo draws as fast as it can; whoever else draws here may say how fast that is.
        pace=None if settings.provider == "demo" else RedisPace(on.redis),
    )
    on.signals.on_cancel(generating.cancel)
    return WorkerProcess(
        generating=generating,
        sweeping=Sweeping(work, on.signals, timedelta(seconds=settings.lease_seconds)),
        redis=on.redis,
        concurrency=settings.worker_concurrency,
        grace_seconds=settings.worker_grace_seconds,
    )
