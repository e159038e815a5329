"""/limner-admin over real processes: what an admin lays down is what requests are decided by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.fakes.discord import ClientRefused, FakeDiscord, Message, User
from tests.fakes.openai import FakeOpenAI
from tests.journeys import on_discord
from tests.journeys.archive import Archive
from tests.journeys.house_rules import member
from tests.journeys.on_discord import PATIENCE, ask, finished, refused
from tests.journeys.processes import limner
from tests.journeys.provider import calls

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, logs: Path) -> AsyncIterator[None]:
    async with limner(base | on_discord.settings(discord) | {"DEFAULT_TIER": "free"}, logs):
        await discord.connected()
        yield


def words(message: Message) -> str:
    return message.now.text.replace("\\", "")


async def admin(
    discord: FakeDiscord, command: str, values: Mapping[str, Any] | None = None, user: User | None = None
) -> str:
    """What the owner of the server, and nobody else, is answered."""
    asked = await discord.slash(user or discord.ada, f"limner-admin {command}", values)
    message = await asked.response(PATIENCE)
    assert message.ephemeral
    return words(message)


async def test_a_pause_refuses_new_requests_until_it_is_over(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    bob = await member(discord, archive, "pausing")
    hold = openai.hold("answer")
    running = await ask(discord, "before the pause", user=bob)
    await openai.arrived(1)
    await admin(discord, "pause", {"reason": "Tidying up."})
    told = await refused(discord, "during the pause", user=bob)
    assert "Making pictures is paused here. Tidying up." in words(told)
    hold.release()
    await finished(running)
    await admin(discord, "resume")
    await finished(await ask(discord, "after the pause", user=bob))
    assert calls(openai, "during the pause") == []


async def test_a_limit_of_the_server_and_one_of_a_channel_bind_everybody_there(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    bob = await member(discord, archive, "bound")
    narrow = await discord.add_channel(discord.guild, "narrow")
    await admin(discord, "limits set", {"limit": "per_day", "value": "1", "channel": narrow})
    await finished(await ask(discord, "somewhere", user=bob))
    there = await discord.slash(bob, "imagine", {"prompt": "in the narrow"}, channel=narrow)
    assert "You have used 1 of 1 picture today" in words(await there.followup(timeout=PATIENCE))
    await finished(await ask(discord, "somewhere else", user=bob))
    assert f"<#{narrow.id}>: Pictures a day: 1" in await admin(discord, "limits show")
    await admin(discord, "limits set", {"limit": "per_day", "value": "none", "channel": narrow})
    again = await discord.slash(bob, "imagine", {"prompt": "in the wide"}, channel=narrow)
    await finished(await again.response(PATIENCE))


async def test_a_role_makes_its_members_premium(discord: FakeDiscord) -> None:
    patron, plain = discord.add_user("patron", discord.guild), discord.add_user("plain", discord.guild)
    role = await discord.add_role(discord.guild, "patrons", patron)
    offered = await discord.autocomplete(discord.ada, "limner-admin tier", "tier", "pre")
    assert [one["value"] for one in await offered.choices()] == ["premium"]
    await admin(discord, "tier", {"tier": "premium", "role": role})
    left = {}
    for user in (patron, plain):
        left[user.name] = words(await finished(await ask(discord, f"of {user.name}", user=user)))
    assert "59 of 60 left this hour" in left["patron"]
    assert "9 of 10 left this hour" in left["plain"]
    usage = await (await discord.slash(patron, "usage")).response(PATIENCE)
    assert "Tier: **premium**" in words(usage)


async def test_granted_pictures_come_on_top(discord: FakeDiscord, openai: FakeOpenAI, archive: Archive) -> None:
    bob = await member(discord, archive, "granted", per_day=1)
    await finished(await ask(discord, "the daily one", user=bob))
    assert "You have used 1 of 1 picture today" in words(await refused(discord, "one too many", user=bob))
    await admin(discord, "grant", {"member": bob, "pictures": 1})
    await finished(await ask(discord, "one on top", user=bob))
    assert "You have used 2 of 2 pictures today" in words(await refused(discord, "two too many", user=bob))


async def test_a_member_is_blocked_and_let_in_again(discord: FakeDiscord, archive: Archive) -> None:
    bob = await member(discord, archive, "naughty")
    assert "blocked (Enough.)" in await admin(discord, "block", {"member": bob, "reason": "Enough."})
    assert "You may not ask for pictures here. Enough." in words(await refused(discord, "out", user=bob))
    await admin(discord, "unblock", {"member": bob})
    await finished(await ask(discord, "in again", user=bob))


async def test_a_server_can_be_blocked_but_for_one_channel(discord: FakeDiscord, archive: Archive) -> None:
    bob = await member(discord, archive, "herded")
    studio = await discord.add_channel(discord.guild, "studio")
    await admin(discord, "block", {"everywhere": True})
    await admin(discord, "allow", {"channel": studio})
    try:
        assert "in this place" in words(await refused(discord, "outside", user=bob))
        inside = await discord.slash(bob, "imagine", {"prompt": "inside"}, channel=studio)
        await finished(await inside.response(PATIENCE))
    finally:
        await admin(discord, "unblock", {"everywhere": True})


async def test_spending_tells_who_spent_what_of_which_budget(discord: FakeDiscord, archive: Archive) -> None:
    bob = await member(discord, archive, "spender")
    await admin(discord, "limits set", {"limit": "pool_month_micro", "value": "$100"})
    await finished(await ask(discord, "worth its price", user=bob))
    said = await admin(discord, "spend")
    assert "**Spender**: 1 picture, $0.0" in said
    assert "Shared budget this month of everybody here" in said
    assert "of $100.00, resets <t:" in said
    [day] = await archive.rows("SELECT DISTINCT day FROM ledger")
    assert f"**{day['day']}**" in await admin(discord, "spend", {"by": "day"})


async def test_without_manage_server_nothing_is_shown_and_nothing_is_changed(
    discord: FakeDiscord, archive: Archive
) -> None:
    mallory = await member(discord, archive, "mallory")
    with pytest.raises(ClientRefused):
        await discord.slash(mallory, "limner-admin pause")
    discord.guild.let_use_commands.add(mallory.id)
    before = await archive.rows("SELECT * FROM policies ORDER BY scope, subject")
    for command, values in (
        ("limits show", {}),
        ("limits set", {"limit": "per_day", "value": "0"}),
        ("pause", {}),
        ("grant", {"member": mallory, "pictures": 100}),
        ("tier", {"tier": "premium", "member": mallory}),
        ("block", {"member": discord.ada}),
        ("spend", {}),
    ):
        assert "Only members with the permission Manage Server" in await admin(discord, command, values, mallory)
    assert await archive.rows("SELECT * FROM policies ORDER BY scope, subject") == before
    assert (await archive.rows("SELECT count(*) FROM tallies WHERE granted = 100"))[0][0] == 0
