"""One bot process in a fake Slack: the adapter, its deliveries, and the worker's part played by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot import process
from bot.slack import SlackAdapter, SlackConfig
from core.generation import Generation
from core.studio import Studio
from tests.fakes.slack import FakeSlack, Message, View
from tests.fakes.workshop import Workshop


@dataclass
class Bot:
    """What a test holds."""

    slack: FakeSlack
    workshop: Workshop
    adapter: SlackAdapter
    studio: Studio
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def placeholder(self, channel: str | None = None) -> Message:
        """The newest message of the bot, which names the newest request."""
        return (await self.slack.wait_for(lambda: self.shown(channel)))[-1]

    def shown(self, channel: str | None = None) -> list[Message]:
        """The messages that stand for requests."""
        return [one for one in self.slack.bot_messages(channel) if one.states[0].metadata]

    async def asked(self, number: int = 1) -> Generation:
        """The newest request, once there are so many."""
        await self.slack.wait_for(lambda: len(self.workshop.requests) >= number)
        return self.workshop.requests[-1]

    async def form(self, user: str) -> View:
        """The form that opens before somebody."""
        await self.slack.wait_for(lambda: self.slack.open_view(user))
        view = self.slack.open_view(user)
        assert view is not None
        return view

    async def shows(self, message: Message, words: str) -> None:
        """Waits until the message says that."""
        await self.slack.wait_for(lambda: words in text_of(message))

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def config(slack: FakeSlack, *, http: bool = False) -> SlackConfig:
    made = SlackConfig(bot_token=slack.bot_token, api_url=slack.api_url)
    if http:
        return replace(made, signing_secret=slack.signing_secret)
    return replace(made, app_token=slack.app_token)


@asynccontextmanager
async def running(
    slack: FakeSlack,
    workshop: Workshop | None = None,
    *,
    instance: str = "one",
    http: bool = False,
    enabled: bool = True,
) -> AsyncIterator[Bot]:
    """A process that is ready."""
    workshop = workshop or Workshop()
    studio = workshop.studio(instance, enabled=enabled)
    adapter = SlackAdapter(config(slack, http=http), studio)
    bot = Bot(slack, workshop, adapter, studio)
    bot.tasks.append(asyncio.create_task(process.run([adapter], studio.delivering)))
    try:
        async with asyncio.timeout(5):
            await adapter.ready.wait()
        yield bot
    finally:
        await bot.stop()


@asynccontextmanager
async def mounted(adapter: SlackAdapter) -> AsyncIterator[str]:
    """The adapter's HTTP door behind a web server, as the wiring does it; the url for Slack."""

    async def handle(request: web.Request) -> web.Response:
        headers: Mapping[str, str] = request.headers
        status, more, body = await adapter.handle(await request.read(), headers, request.query_string)
        return web.Response(status=status, headers=more, body=body)

    application = web.Application()
    application.router.add_post("/slack/events", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        with suppress(asyncio.CancelledError):
            await runner.cleanup()


def text_of(message: Message) -> str:
    """Everything a reader reads in a message, block by block."""
    return "\n".join(found for block in message.blocks for found in _texts(block))


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() for text in _texts(value)]
    if isinstance(part, list):
        return [text for value in part for text in _texts(value)]
    return []


def kinds(message: Message) -> list[str]:
    return [str(block["type"]) for block in message.blocks]


def whispers(slack: FakeSlack) -> list[Message]:
    """What only one person sees."""
    return [message for message in slack.bot_messages() if message.ephemeral_to]
