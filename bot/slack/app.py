"""The Slack adapter: its parts put together, and its two ways in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack import forms, question_form, shortcuts, verbs
from bot.slack.admin import Admin
from bot.slack.buttons import Buttons
from bot.slack.commands import ADMIN, CANCEL, IMAGINE, QUEUE, USAGE, Act, Commands, Imagine
from bot.slack.config import SlackConfig
from bot.slack.courier import SlackCourier
from bot.slack.downloads import Downloads
from bot.slack.errands import Errands
from bot.slack.intake import Intake
from bot.slack.mentions import Mentions
from bot.slack.messenger import SlackMessenger
from bot.slack.modals import Modals
from bot.slack.own_requests import OwnRequests
from bot.slack.shortcuts import Shortcuts
from bot.slack.socket_mode import connected
from bot.slack.upload import Uploads
from bot.slack.user_groups import UserGroups
from bot.slack.venue import Venues
from bot.slack.web_api import WebApi, web_client
from core.errors import LimnerError, Outage, Undeliverable
from core.studio import Studio

log = logging.getLogger(__name__)

GRACE = 2.0
"""Seconds at the end for what is under way."""

RETRY_SECONDS = 5.0
Answer = tuple[int, dict[str, str], str]
"""Status, headers and body."""


class SlackAdapter:
    """Socket Mode where there is an app token; signed HTTP through `handle` where there is a signing secret."""

    def __init__(self, config: SlackConfig, studio: Studio) -> None:
        self._config = config
        self._ready = asyncio.Event()
        self._errands = Errands()
        self._bot_user = ""
        client = web_client(config)
        self._web_api, uploads = WebApi(client), Uploads(client)
        self._courier = SlackCourier(self._web_api, uploads, studio.catalogue)
        self._app = AsyncApp(
            name="limner",
            client=client,
            signing_secret=config.signing_secret or "",
            request_verification_enabled=bool(config.signing_secret),
            # The answer to Slack is the listener's own; without this Bolt polls for it from another, unowned task.
            process_before_response=True,
        )
        self._messenger = SlackMessenger(self._web_api)
        groups = UserGroups(self._web_api)
        venues = Venues(groups)
        intake = Intake(studio, self._courier, self._web_api, venues)
        modals = Modals(studio, self._web_api, intake)
        own = OwnRequests(studio, self._web_api, intake, venues)
        acts: Mapping[str, Act] = {
            IMAGINE: Imagine(self._web_api, intake, modals).imagine,
            USAGE: own.usage,
            QUEUE: own.queue,
            CANCEL: own.cancel,
            ADMIN: Admin(studio, self._web_api, groups).typed,
        }
        for command in acts:
            self._app.command(command)(Commands(self._web_api, self._errands, acts).typed)
        downloads = Downloads(studio, self._web_api, uploads)
        self._listen(
            Mentions(self._web_api, intake, self._errands, lambda: self._bot_user),
            Shortcuts(self._web_api, intake, modals, self._errands),
            Buttons(studio, self._web_api, intake, modals, downloads, own, self._errands),
            modals,
        )

    def _listen(self, mentions: Mentions, menu: Shortcuts, buttons: Buttons, modals: Modals) -> None:
        self._app.event("app_mention")(mentions.mentioned)
        self._app.event("message")(mentions.message)
        self._app.shortcut(shortcuts.CALLBACK)(menu.imagine_this)
        self._app.action(verbs.PATTERN)(buttons.pressed)
        self._app.view(forms.CALLBACK)(modals.submitted)
        self._app.view(question_form.CALLBACK)(modals.confirmed)

    @property
    def courier(self) -> SlackCourier:
        return self._courier

    @property
    def messenger(self) -> SlackMessenger:
        return self._messenger

    @property
    def ready(self) -> asyncio.Event:
        return self._ready

    async def run(self) -> None:
        """Serves until cancelled. Raises LimnerError where Slack refuses the tokens."""
        await self._web_api.open()
        try:
            await self._sign_in()
            if self._config.app_token:
                async with connected(self._app, self._config.app_token, self._errands):
                    await self._serve()
            else:
                await self._serve()
        finally:
            self._ready.clear()
            await self._errands.finish(GRACE)
            await self._web_api.close()

    async def _serve(self) -> None:
        self._ready.set()
        await asyncio.Event().wait()

    async def _sign_in(self) -> None:
        while True:
            try:
                self._bot_user = str((await self._web_api.whoami())["user_id"])
                if self._config.app_token:
                    # slack_sdk would try a wrong app token again for ever.
                    await self._web_api.check_app_token(self._config.app_token)
            except Outage as away:
                log.warning("slack_away", extra={"reason": str(away)})
                await asyncio.sleep(away.retry_after or RETRY_SECONDS)
            except Undeliverable as refused:
                raise LimnerError(f"{refused}. Check the Slack tokens; `limner doctor` names the fault.") from refused
            else:
                return

    async def handle(self, body: bytes | str, headers: Mapping[str, str], query: str = "") -> Answer:
        """One signed request as it came over HTTP. A wrong or old signature is refused before anything else is done."""
        if not self._config.signing_secret:
            return 404, {}, ""
        try:
            text = body if isinstance(body, str) else body.decode()
        except UnicodeDecodeError:
            return 400, {}, ""
        named = {name.lower(): value for name, value in headers.items()}
        if not named.get("x-slack-request-timestamp", "").isdecimal():
            return 401, {}, ""
        request = AsyncBoltRequest(body=text, query=query, headers=dict(named))
        answer = await self._app.async_dispatch(request)
        return answer.status, answer.first_headers(), answer.body
