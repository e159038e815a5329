"""`limner doctor`: looks at everything a running Limner needs and says how to mend what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bot import discord, slack
from bot.mail import MailMessenger
from core.errors import Fault, Outage, ProviderError, Refusal
from core.findings import Finding
from core.signals import RedisSignals, connect
from core.storage.database import Database, asyncpg_url
from core.wording import explain
from limner import demo, drawing, money, platforms, wiring
from limner.logs import Mask
from limner.settings import HINTS, Settings, WrongSettings, load, secret, secrets_of
from migrations.upgrade import is_current, upgrade

SOON_DAYS = 60


async def run(data: Path, say: Callable[[str], None]) -> bool:
    """Says one line for each finding; True when nothing is wrong. A demo that runs in `data` counts as servers."""
    try:
        settings = demo.with_local(load(), data)
    except WrongSettings as wrong:
        for fault in wrong.faults:
            _tell(say, Finding(False, f"Settings: {fault}", "See .env.example."))
        return False
    healthy, mask = True, Mask(secrets_of(settings))
    async for finding in _findings(settings):
        healthy = healthy and finding.ok
        _tell(lambda line: say(mask.text(line)), finding)
    return healthy


async def upgraded(settings: Settings) -> None:
    """Brings the schema up to date. Raises Refusal where the database cannot be used."""
    url = secret(settings.database_url) or ""
    found = await _database(url)
    if not found.ok:
        raise Refusal(Mask(secrets_of(settings)).text(found.what), found.mend)
    await upgrade(asyncpg_url(url))


def _tell(say: Callable[[str], None], finding: Finding) -> None:
    what = " ".join(finding.what.split())
    say(f"ok    {what}" if finding.ok else f"FAULT {what.rstrip('.')}. {finding.mend}")


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
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
            yield Finding(False, f"{name.upper()} is not set.", HINTS[name])
    if settings.database_url is not None:
        found = await _database(settings.database_url.get_secret_value())
        yield found
        if found.ok:
            schema = await _schema(settings)
            yield schema
            if schema.ok:
                for line in await money.findings(settings):
                    yield line
    if settings.redis_url is not None:
        yield await _redis(settings.redis_url.get_secret_value())


async def _database(url: str) -> Finding:
    database = Database(url, application_name="limner-doctor")
    try:
        return await _answers("The database", database.ping, "Start PostgreSQL or mend DATABASE_URL.")
    finally:
        await database.close()


async def _redis(url: str) -> Finding:
    redis = connect(url)
    try:
        return await _answers("Redis", RedisSignals(redis).ping, "Start Redis or Valkey, or mend REDIS_URL.")
    finally:
        await redis.aclose()


async def _answers(what: str, ping: Callable[[], Awaitable[None]], mend: str) -> Finding:
    """Whether a server does what it is asked, and if not, why, in its own words."""
    try:
        await ping()
    except Outage as away:
        return Finding(False, f"{what} does not answer{_because(away.__cause__)}.", mend)
    except Exception as error:  # noqa: BLE001  the edge: whatever a server says to us is the finding
        return Finding(False, f"{what} refuses us{_because(error)}.", mend)
    return Finding(True, f"{what} answers.")


def _because(error: BaseException | None) -> str:
    """The innermost reason: the outer ones repeat it, with SQL and links around it."""
    while error is not None and error.__cause__ is not None:
        error = error.__cause__
    words = str(error or "").splitlines()
    return f" ({words[0].rstrip('.')})" if words else ""


async def _schema(settings: Settings) -> Finding:
    if await is_current(asyncpg_url(secret(settings.database_url) or "")):
        return Finding(True, "Schema is up to date.")
    return Finding(False, "Schema is not up to date.", "Run `limner migrate`.")


async def _provider(settings: Settings) -> AsyncIterator[Finding]:
    models = wiring.catalogue(settings)
    if settings.provider == "demo":
        yield Finding(True, "Provider: the demo draws offline; set OPENAI_API_KEY for real pictures.")
        return
    draw_with = drawing.providers(settings, models)
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
    on_discord, on_slack = platforms.discord_config(settings), platforms.slack_config(settings)
    if on_discord is None and on_slack is None:
        yield Finding(True, "Platforms: neither DISCORD_TOKEN nor SLACK_BOT_TOKEN is set; the web serves alone.")
    for finding in await discord.inspect(on_discord) if on_discord else ():
        yield finding
    for finding in await slack.inspect(on_slack) if on_slack else ():
        yield finding
    if mail := platforms.mail_config(settings):
        yield await _answers("E-mail: the server", MailMessenger(mail).check, "Mend SMTP_URL.")
    if settings.secret_key is None:
        yield Finding(True, f"SECRET_KEY is not set: web sign-ins end with the process. {HINTS['secret_key']}")


MENDS = {
    Fault.INVALID_KEY: "Make a new key at the provider and set OPENAI_API_KEY.",
    Fault.UNKNOWN_MODEL: "Set IMAGE_MODEL to a model that this key may use.",
    Fault.UNREACHABLE: "Check OPENAI_BASE_URL and the network.",
    Fault.QUOTA: "Add credit to the provider's account.",
    Fault.BILLING_LIMIT: "Raise the billing limit at the provider.",
}
