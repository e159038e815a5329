"""All the wiring: which class stands behind which port. Nothing is built at import."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from bot.discord import DiscordAdapter, DiscordConfig
from bot.process import Adapter
from bot.slack import SlackAdapter, SlackConfig
from bot.web import WebAdapter, WebConfig
from core.accounts import Accounts
from core.catalogue import Catalogue, load_catalogue
from core.clock import now
from core.delivering import Delivering
from core.gallery import Gallery
from core.generating import Easel, Generating
from core.generation import Requester
from core.ports import ImageProvider
from core.providers.demo.provider import DemoProvider
from core.providers.openai import OpenAIProvider
from core.requesting import Requesting
from core.signals import Redis, RedisSignals, connect
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from core.storage.deliveries import PostgresDeliveries
from core.storage.images import PostgresImages
from core.storage.requests import PostgresRequests
from core.storage.work import PostgresWork
from core.studio import Studio
from core.styles import load_styles
from limner.settings import Settings, secret
from worker.process import WorkerProcess
from worker.queue import TicketQueue

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Servers:
    """The two servers that everything stands on."""

    database: Database
    redis: Redis
    signals: RedisSignals


@asynccontextmanager
async def servers(settings: Settings, name: str) -> AsyncIterator[Servers]:
    """Connections to both, closed at the end. Neither has to answer yet."""
    async with AsyncExitStack() as stack:
        database = Database(secret(settings.database_url) or "", application_name=name)
        stack.push_async_callback(database.close)
        redis = connect(secret(settings.redis_url) or "")
        stack.push_async_callback(redis.aclose)
        yield Servers(database, redis, RedisSignals(redis))


def instance_name() -> str:
    """Tells this process from any other, and from its own predecessor."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def catalogue(settings: Settings) -> Catalogue:
    """The models that can be asked for here: those of the provider that is set up."""
    models = load_catalogue(settings.model)
    return replace(models, models=models.for_provider(settings.provider))


def studio(settings: Settings, on: Servers) -> Studio:
    """The use cases, as the adapters get them."""
    instance = instance_name()
    requests, accounts = PostgresRequests(on.database), PostgresAccounts(on.database)
    models, styles = catalogue(settings), load_styles()
    gallery = Gallery(PostgresImages(on.database), accounts, settings.image_compression_quality)
    return Studio(
        catalogue=models,
        styles=styles,
        requesting=Requesting(
            requests=requests,
            accounts=accounts,
            doorbell=TicketQueue(on.redis),
            signals=on.signals,
            catalogue=models,
            styles=styles,
            enabled=settings.image_generation_enabled,
            instance=instance,
        ),
        delivering=Delivering(
            deliveries=PostgresDeliveries(on.database),
            requests=requests,
            gallery=gallery,
            signals=on.signals,
            instance=instance,
        ),
        gallery=gallery,
        accounts=Accounts(accounts),
        signals=on.signals,
        max_upload_bytes=settings.max_image_bytes,
        quality=settings.image_compression_quality,
    )


def adapters(settings: Settings, with_studio: Studio, on: Servers) -> list[Adapter]:
    """Those that are configured; the web always."""
    found: list[Adapter] = []
    slack: SlackAdapter | None = None
    if discord := discord_config(settings):
        found.append(DiscordAdapter(discord, with_studio))
    if config := slack_config(settings):
        slack = SlackAdapter(config, with_studio)
        found.append(slack)
    web = WebConfig(
        host=settings.web_host,
        port=settings.web_port,
        public_url=settings.public_url or "",
        secret_key=secret(settings.secret_key) or _passing_key(),
        open_as=Requester("web", settings.web_open_as, settings.web_open_as) if settings.web_open_as else None,
        slack_http=slack.handle if slack is not None and settings.slack_signing_secret else None,
        ready_checks={"database": on.database.ping, "redis": on.signals.ping},
    )
    return [*found, WebAdapter(web, with_studio)]


def _passing_key() -> str:
    """Good for this process alone."""
    log.warning("no_secret_key", extra={"meaning": "web sign-ins end with this process; set SECRET_KEY to keep them"})
    return secrets.token_urlsafe(32)


def discord_config(settings: Settings) -> DiscordConfig | None:
    token = secret(settings.discord_token)
    if token is None:
        return None
    return DiscordConfig(
        token=token,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        guild_id=settings.discord_guild_id,
    )


def slack_config(settings: Settings) -> SlackConfig | None:
    token = secret(settings.slack_bot_token)
    if token is None:
        return None
    return SlackConfig(
        bot_token=token,
        app_token=secret(settings.slack_app_token),
        signing_secret=secret(settings.slack_signing_secret),
        api_url=settings.slack_api_url,
    )


def providers(settings: Settings, models: Catalogue) -> Mapping[str, ImageProvider]:
    """By the name that the catalogue's models carry."""
    found: dict[str, ImageProvider] = {"demo": DemoProvider()}
    if settings.openai_api_key is not None:
        found["openai"] = OpenAIProvider(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            catalogue=models,
            timeout_seconds=settings.image_timeout_seconds,
        )
    return found


def worker(settings: Settings, on: Servers, draw_with: Mapping[str, ImageProvider]) -> WorkerProcess:
    generating = Generating(
        work=PostgresWork(on.database),
        signals=on.signals,
        doorbell=TicketQueue(on.redis),
        easel=Easel(
            providers=draw_with,
            catalogue=catalogue(settings),
            styles=load_styles(),
            max_image_bytes=settings.max_image_bytes,
            max_retries=settings.image_max_retries,
        ),
        worker=instance_name(),
        clock=now,
    )
    on.signals.on_cancel(generating.cancel)
    return WorkerProcess(
        generating=generating,
        redis=on.redis,
        concurrency=settings.worker_concurrency,
        grace_seconds=settings.worker_grace_seconds,
    )
