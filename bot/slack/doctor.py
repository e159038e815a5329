"""Whether Slack's tokens work and may do what the bot needs: a line for each, and how to mend what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.config import SlackConfig
from bot.slack.foreign import translated
from bot.slack.scopes import SCOPES
from bot.slack.web_api import web_client
from core.errors import LimnerError, Outage
from core.findings import Finding

APPS = "https://api.slack.com/apps"
BOT_TOKEN = f"Open {APPS}, choose the app, OAuth & Permissions, and copy the Bot User OAuth Token to SLACK_BOT_TOKEN."
APP_TOKEN = (
    f"Open {APPS}, choose the app, Basic Information, App-Level Tokens, make one with the scope connections:write "
    "and set SLACK_APP_TOKEN to it."
)
NO_WAY_IN = (
    "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET (Basic Information, App Credentials) for HTTP at "
    "/slack/events."
)
AWAY = "Check this machine's connection to the internet and status.slack.com, then try again."


async def inspect(config: SlackConfig) -> list[Finding]:
    """Asks Slack; changes nothing there."""
    findings = await _bot_token(config)
    if config.app_token:
        findings.append(await _app_token(config, config.app_token))
    if config.signing_secret:
        findings.append(Finding(True, "Slack signing secret is set (it proves itself with the first request)"))
    if not config.app_token and not config.signing_secret:
        findings.append(Finding(False, "Slack has no way in: neither an app token nor a signing secret", NO_WAY_IN))
    return findings


async def _bot_token(config: SlackConfig) -> list[Finding]:
    try:
        with translated():
            answer = await web_client(config).auth_test()
    except LimnerError as error:
        return [_failed("Slack bot token", error, BOT_TOKEN)]
    signed_in = Finding(True, f"Slack bot token: {answer.get('user')} in {answer.get('team')}")
    return [signed_in, *_scopes(answer.headers)]


def _scopes(headers: Mapping[str, Any]) -> list[Finding]:
    """Slack names the token's scopes in a header of every answer (docs.slack.dev, using the Web API)."""
    named = next((str(value) for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    granted = {scope.strip() for scope in named.split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return [Finding(True, f"Slack scopes: all {len(SCOPES)} are granted")]
    return [Finding(False, f"Slack scope {scope} is missing, to {SCOPES[scope]}", _add(scope)) for scope in missing]


def _add(scope: str) -> str:
    return f"Open {APPS}, choose the app, OAuth & Permissions, add the bot scope {scope} and reinstall the app."


async def _app_token(config: SlackConfig, app_token: str) -> Finding:
    try:
        with translated():
            await web_client(config).apps_connections_open(app_token=app_token)
    except LimnerError as error:
        return _failed("Slack app token", error, APP_TOKEN)
    return Finding(True, "Slack app token: Socket Mode can connect")


def _failed(what: str, error: LimnerError, mend: str) -> Finding:
    return Finding(False, f"{what}: {error}", AWAY if isinstance(error, Outage) else mend)
