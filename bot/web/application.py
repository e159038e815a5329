"""Every address that the web server answers, on one screen."""

from __future__ import annotations

from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.web import (
    admin,
    asking,
    errors,
    health,
    images,
    metering,
    pacing,
    pages,
    queueing,
    security,
    slack_events,
    stream,
    tasks,
)
from bot.web.config import CONFIG, LISTENERS, STUDIO, WebConfig
from core.studio import Studio

HERE = Path(__file__).parent

BASE64_GROWTH = 4 / 3
ROOM_FOR_THE_REST = 256 * 1024
"""Bytes of a request beside its pictures: a long prompt in an escaped spelling."""


def application(config: WebConfig, studio: Studio) -> web.Application:
    """The whole server, not yet listening."""
    app = web.Application(
        middlewares=[errors.answer_everything, security.known_host, pacing.paced],
        client_max_size=int(studio.max_upload_bytes * BASE64_GROWTH) + ROOM_FOR_THE_REST,
    )
    app[CONFIG], app[STUDIO], app[LISTENERS] = config, studio, set()
    app.on_response_prepare.append(security.add_headers)
    app.on_response_prepare.append(pacing.add_rate)
    app.on_shutdown.append(stream.end_all)
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.add_routes([*_rest(), *admin.routes(), *_pages()])
    if config.slack_http is not None:
        app.add_routes([web.post("/slack/events", slack_events.slack_events)])
    return app


def _rest() -> list[web.RouteDef]:
    """What openapi.json documents."""
    return [
        web.post("/images/generate", asking.generate),
        web.get("/images/tasks/{task_id}/status", tasks.status),
        web.get("/images/tasks/{task_id}/stream", stream.stream),
        web.post("/images/tasks/{task_id}/again", asking.again),
        web.delete("/images/tasks/{task_id}", tasks.cancel),
        web.delete("/images/tasks", queueing.cancel_all),
        web.get("/queue", queueing.queue),
        web.get("/usage", metering.usage),
        web.get("/images/{image_id}/download", images.download),
        web.get("/images/{image_id}/thumbnail", images.thumbnail),
        web.get("/healthz", health.alive),
        web.get("/readyz", health.ready),
        web.get("/openapi.json", health.openapi),
    ]


def _pages() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", pages.chat),
        web.get("/turns/{task_id}", pages.turn),
        web.get("/sign-in", pages.sign_in_form),
        web.post("/sign-in", pages.sign_in),
        web.post("/sign-out", pages.sign_out),
        web.static("/static", HERE / "static"),
    ]
