"""`limner doctor`: looks at everything a running Limner needs and says how to mend what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy.engine import make_url

from bot import discord, slack
from core.errors import Fault, Outage, ProviderError
from core.findings import Finding
from core.storage.database import asyncpg_url
from core.wording import explain
from limner import wiring
from limner.settings import HINTS, Settings, WrongSettings, load, secret
from migrations.upgrade import is_current

SOON_DAYS = 60


async def run(say: Callable[[str], None]) -> bool:
    """Says one line for each finding; True when nothing is wrong."""
    healthy = True
    async for finding in _findings():
        healthy = healthy and finding.ok
        say(f"{'ok   ' if finding.ok else 'FAULT'} {finding.what}{'' if finding.ok else f' {finding.mend}'}")
    return healthy


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = load()
    except WrongSettings as wrong:
        for fault in wrong.faults:
            yield Finding(False, f"Settings: {fault}", "See .env.example.")
        return
    yield Finding(True, "Settings: read, nothing contradicts.")
    async for finding in _servers(settings):
        yield finding
    async for finding in _provider(settings):
        yield finding
    async for finding in _platforms(settings):
        yield finding


async def _servers(settings: Settings) -> AsyncIterator[Finding]:
    for name in ("database_url", "redis_url"):
        if getattr(settings, name) is None:
            yield Finding(False, f"{name.upper()} is not set.", "Set it, or use `limner demo`, which brings its own.")
    async with wiring.servers(settings, "limner-doctor") as on:
        if settings.database_url is not None:
            where = make_url(asyncpg_url(secret(settings.database_url) or "")).render_as_string(hide_password=True)
            yield await _answers(f"Database at {where}", on.database.ping, "Start PostgreSQL or mend DATABASE_URL.")
            yield await _schema(settings)
        if settings.redis_url is not None:
            yield await _answers("Redis", on.signals.ping, "Start Redis or Valkey, or mend REDIS_URL.")


async def _answers(what: str, ping: Callable[[], Awaitable[None]], mend: str) -> Finding:
    try:
        await ping()
    except Outage:
        return Finding(False, f"{what} does not answer.", mend)
    return Finding(True, f"{what} answers.")


async def _schema(settings: Settings) -> Finding:
    try:
        current = await is_current(asyncpg_url(secret(settings.database_url) or ""))
    except OSError:
        return Finding(False, "Schema cannot be read.", "Start the database first.")
    if current:
        return Finding(True, "Schema is up to date.")
    return Finding(False, "Schema is not up to date.", "Run `limner migrate`.")


async def _provider(settings: Settings) -> AsyncIterator[Finding]:
    models = wiring.catalogue(settings)
    if settings.provider == "demo":
        yield Finding(True, "Provider: the demo draws offline; set OPENAI_API_KEY for real pictures.")
        return
    draw_with = wiring.providers(settings, models)
    try:
        yield Finding(True, f"Provider: {await draw_with[settings.provider].check(models.default.id)}.")
    except ProviderError as error:
        told = explain(error.fault, error.detail, models.default.title)
        mend = MENDS.get(error.fault, told.next_step)
        yield Finding(False, f"Provider: {error.detail or told.sentence}", mend)
    finally:
        for provider in draw_with.values():
            await provider.close()
    shutdown = models.default.shutdown
    if shutdown is not None and (days := (shutdown - datetime.now(UTC).date()).days) < SOON_DAYS:
        yield Finding(False, f"{models.default.id} is switched off in {days} days.", "Set IMAGE_MODEL to another one.")


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    on_discord, on_slack = wiring.discord_config(settings), wiring.slack_config(settings)
    if on_discord is None and on_slack is None:
        yield Finding(True, "Platforms: neither DISCORD_TOKEN nor SLACK_BOT_TOKEN is set; the web serves alone.")
    for finding in await discord.inspect(on_discord) if on_discord else ():
        yield finding
    for finding in await slack.inspect(on_slack) if on_slack else ():
        yield finding
    if settings.secret_key is None:
        yield Finding(False, "SECRET_KEY is not set.", HINTS["secret_key"])


MENDS = {
    Fault.INVALID_KEY: "Make a new key at the provider and set OPENAI_API_KEY.",
    Fault.UNKNOWN_MODEL: "Set IMAGE_MODEL to a model that this key may use.",
    Fault.UNREACHABLE: "Check OPENAI_BASE_URL and the network.",
    Fault.QUOTA: "Add credit to the provider's account.",
    Fault.BILLING_LIMIT: "Raise the billing limit at the provider.",
}
