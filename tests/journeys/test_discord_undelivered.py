"""Made is delivered: what happens to a picture whose message, channel or asker is out of reach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.eventually import until
from tests.fakes.discord import Channel, FakeDiscord, Message, User
from tests.fakes.openai import FakeOpenAI
from tests.journeys import on_discord
from tests.journeys.archive import Archive
from tests.journeys.on_discord import PATIENCE, button, has, refused
from tests.journeys.processes import Limner, limner
from tests.journeys.provider import only_call, reached

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]

DELIVERY = """
    SELECT d.state, g.reply_to -> 'address' ->> 'message_id' AS message
      FROM deliveries d JOIN generations g ON g.id = d.generation_id WHERE g.prompt = $1
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, logs: Path) -> AsyncIterator[Limner]:
    async with limner(base | on_discord.settings(discord), logs) as processes:
        await discord.connected()
        yield processes


async def held(discord: FakeDiscord, openai: FakeOpenAI, prompt: str, place: Channel, user: User) -> Message:
    """The message of a request that the provider is at; `openai.hold` comes before."""
    asked = await discord.slash(user, "imagine", {"prompt": prompt}, channel=place)
    message = await asked.response(PATIENCE)
    return await message.until(lambda now: has(now, "cancel"), PATIENCE)


async def shown(discord: FakeDiscord, place: Channel) -> Message:
    """The only message there, once it has its picture."""
    [message] = await discord.wait_for(
        lambda: [one for one in discord.visible(place) if one.files and has(one, "again")], PATIENCE
    )
    return message


async def ended(archive: Archive, prompt: str, state: str) -> None:
    async def has_ended() -> bool:
        return [row["state"] for row in await archive.rows(DELIVERY, prompt)] == [state]

    await until(has_ended, PATIENCE)


async def test_a_deleted_message_is_followed_by_one_new_one_with_buttons_that_work(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    place = await discord.add_channel(discord.guild, "deleted")
    hold = openai.hold("answer")
    message = await held(discord, openai, "deleted on the way", place, discord.ada)
    await reached(hold)
    await discord.delete_message(message)
    hold.release()
    fresh = await shown(discord, place)
    await ended(archive, "deleted on the way", "delivered")

    assert discord.visible(place) == [fresh]
    assert fresh.files[0].data == only_call(openai, "deleted on the way").data
    assert (await archive.rows(DELIVERY, "deleted on the way"))[0]["message"] == str(fresh.id)
    private = await (await discord.press(discord.ada, fresh, button(fresh, "download"))).response(PATIENCE)
    assert private.files[0].data == fresh.files[0].data


async def test_a_lost_permission_sends_the_picture_to_its_asker(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    place, ada = await discord.add_channel(discord.guild, "locked"), discord.add_user("ada-dm", discord.guild)
    hold = openai.hold("answer")
    await held(discord, openai, "locked out", place, ada)
    await reached(hold)
    discord.clock.advance(16 * 60)  # by its token the message could still be edited
    await discord.revoke(place, "view_channel")
    hold.release()
    direct = await shown(discord, discord.dm(ada))
    await ended(archive, "locked out", "delivered")

    assert direct.files[0].data == only_call(openai, "locked out").data
    assert "may no longer post where you asked" in direct.now.text


async def test_where_nobody_can_be_reached_the_queue_offers_to_send_it_again_for_nothing(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    place = await discord.add_channel(discord.guild, "unreachable")
    ada = discord.add_user("ada-shy", discord.guild, accepts_dms=False)
    hold = openai.hold("answer")
    message = await held(discord, openai, "nowhere to go", place, ada)
    await reached(hold)
    await discord.delete_message(message)
    await discord.revoke(place, "send_messages")
    hold.release()
    await ended(archive, "nowhere to go", "undeliverable")

    listed = await (await discord.slash(ada, "queue")).response(PATIENCE)
    assert "Made, but not delivered" in listed.now.text
    assert "nowhere to go" in listed.now.text
    again = await (await discord.press(ada, listed, button(listed, "resend"))).response(PATIENCE)
    await again.until(lambda now: bool(now.files), PATIENCE)
    await ended(archive, "nowhere to go", "delivered")
    assert again.files[0].data == only_call(openai, "nowhere to go").data
    assert again.channel is discord.here


async def test_a_message_deleted_before_it_was_cancelled_still_ends_in_one_message(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    place = await discord.add_channel(discord.guild, "cancelled")
    hold = openai.hold("answer")
    message = await held(discord, openai, "cancelled unseen", place, discord.ada)
    await reached(hold)
    await discord.delete_message(message)
    said = await (await discord.slash(discord.ada, "cancel", channel=place)).response(PATIENCE)
    assert "Cancelling" in said.now.text
    await ended(archive, "cancelled unseen", "delivered")
    [told] = [one for one in discord.visible(place) if not one.ephemeral]
    assert "Nothing was charged" in told.now.text


async def test_where_the_bot_may_not_post_nothing_is_accepted(discord: FakeDiscord, archive: Archive) -> None:
    await discord.revoke(discord.here, "send_messages")
    try:
        assert "I lack Send Messages" in (await refused(discord, "checked at the door")).now.text
    finally:
        await discord.grant(discord.here, "send_messages")
    assert await archive.rows(DELIVERY, "checked at the door") == []


async def test_killed_before_it_knew_of_the_new_message_the_next_bot_finds_that_one(
    running: Limner,
    base: dict[str, str],
    discord: FakeDiscord,
    openai: FakeOpenAI,
    archive: Archive,
    tmp_path: Path,
) -> None:
    """The last of this module: it ends its bot."""
    place = await discord.add_channel(discord.guild, "killed")
    hold = openai.hold("answer")
    message = await held(discord, openai, "posted and forgotten", place, discord.ada)
    await reached(hold)
    await discord.delete_message(message)
    discord.faults.lose_answer("POST", rf"/channels/{place.id}/messages")
    hold.release()
    fresh = await shown(discord, place)
    await running.bots[0].kill()
    await archive.rows("UPDATE deliveries SET lease_until = now() WHERE state = 'open' RETURNING 1")

    async with limner(base | on_discord.settings(discord), tmp_path, workers=0):
        await ended(archive, "posted and forgotten", "delivered")
    assert discord.visible(place) == [fresh]
    assert (await archive.rows(DELIVERY, "posted and forgotten"))[0]["message"] == str(fresh.id)
    assert only_call(openai, "posted and forgotten").data == fresh.files[0].data
