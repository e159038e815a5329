"""One request on each platform, and its end; and what a process says of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.eventually import until
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.slack import Message as SlackMessage
from tests.faults.stage import Stage
from tests.journeys import on_discord, on_rest, on_slack
from tests.journeys.processes import Process

PATIENCE = 40.0
"""Seconds for a request whose worker or server dies on the way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The same prompt on all three platforms."""

    prompt: str
    stage: Stage
    on: DiscordMessage
    there: SlackMessage
    task: str

    async def finished(self) -> None:
        """Waits until all three are shown with their pictures."""
        await self._shown("again", "completed")

    async def failed(self) -> None:
        """Waits until all three say that it failed and offer to try again."""
        await self._shown("retry", "failed")

    async def _shown(self, verb: str, status: str) -> None:
        async with self.stage.caller() as rest:
            await asyncio.gather(
                self._says(rest, status),
                self.on.until(lambda now: on_discord.has(now, verb), PATIENCE),
                self.stage.slack.wait_for(lambda: on_slack.has(self.there, verb), PATIENCE),
            )

    async def _says(self, rest: on_rest.Rest, status: str) -> None:
        """While a server is away REST says that, too."""

        async def is_said() -> bool:
            return (await rest.status(self.task)).get("status") == status

        await until(is_said, PATIENCE)


async def everywhere(stage: Stage, prompt: str) -> Asked:
    """Asks on Discord, in Slack and over REST at once; returns when all three were accepted."""
    async with stage.caller() as rest:
        on, there, task = await asyncio.gather(
            on_discord.ask(stage.discord, prompt), on_slack.ask(stage.slack, prompt), rest.ask(prompt)
        )
    return Asked(prompt, stage, on, there, task)


async def said(process: Process, *words: str, times: int = 1) -> None:
    """Waits until the log of this process has any of these words so often."""

    async def is_said() -> bool:
        log = await asyncio.to_thread(process.words)
        return sum(log.count(word) for word in words) >= times

    await until(is_said, PATIENCE)
