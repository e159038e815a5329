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
from tests.fakes.openai import FakeOpenAI, faults
from tests.journeys import on_discord, on_rest
from tests.journeys.archive import Archive
from tests.journeys.on_rest import Rest
from tests.journeys.processes import Limner, limner, token

ON_DISCORD, OVER_REST, PEOPLE = 80, 20, 20
PATIENCE = 60.0
SMALL = {"size": "1024x640", "quality": "low"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, logs: Path) -> AsyncIterator[Limner]:
    async with limner(base | on_discord.settings(discord), logs, bots=2, workers=2) as processes:
        await discord.connected(2)
        yield processes


async def test_a_hundred_requests_at_once_end_in_one_picture_each(
    running: Limner, base: dict[str, str], discord: FakeDiscord, openai: FakeOpenAI, archive: Archive, logs: Path
) -> None:
    openai.script(faults.Unlike(partials=1), times=ON_DISCORD + OVER_REST)
    people = [discord.add_user(f"guest-{number}", discord.guild) for number in range(PEOPLE)]
    key = await token(base, logs, "ada")
    async with on_rest.caller(running.bots[0].address, key) as one, on_rest.caller(running.bots[1].address, key) as two:
        begun = time.monotonic()
        asked = [_on_discord(discord, people[n % PEOPLE], n) for n in range(ON_DISCORD)]
        sent = [_over_rest((one, two)[n % 2], n) for n in range(OVER_REST)]
        messages, tasks = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*sent))
        took = time.monotonic() - begun

    prompts = [*(f"picture {n}" for n in range(ON_DISCORD)), *(f"program {n}" for n in range(OVER_REST))]
    assert Counter(call.body["prompt"] for call in openai.calls) == Counter(prompts)
    kept = {one.prompt: one.data for one in await archive.pictures()}
    assert len(await archive.pictures()) == await archive.count("generations") == len(prompts)
    assert {call.body["prompt"]: call.data for call in openai.calls} == kept
    assert [[file.data for file in message.files] for message in messages] == [
        [kept[f"picture {n}"]] for n in range(ON_DISCORD)
    ]
    assert tasks == ["completed"] * OVER_REST
    assert len(discord.visible()) == ON_DISCORD
    assert took < PATIENCE
    assert len(await archive.rows("SELECT DISTINCT courier FROM deliveries WHERE state = 'delivered'")) == 2
    assert all(sum("/images" in line or True for line in worker.words().splitlines()) for worker in running.workers)
    assert not [entry for entry in discord.log.entries if entry.status in {401, 403, 429}]


async def _on_discord(discord: FakeDiscord, person: User, number: int) -> Message:
    asked = await discord.slash(person, "imagine", {"prompt": f"picture {number}", **SMALL})
    assert (await asked.acknowledged()).seconds < 3
    message = await asked.response(PATIENCE)
    return await message.until(lambda now: on_discord.has(now, "again"), PATIENCE)


async def _over_rest(rest: Rest, number: int) -> str:
    task = await rest.ask(f"program {number}", **SMALL)
    return str((await rest.over(task, PATIENCE))["status"])
