"""What happens in Slack reaches the real slack_bolt, over Socket Mode and over signed HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from tests.fakes.slack import FakeSlack

from .tiny_bolt import TinyBot, close, connected


async def test_a_slash_command_reaches_bolt_and_its_ack_becomes_an_ephemeral_message(
    fake: FakeSlack, bot: TinyBot
) -> None:
    delivery = await fake.slash(fake.alice, "/imagine", "a lighthouse --ar 16:9", channel=fake.channel)
    await fake.wait_for(lambda: len(fake.bot_messages()) == 2)

    assert delivery.acked
    assert (delivery.ack_seconds or 9) < 1
    assert delivery.message
    assert delivery.message.ephemeral_to == fake.alice
    assert {m.text for m in fake.bot_messages()} == {"On its way.", "Queued: a lighthouse --ar 16:9"}
    assert bot.seen[0][1]["user_id"] == fake.alice
    assert fake.violations == []


async def test_a_command_that_escapes_gets_ids_for_names_and_another_gets_what_was_typed(
    fake: FakeSlack, bot: TinyBot
) -> None:
    group = fake.workspace.add_group("designers")
    typed = "@bob @designers #general @nobody <#C0GENERAL|x> & a@bob"
    await fake.slash(fake.alice, "/imagine", typed, channel=fake.channel)
    fake.workspace.escaping.add("/imagine")
    await fake.slash(fake.alice, "/imagine", typed, channel=fake.channel)
    await fake.wait_for(lambda: len(bot.seen) == 2)

    plain, escaped = [body["text"] for _, body in bot.seen]
    assert plain == "@bob @designers #general @nobody <#C0GENERAL|x> &amp; a@bob"
    assert escaped == (
        f"<@{fake.bob}|bob> <!subteam^{group}|@designers> <#{fake.channel}|general> @nobody <#C0GENERAL|x> &amp; a@bob"
    )


async def test_every_kind_of_payload_finds_its_listener(fake: FakeSlack, bot: TinyBot) -> None:
    said = fake.say(fake.bob, fake.channel, "a red boat & <3")
    await fake.shortcut(fake.alice, "imagine_this", said)
    await fake.mention(fake.alice, fake.channel, "a tree", thread_ts=said.ts)
    await fake.message_im(fake.bob, "hello")
    await fake.app_home_opened(fake.alice, "messages")
    await fake.wait_for(lambda: len(bot.seen) == 4)

    seen = dict(bot.seen)
    assert seen["shortcut"]["message"]["text"] == "a red boat &amp; &lt;3"
    assert seen["mention"]["event"]["thread_ts"] == said.ts
    assert seen["message"]["event"]["channel_type"] == "im"
    assert seen["home"]["event"]["tab"] == "messages"
    assert all(delivery.acked for delivery in fake.deliveries)


@pytest.mark.parametrize("tampering", [{"forged": True}, {"stale": True}])
async def test_bolt_refuses_a_tampered_signature(fake: FakeSlack, http_bot: TinyBot, tampering: Any) -> None:
    delivery = await fake.slash(fake.alice, "/imagine", "a lighthouse", channel=fake.channel, **tampering)

    assert delivery.status == 401
    assert not delivery.acked
    assert http_bot.seen == []
    assert fake.bot_messages() == []


async def test_copies_of_a_mention_differ_in_event_id_and_agree_in_channel_and_ts(
    fake: FakeSlack, bot: TinyBot
) -> None:
    await fake.mention(fake.alice, fake.channel, "a lighthouse", copies=3)
    await fake.wait_for(lambda: len(bot.seen) == 3)

    events = [body for _, body in bot.seen]
    assert len({body["event_id"] for body in events}) == 3
    assert len({(body["event"]["channel"], body["event"]["ts"]) for body in events}) == 1


async def test_an_event_that_is_not_acknowledged_comes_again_with_its_attempt(fake: FakeSlack, bot: TinyBot) -> None:
    fake.patience.ack_seconds, fake.patience.retry_pauses = 0.2, (0.0, 0.05)
    held: list[str | None] = []
    released = asyncio.Event()

    @bot.app.middleware
    async def count(req: Any, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 — Bolt injects by this name
        held.append((req.headers.get("x-slack-retry-num") or [None])[0])
        if len(held) < 3:
            await released.wait()
        await next()

    delivery = await fake.mention(fake.alice, fake.channel, "a lighthouse")
    released.set()

    assert [attempt.ack_seconds is None for attempt in delivery.attempts] == [True, True, False]
    assert [number or "0" for number in held] == ["0", "1", "2"]
    assert delivery.acked
    assert delivery.attempts[1].reason in ("timeout", "http_timeout")


async def test_each_envelope_goes_to_one_of_several_connections(fake: FakeSlack, socket_bot: TinyBot) -> None:
    other = TinyBot(fake)
    handler = await connected(other, fake)
    for number in range(4):
        await fake.mention(fake.alice, fake.channel, f"boat {number}")
    await fake.wait_for(lambda: len(socket_bot.seen) + len(other.seen) == 4)
    await close(handler)

    assert (len(socket_bot.seen), len(other.seen)) == (2, 2)


async def test_a_refreshed_connection_is_replaced_and_loses_nothing(fake: FakeSlack, socket_bot: TinyBot) -> None:
    await fake.sockets.disconnect("refresh_requested")
    await fake.wait_for(lambda: fake.sockets.opened == 2 and fake.sockets.connections)
    delivery = await fake.mention(fake.alice, fake.channel, "still there?")

    assert delivery.acked
    assert delivery.attempts[0].connection == 2


async def test_a_response_url_takes_five_messages_within_half_an_hour(fake: FakeSlack, socket_bot: TinyBot) -> None:
    first = await fake.slash(fake.alice, "/imagine", "a", channel=fake.channel)
    second = await fake.slash(fake.alice, "/imagine", "b", channel=fake.channel)
    bodies = [{"text": "later"}, {"text": "now", "replace_original": True}, *[{"text": "x"}] * 4]
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(first.payload["response_url"], json=body)).status for body in bodies]
        fake.clock.advance(31 * 60)
        late = await (await session.post(second.payload["response_url"], json={"text": "x"})).json()

    assert statuses == [200] * 5 + [404]
    assert late["error"] == "expired_url"
    assert first.message
    assert [state.text for state in first.message.states] == ["On its way.", "now"]


async def test_a_socket_without_a_ticket_is_turned_away(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{fake.api_url.replace('/api/', '/link/')}?ticket=stolen")


async def test_the_bots_own_messages_come_back_to_it_in_a_direct_conversation(fake: FakeSlack, bot: TinyBot) -> None:
    channel = fake.workspace.direct_channel(fake.alice).id
    ts = str((await bot.client.chat_postMessage(channel=channel, text="Working"))["ts"])
    await bot.client.chat_update(channel=channel, ts=ts, text="Done")
    message = fake.workspace.message(channel, ts)
    echoed = await fake.tell_of(message)
    changed = await fake.message_changed(message)
    await fake.message_im(fake.alice, "thanks")
    await fake.wait_for(lambda: any(body["event"].get("text") == "thanks" for _, body in bot.seen))

    assert echoed.acked
    assert echoed.payload["event"]["bot_id"]
    assert changed.payload["event"]["previous_message"]["text"] == "Working"
    assert not any(body["event"]["ts"] == ts for _, body in bot.seen), "Bolt leaves out what the bot itself said"


async def test_a_hundred_commands_at_once_are_each_acknowledged(fake: FakeSlack, bot: TinyBot) -> None:
    told = await asyncio.gather(
        *(fake.slash(fake.alice, "/imagine", f"boat {n}", channel=fake.channel) for n in range(100))
    )
    await fake.wait_for(lambda: len(fake.calls("chat.postMessage")) >= 100)

    assert all(delivery.acked for delivery in told)
    assert {command["text"] for _, command in bot.seen} == {f"boat {n}" for n in range(100)}


async def test_a_mention_where_the_bot_is_not_cannot_be_made(fake: FakeSlack, socket_bot: TinyBot) -> None:
    outside = fake.workspace.add_channel("outside", bot=False)

    with pytest.raises(AssertionError, match="which it is not in"):
        await fake.mention(fake.alice, outside, "hello")
    assert socket_bot.seen == []
