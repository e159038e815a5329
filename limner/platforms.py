"""`limner bot`: the platforms that are configured, and how each is wired."""

from __future__ import annotations

import asyncio
import logging
import secrets
from urllib.parse import unquote, urlsplit

from bot import process
from bot.discord import DiscordAdapter, DiscordConfig
from bot.mail import MailConfig, MailMessenger
from bot.process import Adapter
from bot.slack import SlackAdapter, SlackConfig
from bot.web import WebAdapter, WebConfig
from core.generation import Requester
from core.notifying import Notifying
from core.ports import Messenger
from core.rates import MovingRates
from core.storage.notices import PostgresNotices
from core.studio import Studio
from limner import addresses, wiring
from limner.settings import Settings, secret
from limner.wiring import Servers

log = logging.getLogger(__name__)


async def bot(settings: Settings) -> None:
    """Serves Discord, Slack and the web, as configured."""
    async with wiring.servers(settings, "limner-bot") as on, asyncio.TaskGroup() as group:
        studio = wiring.studio(settings, on)
        listening = group.create_task(on.signals.run(), name="signals")
        try:
            serving = adapters(settings, studio, on)
            messengers: list[Messenger] = [one.messenger for one in serving if one.messenger is not None]
            if mail := mail_config(settings):
                messengers.append(MailMessenger(mail))
            notifying = Notifying(PostgresNotices(on.database), messengers)
            await process.run(serving, studio.delivering, notifying)
        finally:
            listening.cancel()


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
        rates=MovingRates(on.redis),
        per_minute=settings.rest_per_minute,
        per_minute_per_address=settings.rest_per_minute_per_address,
        trusted_proxies=addresses.networks(settings.trusted_proxy),
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


def mail_config(settings: Settings) -> MailConfig | None:
    url = secret(settings.smtp_url)
    if url is None:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    return MailConfig(
        host=host,
        port=parts.port or addresses.SMTP_PORTS[parts.scheme],
        sender=addresses.sender(parts),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
        local=addresses.is_loopback(host),
    )
