"""Login, sessions, rate limits, permissions and faults, as the real discord.py meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes_prove_themselves.discord.material import picture, taken
from tests.fakes_prove_themselves.discord.small_bot import Bot


async def test_it_logs_in_and_registers_its_commands(fake: FakeDiscord, bot: Bot) -> None:
    assert set(fake.commands()) == {"imagine", "wait", "silent", "Imagine this"}
    assert [command.name for command in await bot.tree.fetch_commands()] == list(fake.commands())
    assert bot.user is not None
    assert bot.user.id == fake.bot.id
    assert fake.gateway.sessions[0].intents == bot.intents.value
    assert fake.violations == []


async def test_nothing_is_missed_when_the_connection_breaks(fake: FakeDiscord, bot: Bot) -> None:
    await fake.gateway.drop()
    said = await fake.say(fake.ada, None, "still there?", mentions=[fake.bot])
    await fake.connected()
    assert (await taken(bot.heard)).id == said.id
    assert len(fake.gateway.sessions) == 1
    assert fake.gateway.sessions[0].resumes == 1


async def test_it_resumes_when_told_to_reconnect(fake: FakeDiscord, bot: Bot) -> None:
    await fake.gateway.reconnect()
    await fake.wait_for(lambda: fake.gateway.sessions[0].resumes == 1)
    await asyncio.wait_for(bot.resumed.wait(), 5)
    assert len(fake.gateway.sessions) == 1


async def test_it_identifies_anew_when_its_session_is_invalid(fake: FakeDiscord, bot: Bot) -> None:
    old = fake.gateway.sessions[0]
    await fake.gateway.invalidate()
    (fresh,) = await fake.connected(timeout=15)
    assert fresh.id != old.id


async def test_a_wrong_token_and_a_forbidden_intent_are_refused(fake: FakeDiscord) -> None:
    async with Bot() as stranger:
        with pytest.raises(discord.LoginFailure):
            await stranger.login("wrong")
    async with Bot(discord.Intents(guilds=True, message_content=True)) as curious:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await curious.start(fake.token)
    assert fake.gateway.refused == [4014]


async def test_content_is_hidden_from_a_bot_without_the_intent(fake: FakeDiscord, bot: Bot) -> None:
    await fake.say(fake.ada, None, "not for the bot")
    await fake.say(fake.ada, None, "for the bot", mentions=[fake.bot])
    assert (await taken(bot.heard)).content == ""
    assert (await taken(bot.heard)).content.endswith("for the bot")


async def test_a_429_is_waited_out(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    fake.faults.rate_limit("POST", r"/channels/\d+/messages", 0.2)
    await channel.send("patience")
    first, second = fake.log.matching("POST", r"/channels/\d+/messages")
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 0.2


async def test_two_bots_share_the_bucket_of_a_channel(fake: FakeDiscord, bot: Bot) -> None:
    fake.rate_limits.change("edit message", 2, 0.5)
    sent = await bot.get_partial_messageable(fake.here.id).send("0")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as other:
        url = f"{fake.api_url}/channels/{fake.here.id}/messages/{sent.id}"
        answers = [await other.patch(url, json={"content": str(number)}) for number in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert answers[2].headers["Via"]
        assert answers[2].headers["Content-Type"] == "application/json"
    await sent.edit(content="waited for its turn")
    assert fake.state.messages[sent.id].now.content == "waited for its turn"


async def test_lost_permissions_and_deleted_things_are_told_apart(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    sent = await channel.send("here")

    async def code_of(doing: Any) -> int:
        with pytest.raises(discord.HTTPException) as refused:
            await doing
        return refused.value.code

    await fake.revoke(fake.here, "attach_files")
    assert await code_of(channel.send(file=picture())) == 50013
    await fake.revoke(fake.here, "view_channel")
    assert await code_of(channel.send("hello")) == 50001
    await fake.grant(fake.here, "view_channel", "attach_files")
    await fake.delete_message(fake.state.messages[sent.id])
    assert await code_of(sent.edit(content="gone")) == 10008
    await fake.delete_channel(fake.here)
    assert await code_of(channel.send("gone, too")) == 10003
    shy = fake.add_user("shy", accepts_dms=False)
    assert await code_of((await bot.create_dm(discord.Object(shy.id))).send("psst")) == 50007


async def test_a_scripted_answer_and_a_hanging_one(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    path = r"/channels/\d+/messages"
    fake.faults.answer("POST", path, 503, "<h1>Service Unavailable</h1>")
    with pytest.raises(discord.DiscordServerError):
        await channel.send("unlucky")
    hanging = fake.faults.hang("POST", path)
    sending = asyncio.create_task(channel.send("slow"))
    await fake.wait_for(lambda: hanging in fake.faults.taken)
    assert not sending.done()
    hanging.release()
    await sending
    assert [message.now.content for message in fake.message_list] == ["slow"]


async def test_an_answer_that_is_kept_back_and_a_sender_who_goes_away(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    path = r"/channels/\d+/messages"
    fake.faults.keep_answer("POST", path)
    sending = asyncio.create_task(channel.send("there, and not answered"))
    await fake.wait_for(lambda: fake.message_list)
    assert not sending.done()
    fake.faults.calm()
    await sending
    hanging = fake.faults.hang("POST", path)
    gone = asyncio.create_task(channel.send("never there"))
    await fake.wait_for(lambda: hanging in fake.faults.taken)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await channel.send("afterwards")
    fake.faults.calm()
    await channel.send("at the end")
    assert [one.now.content for one in fake.message_list] == [
        "there, and not answered",
        "afterwards",
        "at the end",
    ]


async def test_tokens_are_kept_out_of_the_log(fake: FakeDiscord, bot: Bot) -> None:
    assert fake.log.matching("GET", "/users/@me")[0].headers["Authorization"] == "Bot …"
    assert fake.token not in str([(entry.headers, entry.json) for entry in fake.log.entries])
    assert fake.token not in str(fake.gateway.sessions[0].identify)


async def test_what_the_description_overlooks_is_seen(fake: FakeDiscord) -> None:
    rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": n, "custom_id": n}]} for n in "abcdef"]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as session:
        await session.post(f"{fake.api_url}/channels/{fake.here.id}/messages", json={"components": rows})
        commands = [{"name": "Imagine", "description": "x"}]
        answer = await session.put(f"{fake.api_url}/applications/{fake.bot.id}/commands", json=commands)
    assert answer.status == 400
    assert [violation.rpartition(": ")[2] for violation in fake.violations] == (
        [] if fake.spec_off else ["6 action rows, 5 allowed", "invalid command name 'Imagine'"]
    )
