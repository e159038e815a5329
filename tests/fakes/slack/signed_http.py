"""Signed HTTP: posts to the bot's request url as Slack does, with v0 signatures and retry headers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from .deliveries import Attempt, EnvelopeKind, Patience, Tampering
from .records import Json

STALE_SECONDS = 3600
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class SignedHttp:
    """Posts to one request url, with a connection pool of its own."""

    def __init__(self, request_url: str, signing_secret: str, patience: Patience) -> None:
        self.request_url = request_url
        self._secret, self._patience = signing_secret, patience
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    async def send(self, kind: EnvelopeKind, payload: Json, attempt: Attempt, tampering: Tampering) -> None:
        """One signed post; only an answer 2xx within three seconds is an acknowledgement."""
        body, content_type = _encoded(kind, payload)
        headers = {**self._signature(body, tampering), "Content-Type": content_type}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        try:
            async with asyncio.timeout(self._patience.ack_seconds):
                await self._post(body, headers, attempt)
        except TimeoutError:
            attempt.failure = "http_timeout"
        except aiohttp.ClientError:
            attempt.failure = "connection_failed"

    async def _post(self, body: str, headers: dict[str, str], attempt: Attempt) -> None:
        async with self._session.post(self.request_url, data=body.encode(), headers=headers) as answer:
            text = await answer.text()
            attempt.status, attempt.no_retry = answer.status, answer.headers.get("X-Slack-No-Retry") == "1"
            attempt.response = json.loads(text) if answer.content_type == JSON and text else text or None
        attempt.ack_seconds = asyncio.get_running_loop().time() - attempt.sent_at
        if not 200 <= attempt.status < 300:
            attempt.failure = "http_error"

    def _signature(self, body: str, tampering: Tampering) -> dict[str, str]:
        # Against the real time, not the workspace's: the bot compares with its own clock.
        moment = str(int(time.time()) - (STALE_SECONDS if tampering.get("stale") else 0))
        secret = "not-the-secret" if tampering.get("forged") else self._secret
        digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
        agent = "Slackbot 1.0 (+https://api.slack.com/robots)"
        return {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": moment, "User-Agent": agent}


def _encoded(kind: EnvelopeKind, payload: Json) -> tuple[str, str]:
    if kind == "slash_commands":
        return urlencode(payload), FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), FORM
    return json.dumps(payload), JSON
