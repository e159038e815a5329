"""What is said outside any request: once, as words, to people and in channels."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from bot.discord.client import intents
from bot.discord.config import DiscordConfig, point_library
from bot.discord.messenger import DiscordMessenger
from bot.discord.postman import Line, Postman
from core.errors import Outage, Undeliverable
from core.ports import Notice
from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def messenger(fake: FakeDiscord) -> AsyncIterator[DiscordMessenger]:
    point_library(DiscordConfig(token=fake.token, api_url=fake.api_url))
    async with discord.Client(intents=intents(), max_ratelimit_timeout=30) as client:
        await client.login(fake.token)
        yield DiscordMessenger(Postman(Line(client)))


def _notice(address: str) -> Notice:
    return Notice(key="80/user", platform="discord", address=address, title="Nearly used", body="80 % of *all* @here")


async def test_a_person_is_written_to_directly_without_markup_or_pings(
    fake: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await messenger.tell(_notice(f"user:{fake.ada.id}"))
    [message] = fake.visible(fake.dm(fake.ada))
    assert message.content == "**Nearly used**\n80 % of \\*all\\* \\@here"
    assert not message.mention_everyone


async def test_a_channel_needs_to_allow_nothing_but_messages(fake: FakeDiscord, messenger: DiscordMessenger) -> None:
    await fake.revoke(fake.here, "embed_links", "attach_files")
    await messenger.tell(_notice(f"channel:{fake.here.id}"))
    assert "Nearly used" in fake.visible()[0].content


async def test_said_again_because_nobody_knows_whether_it_was_heard_it_is_there_once(
    fake: FakeDiscord, messenger: DiscordMessenger
) -> None:
    fake.faults.lose_answer("POST", r"/channels/\d+/messages")
    with pytest.raises(Outage):
        await messenger.tell(_notice(f"channel:{fake.here.id}"))
    await messenger.tell(_notice(f"channel:{fake.here.id}"))
    assert len(fake.visible()) == 1


async def test_who_or_what_cannot_be_reached_is_given_up(fake: FakeDiscord, messenger: DiscordMessenger) -> None:
    fake.ada.accepts_dms = False
    await fake.revoke(fake.here, "send_messages")
    for address in (f"user:{fake.ada.id}", f"channel:{fake.here.id}", "channel:1", "mail:ada", "user:x"):
        with pytest.raises(Undeliverable):
            await messenger.tell(_notice(address))


async def test_a_discord_that_is_away_is_tried_again(fake: FakeDiscord, messenger: DiscordMessenger) -> None:
    fake.faults.drop("POST", "/users/@me/channels")
    with pytest.raises(Outage):
        await messenger.tell(_notice(f"user:{fake.ada.id}"))
    with pytest.raises(Outage):
        await DiscordMessenger(Postman(Line())).tell(_notice("user:1"))
