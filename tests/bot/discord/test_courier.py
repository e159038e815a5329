"""The courier alone: whatever Discord answers, the message is edited by some way or the core's own error is raised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.discord.address import Address
from bot.discord.client import intents
from bot.discord.config import DiscordConfig, point_library
from bot.discord.courier import DiscordCourier
from bot.discord.postman import Line, Postman
from core.catalogue import load_catalogue
from core.errors import Outage, Undeliverable
from core.generation import Accepted, ReplyTo
from core.views import Cancelled, Waiting
from tests.bot.discord.conftest import Start
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.pictures import drawn, noisy
from tests.fakes.records import finished, generation, working
from tests.fakes.workshop import Workshop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Desk:
    """A courier of its own connection, and a message that a bot left behind for it."""

    courier: DiscordCourier
    message: Message
    reply_to: ReplyTo

    def late(self) -> ReplyTo:
        """The same address once its token is known to have expired."""
        return replace(Address.read(self.reply_to), expires_at=datetime.now(UTC) - timedelta(1)).reply_to()


@pytest.fixture
async def desk(fake: FakeDiscord, workshop: Workshop, start: Start) -> AsyncIterator[Desk]:
    await start()
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})
    message = await (await asked.response()).until(lambda one: "in line" in one.now.text)
    reply_to = workshop.requests[0].reply_to
    assert reply_to is not None
    point_library(DiscordConfig(token=fake.token, api_url=fake.api_url))
    async with discord.Client(intents=intents(), max_ratelimit_timeout=30) as client:
        await client.login(fake.token)
        yield Desk(DiscordCourier(Postman(Line(client)), load_catalogue(), 90), message, reply_to)


async def test_edits_go_by_the_token_while_it_lives_and_as_the_bot_afterwards(fake: FakeDiscord, desk: Desk) -> None:
    await desk.courier.show(desk.reply_to, working(40))
    assert len(fake.log.matching("PATCH", "/channels/.*")) == 0
    await desk.courier.show(desk.late(), finished(drawn()))
    assert len(fake.log.matching("PATCH", "/channels/.*", 200)) == 1
    assert [file.data for file in desk.message.files] == [drawn()]


async def test_a_token_that_died_early_is_replaced_by_the_bot(fake: FakeDiscord, desk: Desk) -> None:
    fake.clock.advance(16 * 60)
    await desk.courier.show(desk.reply_to, finished(drawn()))
    assert [file.data for file in desk.message.files] == [drawn()]


async def test_showing_the_same_end_twice_leaves_the_same_message(desk: Desk) -> None:
    view = finished(drawn())
    await desk.courier.show(desk.reply_to, view)
    once = desk.message.json["embeds"], [file.data for file in desk.message.files]
    await desk.courier.show(desk.reply_to, view)
    assert (desk.message.json["embeds"], [file.data for file in desk.message.files]) == once


async def test_a_preview_is_uploaded_once_replaced_by_the_next_and_gone_at_the_end(
    fake: FakeDiscord, desk: Desk
) -> None:
    first = drawn("JPEG")
    for percent in (40, 50):
        await desk.courier.show(desk.reply_to, working(percent, first))
    assert [len(one.files) for one in fake.log.matching("PATCH", "/webhooks/.*")][-2:] == [1, 0]
    assert [file.data for file in desk.message.files] == [first]
    await desk.courier.show(desk.reply_to, working(60, drawn("JPEG", "#000000")))
    assert [file.data for file in desk.message.files] == [drawn("JPEG", "#000000")]
    await desk.courier.show(desk.reply_to, Cancelled(generation()))
    assert desk.message.files == []


async def test_a_new_attempt_without_a_preview_takes_the_old_one_down(desk: Desk) -> None:
    await desk.courier.show(desk.reply_to, working(60, drawn("JPEG")))
    await desk.courier.show(desk.reply_to, Waiting(Accepted(generation(), 1, None)))
    assert desk.message.files == []


@pytest.mark.parametrize("strings", [{}, {"channel_id": "x"}])
async def test_an_unreadable_address_is_undeliverable(strings: dict[str, str], desk: Desk) -> None:
    with pytest.raises(Undeliverable):
        await desk.courier.show(ReplyTo("discord", strings), finished(drawn()))


async def test_a_ban_from_before_discord_itself_is_an_outage_with_its_time(fake: FakeDiscord, desk: Desk) -> None:
    fake.faults.answer("PATCH", "/webhooks/.*", 429, "<html>", {"Retry-After": "77"})
    with pytest.raises(Outage) as away:
        await desk.courier.show(desk.reply_to, working(40))
    assert away.value.retry_after == 77


async def test_a_long_limit_on_the_channel_is_raised_with_its_time_instead_of_slept_out(
    fake: FakeDiscord, desk: Desk
) -> None:
    fake.faults.rate_limit("PATCH", "/channels/.*", 90)
    with pytest.raises(Outage) as away:
        await desk.courier.show(desk.late(), finished(drawn()))
    assert away.value.retry_after == 90


async def test_a_cut_connection_is_an_outage(fake: FakeDiscord, desk: Desk) -> None:
    fake.faults.drop("PATCH", "/webhooks/.*")
    with pytest.raises(Outage):
        await desk.courier.show(desk.reply_to, working(40))


async def test_progress_stuck_in_a_rate_limit_is_given_up_and_holds_nobody_elses_end(
    fake: FakeDiscord, workshop: Workshop, desk: Desk
) -> None:
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a dog"})
    other = await (await asked.response()).until(lambda one: "in line" in one.now.text)
    theirs = workshop.requests[1].reply_to
    assert theirs is not None
    stuck = fake.faults.hang("PATCH", f".*/messages/{desk.message.id}")
    progress = asyncio.create_task(desk.courier.show(desk.late(), working(40)))
    await fake.wait_for(lambda: stuck.left == 0)
    late = replace(Address.read(theirs), expires_at=datetime.now(UTC)).reply_to()
    with pytest.raises(Outage):  # at once: a second progress of that channel does not queue up behind the first
        async with asyncio.timeout(1):
            await desk.courier.show(late, working(50))
    await desk.courier.show(theirs, finished(drawn()))
    assert [file.data for file in other.files] == [drawn()]
    with pytest.raises(Outage):
        await progress


async def test_when_discord_takes_less_than_it_promised_smaller_files_are_sent(fake: FakeDiscord, desk: Desk) -> None:
    generous = replace(Address.read(desk.reply_to), upload_limit=12 * 1024 * 1024).reply_to()
    await desk.courier.show(generous, finished(noisy(1900)))
    assert len(desk.message.files[0].data) <= fake.here.upload_limit
    assert "Shown smaller" in desk.message.now.text


async def test_before_login_it_is_an_outage_and_never_a_crash() -> None:
    courier = DiscordCourier(Postman(Line()), load_catalogue(), 90)
    address = Address(channel_id=1, message_id=2, application_id=3, token="t", expires_at=NOW, upload_limit=10)
    with pytest.raises(Outage):
        await courier.show(address.reply_to(), working(40))


def test_many_messages_at_once_are_each_edited_more_rarely() -> None:
    courier = DiscordCourier(Postman(Line()), load_catalogue(), 90)
    assert courier.interval(1) == 1
    assert courier.interval(100) > 2


def test_an_address_survives_being_stored() -> None:
    address = Address(
        channel_id=1,
        message_id=2,
        application_id=3,
        token="secret-token",
        expires_at=NOW,
        upload_limit=10,
        guild_id=4,
        context="guild",
        notes="one\ntwo",
    )
    assert Address.read(address.reply_to()) == address
    assert "secret-token" not in repr(address)
