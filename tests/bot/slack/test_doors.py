"""The two ways in: Socket Mode, which reconnects and closes cleanly, and HTTP, which takes only what Slack signed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.slack import SlackAdapter
from core.errors import LimnerError
from tests.bot.slack.bot import config, mounted, running
from tests.fakes.slack import Answer, FakeSlack
from tests.fakes.workshop import Workshop


async def test_a_signed_command_over_http_is_taken(slack: FakeSlack) -> None:
    async with running(slack, http=True) as bot, mounted(bot.adapter) as url:
        slack.use_http(url)
        delivery = await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
        await bot.placeholder()
        assert delivery.status == 200
        assert (await bot.asked()).prompt == "a fox"


async def test_a_form_over_http_shows_its_mistakes(slack: FakeSlack) -> None:
    async with running(slack, http=True) as bot, mounted(bot.adapter) as url:
        slack.use_http(url)
        await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
        form = await bot.form(slack.alice)
        await slack.submit_view(slack.alice, form, {"prompt": "--count 99"})
        assert "99" in form.errors["prompt"]


async def test_a_forged_or_stale_signature_is_refused_and_nothing_is_stored(slack: FakeSlack) -> None:
    async with running(slack, http=True) as bot, mounted(bot.adapter) as url:
        slack.use_http(url)
        forged = await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel, forged=True)
        stale = await slack.mention(slack.alice, slack.channel, "a fox", stale=True)
        await slack.slash(slack.alice, "/imagine", "a hen", channel=slack.channel)
        await bot.placeholder()
        assert (forged.status, stale.status) == (401, 401)
        assert [one.prompt for one in bot.workshop.requests] == ["a hen"]


async def test_http_is_shut_without_a_signing_secret(slack: FakeSlack) -> None:
    adapter = SlackAdapter(config(slack), Workshop().studio())
    assert (await adapter.handle(b"{}", {}))[0] == 404


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "²"])
async def test_a_time_that_is_none_is_refused(slack: FakeSlack, stamp: str) -> None:
    adapter = SlackAdapter(config(slack, http=True), Workshop().studio())
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=00"}
    assert (await adapter.handle(b"{}", headers))[0] == 401


async def test_a_body_that_is_no_text_is_refused(slack: FakeSlack) -> None:
    adapter = SlackAdapter(config(slack, http=True), Workshop().studio())
    assert (await adapter.handle(b"\xff\xfe", {}))[0] == 400


async def test_socket_mode_comes_back_when_slack_asks_it_to_reconnect(slack: FakeSlack) -> None:
    async with running(slack) as bot:
        await slack.sockets.disconnect()
        await slack.wait_for(lambda: slack.sockets.connections)
        await slack.mention(slack.alice, slack.channel, "a fox")
        await bot.placeholder()
        assert slack.sockets.opened >= 2


async def test_stopping_closes_the_connection_and_leaves_no_task(slack: FakeSlack) -> None:
    before = asyncio.all_tasks()
    async with running(slack) as bot:
        await slack.mention(slack.alice, slack.channel, "a fox")
        await bot.placeholder()
    await slack.wait_for(lambda: not slack.sockets.connections)
    # What is left belongs to the fake's own server.
    left = [task for task in asyncio.all_tasks() - before if "slack_sdk" in repr(task) or "limner" in repr(task)]
    assert left == []
    assert not bot.adapter.ready.is_set()


async def test_a_wrong_token_ends_the_adapter_with_a_sentence(slack: FakeSlack) -> None:
    wrong_bot = SlackAdapter(replace(config(slack), bot_token="xoxb-wrong"), Workshop().studio())
    with pytest.raises(LimnerError, match=r"invalid_auth.*limner doctor"):
        await wrong_bot.run()
    wrong_app = SlackAdapter(replace(config(slack), app_token="xapp-wrong"), Workshop().studio())
    with pytest.raises(LimnerError, match="limner doctor"):
        await wrong_app.run()


async def test_slack_being_away_at_the_start_is_waited_for(slack: FakeSlack) -> None:
    slack.script("auth.test", Answer(503, "<html>away</html>", {"Retry-After": "1"}))
    async with running(slack) as bot:
        assert bot.adapter.ready.is_set()


def test_secrets_are_in_no_representation() -> None:
    made = replace(config(FakeSlackTokens()), signing_secret="hush")  # type: ignore[arg-type]
    assert "xoxb" not in repr(made)
    assert "hush" not in repr(made)


class FakeSlackTokens:
    bot_token, app_token, api_url = "xoxb-1", "xapp-1", "http://127.0.0.1:1/api/"
