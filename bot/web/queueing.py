"""What the asker has waiting and running, and stopping all of it."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from bot.web.config import STUDIO
from bot.web.sessions import caller
from bot.web.tasks import standing
from bot.web.wire import TaskStatus, reply


class QueuedTask(TaskStatus, kw_only=True):
    prompt: str


class QueueNow(msgspec.Struct, kw_only=True):
    total: int
    """Requests of everybody that wait, counted up to a thousand."""
    tasks: list[QueuedTask]


class Cancelled(msgspec.Struct, kw_only=True):
    tasks: list[TaskStatus]
    """Each as it is now: a running one is `cancelling` until it has stopped."""


async def queue(request: web.Request) -> web.Response:
    """GET /queue"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    found = await studio.queueing.queue(requester)
    mine = [one.generation for one in found.mine]
    standings = await asyncio.gather(*(standing(studio, one) for one in mine))
    tasks = [
        QueuedTask(prompt=generation.prompt, **msgspec.structs.asdict(now))
        for generation, now in zip(mine, standings, strict=True)
    ]
    return reply(QueueNow(total=found.total, tasks=tasks))


async def cancel_all(request: web.Request) -> web.Response:
    """DELETE /images/tasks"""
    requester = await caller(request)
    studio = request.app[STUDIO]
    after = await studio.queueing.cancel_all(requester)
    return reply(Cancelled(tasks=list(await asyncio.gather(*(standing(studio, one) for one in after)))))
