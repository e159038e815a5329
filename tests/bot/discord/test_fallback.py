"""When a message cannot be edited to its end: a new one beside it, else a direct message, and never two of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import discord
import pytest

from bot.discord.address import Address
from bot.discord.client import intents
from bot.discord.config import DiscordConfig, point_library
from bot.discord.courier import DiscordCourier
from bot.discord.postman import Line, Postman
from core.catalogue import load_catalogue
from core.errors import Outage, Undeliverable
from core.generation import ReplyTo
from core.views import Cancelled, Failed, Finished
from tests.bot.discord.conftest import Start
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.pictures import drawn, noisy
from tests.fakes.records import finished, generation, working
from tests.fakes.workshop import Workshop


@dataclass
class Lost:
    """A request that a bot accepted and then left behind, with the message that it answered in."""

    courier: DiscordCourier
    message: Message
    reply_to: ReplyTo
    generation_id: UUID
    view: Finished

    def late(self) -> ReplyTo:
        """The same address once its token is known to have expired."""
        return replace(Address.read(self.reply_to), expires_at=datetime.now(UTC) - timedelta(1)).reply_to()


@asynccontextmanager
async def _courier(fake: FakeDiscord) -> AsyncIterator[DiscordCourier]:
    """Another process's."""
    point_library(DiscordConfig(token=fake.token, api_url=fake.api_url))
    async with discord.Client(intents=intents(), max_ratelimit_timeout=30) as client:
        await client.login(fake.token)
        yield DiscordCourier(Postman(Line(client)), load_catalogue(), 90)


@pytest.fixture
async def lost(fake: FakeDiscord, workshop: Workshop, start: Start) -> AsyncIterator[Lost]:
    await start()
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})
    message = await (await asked.response()).until(lambda one: "in line" in one.now.text)
    [accepted] = workshop.requests
    assert accepted.reply_to is not None
    view = finished(drawn())
    one = replace(view.generation, id=accepted.id, requester=accepted.requester)
    async with _courier(fake) as courier:
        yield Lost(courier, message, accepted.reply_to, accepted.id, replace(view, generation=one))


async def test_where_the_message_was_deleted_a_new_one_takes_its_place_and_is_edited_from_then_on(
    fake: FakeDiscord, lost: Lost
) -> None:
    await fake.delete_message(lost.message)
    moved = await lost.courier.show(lost.reply_to, lost.view)
    assert moved is not None
    [message] = fake.visible()
    assert [file.data for file in message.files] == [drawn()]
    assert f"limner:again:{lost.generation_id.hex}" in message.custom_ids
    assert not message.mentions
    assert await lost.courier.show(moved, lost.view) is None
    assert fake.visible() == [message]


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_other_ends_are_told_anew_too(end: str, fake: FakeDiscord, lost: Lost) -> None:
    await fake.delete_message(lost.message)
    one = replace(generation(), id=lost.generation_id)
    await lost.courier.show(lost.reply_to, Failed(one) if end == "failed" else Cancelled(one))
    assert len(fake.visible()) == 1


async def test_killed_before_the_new_address_was_stored_the_next_process_finds_the_same_message(
    fake: FakeDiscord, lost: Lost
) -> None:
    await fake.delete_message(lost.message)
    fake.faults.lose_answer("POST", r"/channels/\d+/messages")
    with pytest.raises(Outage):
        await lost.courier.show(lost.reply_to, lost.view)
    async with _courier(fake) as courier:
        moved = await courier.show(lost.reply_to, lost.view)
    assert moved is not None
    [message] = fake.visible()
    assert Address.read(moved).message_id == message.id


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (429, 30046, "Maximum number of edits to messages older than 1 hour reached."),
        (400, 50083, "Thread is archived"),
    ],
)
async def test_a_message_that_may_not_be_edited_for_now_gives_way_to_a_new_one(
    status: int, code: int, why: str, fake: FakeDiscord, lost: Lost
) -> None:
    fake.faults.answer("PATCH", "/channels/.*", status, {"code": code, "message": why})
    await lost.courier.show(lost.late(), lost.view)
    [message] = fake.visible()
    assert message is not lost.message
    assert [file.data for file in message.files] == [drawn()]


@pytest.mark.parametrize("permission", ["view_channel", "send_messages", "attach_files", "embed_links"])
async def test_a_channel_that_the_bot_lost_is_replaced_by_a_direct_message_to_the_asker(
    permission: str, fake: FakeDiscord, lost: Lost
) -> None:
    await fake.delete_message(lost.message)
    await fake.revoke(fake.here, permission)
    moved = await lost.courier.show(lost.late(), lost.view)
    assert moved is not None
    [message] = fake.visible(fake.dm(fake.ada))
    assert [file.data for file in message.files] == [drawn()]
    assert await lost.courier.show(moved, lost.view) is None
    assert "may no longer post where you asked" in message.now.text
    assert fake.visible(fake.dm(fake.ada)) == [message]
    assert fake.visible() == []


async def test_a_channel_that_is_gone_is_replaced_by_a_direct_message(fake: FakeDiscord, lost: Lost) -> None:
    await fake.delete_channel(fake.here)
    await lost.courier.show(lost.late(), lost.view)
    assert len(fake.visible(fake.dm(fake.ada))) == 1


async def test_a_picture_too_large_for_direct_messages_is_sent_smaller(fake: FakeDiscord, lost: Lost) -> None:
    await fake.delete_channel(fake.here)
    big = finished(noisy(2000))
    generous = replace(Address.read(lost.late()), upload_limit=50 * 1024 * 1024).reply_to()
    await lost.courier.show(generous, replace(big, generation=lost.view.generation))
    [message] = fake.visible(fake.dm(fake.ada))
    assert len(message.files[0].data) <= 10 * 1024 * 1024
    assert "Shown smaller" in message.now.text


async def test_somebody_who_takes_no_direct_messages_is_undeliverable(fake: FakeDiscord, lost: Lost) -> None:
    fake.ada.accepts_dms = False
    await fake.revoke(fake.here, "view_channel")
    with pytest.raises(Undeliverable):
        await lost.courier.show(lost.late(), lost.view)


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_other_ends_are_told_directly_too(end: str, fake: FakeDiscord, lost: Lost) -> None:
    """Else a message that says "Drawing" would stand there for good once the bot is let in again."""
    await fake.revoke(fake.here, "view_channel")
    one = lost.view.generation
    assert await lost.courier.show(lost.late(), Failed(one) if end == "failed" else Cancelled(one)) is not None
    assert len(fake.visible(fake.dm(fake.ada))) == 1


async def test_progress_makes_no_new_message(fake: FakeDiscord, lost: Lost) -> None:
    await fake.delete_message(lost.message)
    with pytest.raises(Undeliverable):
        await lost.courier.show(lost.reply_to, working(40))
    assert fake.visible() == []


async def test_a_token_of_the_bot_that_was_just_changed_delays_and_loses_nothing(fake: FakeDiscord, lost: Lost) -> None:
    fake.faults.answer("PATCH", "/channels/.*", 401, {"code": 0, "message": "401: Unauthorized"})
    with pytest.raises(Outage):
        await lost.courier.show(lost.late(), lost.view)
    assert await lost.courier.show(lost.late(), lost.view) is None
    assert [file.data for file in lost.message.files] == [drawn()]
