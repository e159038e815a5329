"""A request whose picture is about to come, and where it is to be seen when it has come."""

from __future__ import annotations

from dataclasses import dataclass

from tests.eventually import until
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.openai import Hold, faults
from tests.fakes.slack import Message as SlackMessage
from tests.faults.stage import Stage
from tests.journeys import on_discord, on_slack
from tests.journeys.provider import only_call, reached

PATIENCE = 60.0
"""Seconds; discord.py itself tries five times with growing pauses, and a platform that is away is asked each 10 s."""

NO_PREVIEWS = faults.Unlike(partials=0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A request whose picture was about to come when its platform began to refuse."""

    on: Stage
    prompt: str

    @property
    def data(self) -> bytes:
        return only_call(self.on.openai, self.prompt).data

    async def shown_on_discord(self, message: DiscordMessage) -> None:
        await message.until(lambda now: on_discord.has(now, "again"), PATIENCE)
        assert [file.data for file in message.files] == [self.data]

    async def shown_on_slack(self, message: SlackMessage) -> None:
        await self.on.slack.wait_for(lambda: on_slack.has(message, "again"), PATIENCE)
        assert [file.content for file in on_slack.pictures(self.on.slack, message)] == [self.data]

    async def delivery(self, state: str) -> None:
        query = "SELECT state FROM deliveries d JOIN generations g ON g.id = d.generation_id WHERE g.prompt = $1"

        async def is_so() -> bool:
            return [row["state"] for row in await self.on.archive.rows(query, self.prompt)] == [state]

        await until(is_so, PATIENCE)


async def about_to_be_drawn_on_slack(on: Stage, prompt: str) -> tuple[Drawn, Hold, SlackMessage]:
    """Stands still just before its picture, until the hold is released."""
    hold = _held(on)
    message = await on_slack.ask(on.slack, prompt)
    await reached(hold)
    return Drawn(on, prompt), hold, message


def _held(on: Stage) -> Hold:
    on.openai.script(NO_PREVIEWS)
    return on.openai.hold("completed")


async def about_to_be_drawn_on_discord(on: Stage, prompt: str) -> tuple[Drawn, Hold, DiscordMessage]:
    """Stands still just before its picture, until the hold is released."""
    hold = _held(on)
    message = await on_discord.ask(on.discord, prompt)
    await reached(hold)
    return Drawn(on, prompt), hold, message


def showing_on_discord(on: Stage, prompt: str) -> list[DiscordMessage]:
    there = (one for one in on.discord.message_list if not one.deleted and not one.ephemeral)
    return [one for one in there if prompt in one.now.text]


def showing_on_slack(on: Stage, prompt: str) -> list[SlackMessage]:
    there = (one for one in on.slack.bot_messages() if not one.ephemeral_to)
    return [one for one in there if on_slack.shows(one, prompt)]


async def drawn_once(on: Stage) -> bool:
    """Nothing that was ever asked for here was asked of the provider twice."""
    return len(on.openai.calls) == await on.archive.count("generations")
