"""Limits on Discord, as somebody of the tier `free` meets them: refused with reasons, shown, asked about, cancelled."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.discord import FakeDiscord, Message, User
from tests.fakes.openai import FakeOpenAI
from tests.journeys import on_discord
from tests.journeys.archive import STANDING, Archive
from tests.journeys.house_rules import BOOKS, lay_down, member
from tests.journeys.on_discord import PATIENCE, ask, button, finished, has, refused, whisper_to
from tests.journeys.processes import limner
from tests.journeys.provider import calls, reached

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]

DEAR = {"quality": "high", "count": 4}
UPGRADE = "https://example.org/more"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, logs: Path) -> AsyncIterator[None]:
    own = {"DEFAULT_TIER": "free", "CONFIRM_ABOVE_USD": "0.1", "UPGRADE_URL": UPGRADE, "WORKER_CONCURRENCY": "1"}
    async with limner(base | on_discord.settings(discord) | own, logs):
        await discord.connected()
        yield


def words(message: Message) -> str:
    return message.now.text.replace("\\", "")


async def privately(discord: FakeDiscord, command: str, user: User) -> Message:
    """A private answer."""
    message = await (await discord.slash(user, command)).response(PATIENCE)
    assert message.ephemeral
    return message


def listed_button(listed: Message, prompt: str) -> str:
    """The button that cancels the request of this prompt, by its number in the list."""
    number = re.search(rf"\*\*(\d+)\.\*\* {prompt}", words(listed))
    assert number is not None
    found = listed.component(label=f"Cancel {number[1]}")
    assert found is not None
    return str(found["custom_id"])


async def waiting(discord: FakeDiscord, prompt: str, user: User) -> Message:
    message = await ask(discord, prompt, user=user)
    return await message.until(lambda now: has(now, "cancel"), PATIENCE)


async def test_somebody_free_waits_thirty_seconds_and_sees_them_pass(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    ada = discord.add_user("ada-free", discord.guild)
    first = await finished(await ask(discord, "a first cat", user=ada))
    assert "9 of 10 left this hour" in words(first)
    told = await refused(discord, "a hasty cat", user=ada)
    assert "Please wait" not in words(told)
    assert re.search(r"You can ask again <t:\d+:R>", told.now.text)
    assert calls(openai, "a hasty cat") == []
    assert await archive.rows(STANDING, "a hasty cat") == []


async def test_what_waits_says_about_what_it_will_cost(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    hold = openai.hold("answer")
    ada = await member(discord, archive, "estimating")
    first = await waiting(discord, "in the way", ada)
    second = await waiting(discord, "with a price", ada)
    await second.until(lambda now: "about $0.0" in words(now), PATIENCE)
    hold.release()
    await finished(first)
    done = await finished(second)
    assert re.search(r"\$0\.0\d\d", words(done))


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ({"per_hour": 1}, r"You have used 1 of 1 picture this hour\.\nIt resets <t:\d+:R>"),
        ({"per_day": 1}, r"You have used 1 of 1 picture today\.\nIt resets <t:\d+:R>"),
        ({"per_month": 1}, r"You have used 1 of 1 picture this month\.\nIt resets <t:\d+:R>"),
        ({"spend_day_micro": 25_000}, r"of your \$0\.025 left today\.\nIt resets <t:\d+:R>"),
        ({"spend_month_micro": 25_000}, r"of your \$0\.025 left this month\.\nIt resets <t:\d+:R>"),
        ({"pool_day_micro": 25_000}, r"you share with others today has no room .*\nIt resets <t:\d+:R>.\nAsk an admin"),
        ({"pool_month_micro": 25_000}, r"you share with others this month has no room .*\nIt resets"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_a_limit_that_is_used_up_refuses_with_figures_and_the_reset(
    limit: dict[str, int], says: str, discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    name = next(iter(limit))
    ada = await member(discord, archive, f"by-{name}", **limit)
    await finished(await ask(discord, f"within {name}", user=ada))
    beyond = f"beyond {name}"
    told = await refused(discord, beyond, user=ada)
    assert re.search(says, words(told))
    assert name.startswith("pool") or UPGRADE in told.now.text
    assert calls(openai, beyond) == []
    assert (await archive.rows(BOOKS, beyond))[0]["requests"] == 0
    [books] = await archive.rows(BOOKS, f"within {name}")
    assert (books["requests"], books["reserved"], books["lost"]) == (1, 0, 0)
    assert books["spent"] > 0


async def test_who_has_too_many_waiting_is_sent_to_the_queue(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    hold = openai.hold("answer")
    ada = await member(discord, archive, "crowding", max_running=1, max_waiting=1)
    first = await waiting(discord, "crowd 1", ada)
    await reached(hold)
    second = await waiting(discord, "crowd 2", ada)
    told = await refused(discord, "crowd 3", user=ada)
    assert "already have 1 request waiting" in words(told)
    assert "/queue" in words(told)
    hold.release()
    await finished(first)
    await finished(second)


async def test_who_is_shut_out_or_asks_in_the_wrong_place_is_told(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    paused = await member(discord, archive, "resting", paused=True, reason="Back at *noon*.")
    assert "Making pictures is paused here. Back at *noon*." in words(await refused(discord, "not now", user=paused))
    quiet = await discord.add_channel(discord.guild, "quiet")
    await lay_down(archive, "channel", f"discord:{discord.guild.id}/{quiet.id}", allowed=False)
    ada = await member(discord, archive, "lost")
    asked = await discord.slash(ada, "imagine", {"prompt": "not here"}, channel=quiet)
    assert "may not be asked for in this place" in words(await asked.followup(timeout=PATIENCE))
    await finished(await ask(discord, "but here", user=ada))
    [row] = await archive.rows("SELECT user_id FROM identities WHERE external_id = $1", str(ada.id))
    await lay_down(archive, "user", str(row["user_id"]), allowed=False)
    assert "You may not ask for pictures" in words(await refused(discord, "nowhere", user=ada))
    assert [calls(openai, prompt) for prompt in ("not now", "not here", "nowhere")] == [[], [], []]


async def test_usage_is_private_and_has_a_bar_for_each_limit(discord: FakeDiscord, archive: Archive) -> None:
    ada = await member(discord, archive, "counting", per_day=4, spend_month_micro=1_000_000, max_waiting=5)
    await finished(await ask(discord, "one of four", user=ada))
    text = words(await privately(discord, "usage", ada))
    assert "Tier: **counting**" in text
    assert re.search(r"`█████░{15}` 1 of 4, resets <t:\d+:R>", text)
    assert re.search(r"\$0\.\d+ of \$1\.00, resets", text)
    assert "0 of 5 waiting" in text
    assert UPGRADE in text


async def test_places_move_as_the_queue_does_and_each_can_be_cancelled_in_it(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    hold = openai.hold("answer")
    ada, bob = await member(discord, archive, "ada-queues"), await member(discord, archive, "bob-queues")
    first = await waiting(discord, "being drawn", ada)
    await reached(hold)
    second, third = await waiting(discord, "to be dropped", ada), await waiting(discord, "to move up", bob)
    fourth = await waiting(discord, "at the end", ada)
    await fourth.until(lambda now: "3rd in line" in words(now), PATIENCE)

    listed = await privately(discord, "queue", ada)
    assert "being drawn: under way" in words(listed)
    assert "to move up" not in words(listed)
    assert "3 requests of everybody wait in all" in words(listed)
    await discord.press(ada, listed, listed_button(listed, "to be dropped"))
    await second.until(lambda now: "Cancelled. Nothing was charged" in words(now), PATIENCE)
    await listed.until(lambda now: "to be dropped" not in words(now), PATIENCE)
    await fourth.until(lambda now: "2nd in line" in words(now), PATIENCE)

    await discord.press(ada, listed, button(listed, "cancel_all"))
    await fourth.until(lambda now: "Cancelled" in words(now), PATIENCE)
    await first.until(lambda now: "Cancelled" in words(now), PATIENCE)
    await finished(third)
    assert calls(openai, "to be dropped") == calls(openai, "at the end") == []
    for prompt in ("to be dropped", "at the end", "being drawn"):
        [books] = await archive.rows(BOOKS, prompt)
        assert (books["reserved"], books["spent"]) == (0, 0)


async def test_cancel_takes_the_only_one_at_once(discord: FakeDiscord, openai: FakeOpenAI, archive: Archive) -> None:
    ada = await member(discord, archive, "cancelling")
    assert "nothing to cancel" in words(await privately(discord, "cancel", ada))
    hold = openai.hold("answer")
    message = await waiting(discord, "taken back", ada)
    await reached(hold)
    assert "Cancelling" in words(await privately(discord, "cancel", ada))
    await message.until(lambda now: "Cancelled. Nothing was charged" in words(now), PATIENCE)


async def test_what_is_dear_is_asked_about_and_made_once(
    discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    ada, bob = await member(discord, archive, "rich"), discord.add_user("nosy", discord.guild)
    question = await ask(discord, "a palace", DEAR, user=ada)
    assert re.search(r"This will cost about \$\d\.\d\d\. Shall it be made\?", words(question))
    assert calls(openai, "a palace") == []
    stranger = await discord.press(bob, question, button(question, "make"))
    assert "Only the person who asked" in words(await stranger.followup())

    yes = button(question, "make")
    await asyncio.gather(discord.press(ada, question, yes), discord.press(ada, question, yes))
    await finished(question)
    assert len(question.files) == 4
    assert len(await archive.rows(STANDING, "a palace")) == 1
    [books] = await archive.rows(BOOKS, "a palace")
    assert books["requests"] == 1
    assert not whisper_to(discord, "went wrong")


async def test_no_thanks_costs_nothing(discord: FakeDiscord, openai: FakeOpenAI, archive: Archive) -> None:
    ada = await member(discord, archive, "thrifty")
    question = await ask(discord, "a castle", DEAR, user=ada)
    await discord.press(ada, question, button(question, "decline"))
    await question.until(lambda now: "Not made. Nothing was charged." in words(now), PATIENCE)
    assert not question.custom_ids
    assert await archive.rows(STANDING, "a castle") == []
    assert calls(openai, "a castle") == []
