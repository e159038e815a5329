"""What every process is built from: which class stands behind which port. Nothing is built at import."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from core.accounts import Accounts
from core.administering import Administering
from core.catalogue import Catalogue, load_catalogue
from core.delivering import Delivering
from core.gallery import Gallery
from core.house import House
from core.metering import Metering
from core.policies import Policy, Scope
from core.queueing import Queueing
from core.requesting import Requesting
from core.signals import Redis, RedisSignals, connect
from core.storage.accounting import PostgresLedger
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from core.storage.deliveries import PostgresDeliveries
from core.storage.governing import PostgresPolicies
from core.storage.images import PostgresImages
from core.storage.requests import PostgresRequests
from core.studio import Studio
from core.styles import load_styles
from limner.settings import Settings, secret
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


def house(settings: Settings, models: Catalogue) -> House:
    """The operator's rules."""
    alert_to = {
        ("discord", f"channel:{settings.alert_discord_channel}"): settings.alert_discord_channel,
        ("slack", f"channel:{settings.alert_slack_channel}"): settings.alert_slack_channel,
        ("mail", settings.alert_email or ""): settings.alert_email,
    }
    return House(
        catalogue=models,
        default_tier=settings.default_tier,
        ceiling=Policy(
            scope=Scope.INSTALLATION,
            subject="",
            pool_day_micro=_micro(settings.budget_day_usd),
            pool_month_micro=_micro(settings.budget_month_usd),
        ),
        zone=settings.time_zone,
        upgrade_url=settings.upgrade_url or "",
        confirm_above_micro=_micro(settings.confirm_above_usd),
        message_lease=message_lease(settings),
        alert_to=tuple(where for where, wanted in alert_to.items() if wanted),
    )


def message_lease(settings: Settings) -> timedelta:
    """A bot that is busy with an upload is given half as long again as a worker."""
    return timedelta(seconds=settings.lease_seconds * 1.5)


def _micro(dollars: float | None) -> int | None:
    return None if dollars is None else round(dollars * 1_000_000)


def studio(settings: Settings, on: Servers) -> Studio:
    """The use cases, as the adapters get them."""
    instance = instance_name()
    requests, accounts = PostgresRequests(on.database), PostgresAccounts(on.database)
    deliveries = PostgresDeliveries(on.database)
    models, styles = catalogue(settings), load_styles()
    gallery = Gallery(PostgresImages(on.database), accounts, settings.image_compression_quality)
    rules = house(settings, models)
    requesting = Requesting(
        requests=requests,
        accounts=accounts,
        doorbell=TicketQueue(on.redis),
        signals=on.signals,
        catalogue=models,
        styles=styles,
        house=rules,
        enabled=settings.image_generation_enabled,
        instance=instance,
    )
    return Studio(
        catalogue=models,
        styles=styles,
        requesting=requesting,
        delivering=Delivering(
            deliveries=deliveries,
            requests=requests,
            gallery=gallery,
            signals=on.signals,
            instance=instance,
            lease=message_lease(settings),
        ),
        gallery=gallery,
        accounts=Accounts(accounts),
        metering=Metering(requests, rules),
        queueing=Queueing(requesting, requests, deliveries, instance),
        administering=Administering(PostgresPolicies(on.database), PostgresLedger(on.database), rules),
        signals=on.signals,
        max_upload_bytes=settings.max_image_bytes,
        quality=settings.image_compression_quality,
    )
