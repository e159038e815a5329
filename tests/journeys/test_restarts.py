"""What outlives the processes: a request without a worker, a message whose bot stops or dies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.journeys import on_discord, on_rest, on_slack
from tests.journeys.archive import STANDING, Archive
from tests.journeys.processes import Limner, limner
from tests.journeys.provider import calls, reached

PATIENCE = 25.0

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def environment(base: dict[str, str], discord: FakeDiscord, slack: FakeSlack) -> dict[str, str]:
    return {**base, **on_discord.settings(discord), **on_slack.settings(slack, on_slack.SOCKET)}


async def connected(processes: Limner, discord: FakeDiscord, slack: FakeSlack) -> None:
    await discord.connected()
    await on_slack.listening(slack, on_slack.SOCKET, processes.address)


async def test_what_waits_is_cancelled_and_never_drawn(
    environment: dict[str, str],
    discord: FakeDiscord,
    slack: FakeSlack,
    openai: FakeOpenAI,
    archive: Archive,
    logs: Path,
) -> None:
    async with (
        limner(environment, logs, workers=0) as processes,
        on_rest.caller(processes.address, archive.url, "ada") as rest,
    ):
        await connected(processes, discord, slack)
        on, there, task = await asyncio.gather(
            on_discord.ask(discord, "not yet"), on_slack.ask(slack, "not yet"), rest.ask("not yet")
        )
        assert (await rest.status(task))["status"] == "pending"
        await discord.press(discord.ada, on, on_discord.button(on, "cancel"))
        await slack.press(slack.alice, there, "limner:cancel")
        assert (await rest.send("DELETE", f"/images/tasks/{task}")).body["status"] == "cancelled"
        await on.until(lambda now: on_discord.has(now, "retry"), PATIENCE)
        await slack.wait_for(lambda: on_slack.has(there, "retry"), PATIENCE)

        async with limner(environment, logs, bots=0):
            done = await rest.ask("in its place")
            assert (await rest.over(done))["status"] == "completed"

    assert [row["status"] for row in await archive.rows(STANDING, "not yet")] == ["cancelled"] * 3
    assert calls(openai, "not yet") == []


@pytest.mark.parametrize("end", ["stopped", "killed"])
async def test_the_next_bot_finishes_the_same_messages(
    end: str,
    environment: dict[str, str],
    discord: FakeDiscord,
    slack: FakeSlack,
    openai: FakeOpenAI,
    archive: Archive,
    logs: Path,
) -> None:
    prompt = f"begun by a bot that is {end}"
    async with limner(environment, logs, bots=0):
        hold = openai.hold("completed", times=3)
        async with (
            limner(environment, logs, workers=0) as first,
            on_rest.caller(first.address, archive.url, "ada") as rest,
        ):
            await connected(first, discord, slack)
            on, there, task = await asyncio.gather(
                on_discord.ask(discord, prompt), on_slack.ask(slack, prompt), rest.ask(prompt)
            )
            await reached(hold)
            if end == "killed":
                await first.bots[0].kill()
                await _leases_run_out(archive)
        async with (
            limner(environment, logs, workers=0) as second,
            on_rest.caller(second.address, archive.url, "ada") as rest,
        ):
            await connected(second, discord, slack)
            hold.release()
            await asyncio.gather(on_discord.finished(on), on_slack.finished(slack, there))
            assert (await rest.over(task))["status"] == "completed"

    drawn = {call.data for call in calls(openai, prompt)}
    assert len(drawn) == 3
    assert on.files[0].data in drawn
    assert [file.content in drawn for file in on_slack.pictures(slack, there)] == [True]
    assert len([message for message in slack.bot_messages() if on_slack.shows(message, prompt)]) == 1
    assert len(await archive.pictures(prompt)) == 3


async def _leases_run_out(archive: Archive) -> None:
    """As if half a minute had passed: the dead bot cannot give its messages back."""
    assert await archive.rows("UPDATE deliveries SET lease_until = now() WHERE state = 'open' RETURNING 1")
