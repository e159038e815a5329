"""The fake gateway frame by frame: what discord.py hides from its users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord

Socket = aiohttp.ClientWebSocketResponse
_GUILD_MESSAGES = 1 << 9


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def _connect(http: aiohttp.ClientSession, fake: FakeDiscord, op: int, data: dict[str, Any]) -> Socket:
    socket = await http.ws_connect(f"{fake.gateway_url}/?v=10&encoding=json&compress=zlib-stream")
    assert (await socket.receive_json())["op"] == 10
    await socket.send_json({"op": op, "d": data})
    return socket


async def _identify(http: aiohttp.ClientSession, fake: FakeDiscord, **changes: Any) -> Socket:
    identify = {"token": fake.token, "intents": _GUILD_MESSAGES, "shard": [0, 1], "properties": {}} | changes
    return await _connect(http, fake, 2, identify)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"token": "wrong"}, 4004), ({"intents": 1 << 40}, 4013), ({"intents": 1 << 15}, 4014), ({"shard": [2, 2]}, 4010)],
)
async def test_a_bad_identify_closes_with_its_code(
    fake: FakeDiscord, http: aiohttp.ClientSession, changes: dict[str, Any], code: int
) -> None:
    socket = await _identify(http, fake, **changes)
    assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
    assert socket.close_code == code
    assert fake.gateway.sessions == []


async def test_an_event_of_a_guild_goes_to_its_shard_alone(fake: FakeDiscord, http: aiohttp.ClientSession) -> None:
    sockets = [await _identify(http, fake, shard=[number, 2]) for number in range(2)]
    for socket in sockets:
        assert (await socket.receive_json())["t"] == "READY"
    await fake.connected(2)
    mine = (fake.guild.id >> 22) % 2
    await fake.say(fake.ada, None, "hello")
    assert (await sockets[mine].receive_json())["t"] == "MESSAGE_CREATE"
    assert [len(session.events) for session in sorted(fake.gateway.sessions, key=lambda one: one.shard)] == [
        2 if number == mine else 1 for number in range(2)
    ]


async def test_a_resume_replays_what_was_missed_in_order(fake: FakeDiscord, http: aiohttp.ClientSession) -> None:
    first = await _identify(http, fake)
    ready = await first.receive_json()
    await fake.connected()
    await fake.gateway.drop()
    for text in ("one", "two"):
        await fake.say(fake.ada, None, text, mentions=[fake.bot])
    resume = {"token": fake.token, "session_id": ready["d"]["session_id"], "seq": ready["s"]}
    second = await _connect(http, fake, 6, resume)
    frames = [await second.receive_json() for _ in range(3)]
    assert [frame["s"] for frame in frames] == [2, 3, 4]
    assert [frame["t"] for frame in frames] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]


async def test_an_unknown_session_cannot_be_resumed(fake: FakeDiscord, http: aiohttp.ClientSession) -> None:
    socket = await _connect(http, fake, 6, {"token": fake.token, "session_id": "gone", "seq": 1})
    assert await socket.receive_json() == {"op": 9, "d": False}


async def test_heartbeats_are_acknowledged(fake: FakeDiscord, http: aiohttp.ClientSession) -> None:
    socket = await _identify(http, fake)
    await socket.receive_json()
    await socket.send_json({"op": 1, "d": 1})
    assert (await socket.receive_json())["op"] == 11
    assert fake.gateway.sessions[0].heartbeats == 1


async def test_a_client_that_closes_normally_gives_up_its_session(
    fake: FakeDiscord, http: aiohttp.ClientSession
) -> None:
    socket = await _identify(http, fake)
    await fake.connected()
    await socket.close(code=1000)
    await fake.wait_for(lambda: fake.gateway.sessions == [])
    assert fake.gateway.connected == []
