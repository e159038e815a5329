"""A crowd at once, two workers and two bots: everyone gets one picture, and nobody pays twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.discord import FakeDiscord, Message, User
from tests.fakes.openai import FakeOpenAI, Hold, faults
from tests.fakes.slack import FakeSlack
from tests.journeys import on_discord, on_rest, on_slack
from tests.journeys.archive import Archive
from tests.journeys.on_rest import Rest
from tests.journeys.processes import Limner, limner
from tests.journeys.provider import only_call, reached

ON_DISCORD, OVER_REST, PEOPLE = 80, 20, 20
MORE_THAN_ONE_WORKER_TAKES = 60
"""Calls at once; WORKER_CONCURRENCY is 50."""

PATIENCE = 60.0
SMALL = {"size": "1024x640", "quality": "low"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, slack: FakeSlack, logs: Path) -> AsyncIterator[Limner]:
    environment = {**base, **on_discord.settings(discord), **on_slack.settings(slack, on_slack.SOCKET)}
    async with limner(environment, logs, bots=2, workers=2) as processes:
        await discord.connected(2)
        await slack.wait_for(lambda: len(slack.sockets.connections) == 2, PATIENCE)
        yield processes


async def test_a_hundred_requests_at_once_end_in_one_picture_each(
    running: Limner, discord: FakeDiscord, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.script(faults.Unlike(partials=1), times=ON_DISCORD + OVER_REST)
    people = [discord.add_user(f"guest-{number}", discord.guild) for number in range(PEOPLE)]
    async with (
        on_rest.caller(running.bots[0].address, archive.url, "ada") as one,
        on_rest.caller(running.bots[1].address, archive.url, "ada") as two,
    ):
        begun = time.monotonic()
        asked = [_on_discord(discord, people[n % PEOPLE], n) for n in range(ON_DISCORD)]
        sent = [_over_rest((one, two)[n % 2], n) for n in range(OVER_REST)]
        hold = openai.hold(times=MORE_THAN_ONE_WORKER_TAKES)
        _, messages, tasks = await asyncio.gather(_let_go(hold), asyncio.gather(*asked), asyncio.gather(*sent))
        took = time.monotonic() - begun

    prompts = [*(f"picture {n}" for n in range(ON_DISCORD)), *(f"program {n}" for n in range(OVER_REST))]
    assert Counter(call.body["prompt"] for call in openai.calls) == Counter(prompts)
    pictures = await archive.pictures()
    kept = {one.prompt: one.data for one in pictures}
    assert len(pictures) == await archive.count("generations") == len(prompts)
    assert {call.body["prompt"]: call.data for call in openai.calls} == kept
    assert [[file.data for file in message.files] for message in messages] == [
        [kept[f"picture {n}"]] for n in range(ON_DISCORD)
    ]
    assert tasks == ["completed"] * OVER_REST
    assert len(discord.visible()) == ON_DISCORD
    assert took < PATIENCE
    answers = Counter(entry.status for entry in discord.log.matching("POST", "/interactions/.*/callback"))
    assert answers == {200: ON_DISCORD, 400: ON_DISCORD}, "both bots hear of each request, and the slower is refused"
    assert not [entry for entry in discord.log.entries if entry.status in {401, 403, 429}]


async def test_a_mention_that_slack_tells_of_eleven_times_is_answered_once(
    running: Limner, slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    told = await slack.mention(slack.alice, slack.channel, "told of often", copies=11)
    message = await on_slack.finished(slack, await on_slack.placeholder(slack, "told of often"))

    assert len({one.attempts[0].connection for one in slack.deliveries}) == 2, "only one of the bots was told"
    assert told.message is not None
    assert slack.bot_messages() == [message]
    assert message.thread_ts == told.message.ts
    assert [file.content for file in on_slack.pictures(slack, message)] == [only_call(openai, "told of often").data]
    assert len(await archive.pictures("told of often")) == 1


async def _let_go(hold: Hold) -> None:
    """As soon as so many are drawn at once that both workers must be at it."""
    await reached(hold)
    hold.release()


async def _on_discord(discord: FakeDiscord, person: User, number: int) -> Message:
    asked = await discord.slash(person, "imagine", {"prompt": f"picture {number}", **SMALL})
    assert (await asked.acknowledged()).seconds < 3
    message = await asked.response(PATIENCE)
    return await message.until(lambda now: on_discord.has(now, "again"), PATIENCE)


async def _over_rest(rest: Rest, number: int) -> str:
    task = await rest.ask(f"program {number}", **SMALL)
    return str((await rest.over(task, PATIENCE))["status"])
