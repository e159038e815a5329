"""Every way in which a provider fails ends in a sentence of its own, with a next step, on every platform."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from core.errors import Fault
from core.explaining import Action, Explained, explain
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.openai import FakeOpenAI, faults
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage
from tests.journeys import on_discord, on_rest, on_slack
from tests.journeys.archive import STANDING, Archive
from tests.journeys.on_rest import Json, Rest
from tests.journeys.processes import Limner, limner
from tests.journeys.provider import calls

TITLE = "GPT Image 2.5 Flare"
PATIENCE = 25.0
IMPATIENT = {"IMAGE_TIMEOUT_SECONDS": "3", "IMAGE_MAX_RETRIES": "1"}
SOON = {"retry-after": "1"}


@dataclass(frozen=True, slots=True)
class Case:
    """What the provider does, what it is to be called, and how often it may be asked."""

    name: str
    script: faults.Fault
    fault: Fault
    detail: str = ""
    calls: int = 1


CASES = (
    Case("declined at once", faults.moderation("violence"), Fault.MODERATED, "violence"),
    Case("declined while drawing", faults.moderation_in_stream("sexual"), Fault.MODERATED, "sexual"),
    Case("a wrong key", faults.invalid_key(), Fault.INVALID_KEY),
    Case("no credit", faults.insufficient_quota(), Fault.QUOTA),
    Case("a spending limit", faults.billing_limit(), Fault.BILLING_LIMIT),
    Case("busy for long", faults.rate_limit(SOON), Fault.RATE_LIMITED, calls=2),
    Case("an error of the server", faults.server_error(), Fault.SERVER_ERROR, calls=2),
    Case("no answer at all", faults.Hang(), Fault.TIMEOUT),
    Case("a cut connection", faults.Cut(after_partials=1, reset=True), Fault.CUT_OFF),
    Case("no picture at all", faults.not_an_image(), Fault.BAD_IMAGE),
)
LIKEWISE = (
    Case("silence while drawing", faults.Hang(after_partials=1), Fault.TIMEOUT),
    Case("an orderly end too early", faults.Cut(after_partials=2), Fault.CUT_OFF),
    Case("half a picture", faults.truncated_png(), Fault.BAD_IMAGE),
    Case("no Base64", faults.bad_base64(), Fault.BAD_IMAGE),
    Case("a bomb", faults.bomb(), Fault.BAD_IMAGE),
)
"""Other roads to the same sentences."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Everywhere:
    """One prompt, asked on every platform at once."""

    discord: FakeDiscord
    slack: FakeSlack
    rest: Rest

    async def ask(self, prompt: str) -> tuple[DiscordMessage, SlackMessage, str]:
        return await asyncio.gather(
            on_discord.ask(self.discord, prompt), on_slack.ask(self.slack, prompt), self.rest.ask(prompt)
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], discord: FakeDiscord, slack: FakeSlack, logs: Path) -> AsyncIterator[Limner]:
    environment = {**base, **on_discord.settings(discord), **on_slack.settings(slack, on_slack.SOCKET), **IMPATIENT}
    async with limner(environment, logs) as processes:
        await discord.connected()
        await on_slack.listening(slack, on_slack.SOCKET, processes.address)
        yield processes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everywhere(
    running: Limner, database_url: str, discord: FakeDiscord, slack: FakeSlack
) -> AsyncIterator[Everywhere]:
    async with on_rest.caller(running.address, database_url, "ada") as rest:
        yield Everywhere(discord, slack, rest)


async def test_no_two_kinds_of_failure_read_the_same() -> None:
    explained = [explain(case.fault, case.detail, TITLE) for case in CASES]

    assert len({one.sentence for one in explained}) == len(CASES)
    assert all(one.next_step and one.actions for one in explained)


@pytest.mark.parametrize("case", [*CASES, *LIKEWISE], ids=lambda case: case.name)
async def test_a_failure_is_explained_on_every_platform(
    case: Case, everywhere: Everywhere, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.script(case.script, times=3 * case.calls)
    words = explain(case.fault, case.detail, TITLE)
    discord, slack, task = await everywhere.ask(case.name)
    await asyncio.gather(
        discord.until(lambda now: "cancel" not in on_discord.verbs(now), PATIENCE),
        everywhere.slack.wait_for(lambda: not on_slack.has(slack, "cancel"), PATIENCE),
    )

    _explained_on_discord(discord, words)
    _explained_on_slack(slack, words)
    _explained_over_rest(await everywhere.rest.over(task), case, words)
    _explained_on_the_page((await everywhere.rest.send("GET", f"/turns/{task}")).text, words)
    assert len(calls(openai, case.name)) == 3 * case.calls
    rows = await archive.rows(STANDING, case.name)
    assert [dict(row) for row in rows] == [
        {"status": "failed", "fault": case.fault.value, "cost_micro": None, "attempts": case.calls}
    ] * 3
    assert await archive.pictures(case.name) == []


async def test_a_rate_limit_that_passes_is_only_a_wait(
    everywhere: Everywhere, openai: FakeOpenAI, archive: Archive
) -> None:
    openai.script(faults.rate_limit(SOON), times=3)
    discord, slack, task = await everywhere.ask("worth a wait")
    await asyncio.gather(on_discord.finished(discord), on_slack.finished(everywhere.slack, slack))

    assert (await everywhere.rest.over(task))["status"] == "completed"
    assert len(calls(openai, "worth a wait")) == 6
    assert len(await archive.pictures("worth a wait")) == 3


async def test_the_log_tells_the_operator_what_it_was_and_no_secret(running: Limner, openai: FakeOpenAI) -> None:
    told = "".join(one.words() for one in [*running.bots, *running.workers])

    assert "insufficient_quota" in told or "quota" in told
    assert openai.api_key not in told


def _explained_on_discord(message: DiscordMessage, words: Explained) -> None:
    shown = re.sub(r"\\(\W)", r"\1", message.now.text)
    assert all(part in shown for part in (words.title, words.sentence, words.next_step)), shown
    assert on_discord.verbs(message) == [action.value for action in words.actions]
    assert not message.files


def _explained_on_slack(message: SlackMessage, words: Explained) -> None:
    shown = [block["text"]["text"] for block in message.blocks if "text" in block]
    assert shown[:2] == [words.title, f"{words.sentence} {words.next_step}"]
    assert on_slack.buttons(message) == [f"limner:{action.value}" for action in words.actions]


def _explained_over_rest(task: Json, case: Case, words: Explained) -> None:
    error = task["error"]
    assert task["status"] == "failed"
    assert error["code"] == case.fault
    assert words.sentence in error["message"]
    assert error["next_step"] == words.next_step
    assert error["actions"] == [action.value for action in words.actions]


def _explained_on_the_page(page: str, words: Explained) -> None:
    shown = html.unescape(page)
    assert all(part in shown for part in (words.title, words.sentence, words.next_step))
    offered = {action for action in Action if f'data-action="{action.value}"' in page}
    assert offered == set(words.actions)
