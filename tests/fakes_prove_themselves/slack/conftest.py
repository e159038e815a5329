"""A fake Slack, a client of it, and a Bolt app on either transport."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

from .tiny_bolt import TinyBot, close, connected


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)


@pytest.fixture
async def socket_bot(fake: FakeSlack) -> AsyncIterator[TinyBot]:
    bot = TinyBot(fake)
    handler = await connected(bot, fake)
    yield bot
    await close(handler)


@pytest.fixture
async def http_bot(fake: FakeSlack) -> AsyncIterator[TinyBot]:
    bot = TinyBot(fake)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bot.app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", events)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield bot
    await runner.cleanup()


@pytest.fixture(params=["socket_bot", "http_bot"])
def bot(request: pytest.FixtureRequest) -> TinyBot:
    found: TinyBot = request.getfixturevalue(request.param)
    return found
