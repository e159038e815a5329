"""Thirty people who ask for pictures on three platforms, and what each of them gets to see in the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import aiohttp

from tests.fakes.discord import ClientRefused, FakeDiscord, InteractionFailed, User
from tests.fakes.discord.stored import walk
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage
from tests.journeys import on_slack

Platform = Literal["discord", "slack", "rest"]

PLATFORMS: tuple[Platform, ...] = ("discord", "slack", "rest")
PEOPLE = 10
"""On each platform."""

OPTIONS = {"size": "1024x640", "quality": "low"}
FLAGS = " ".join(f"--{name} {value}" for name, value in OPTIONS.items())

TRIES = 20
"""Of a program, with one Idempotency-Key."""
TRY_AGAIN = 1.5
ANSWER = aiohttp.ClientTimeout(total=6)
CHANGE_OF_MIND = 6.0
"""Seconds in which somebody who wants to cancel looks for the button."""


@dataclass(slots=True)
class Act:
    """One person asks for one picture, once."""

    number: int
    platform: Platform
    person: int
    prompt: str
    at: float
    """Seconds after the beginning."""
    cancels_after: float | None
    mentions: bool
    """On Slack: with a mention instead of the command."""
    told: bool = False
    """The person saw that the request was taken."""
    pressed_cancel: bool = False
    task: str = ""
    """Over REST: what the program was answered."""
    sent: int = 0


@dataclass(slots=True)
class Crowd:
    """Everybody, and where they are."""

    discord: FakeDiscord
    slack: FakeSlack
    addresses: Sequence[str]
    """Of the bots' web pages."""
    tokens: Sequence[str] = field(repr=False)
    """One for each program."""
    session: aiohttp.ClientSession
    on_discord: list[User] = field(default_factory=list)
    on_slack: list[str] = field(default_factory=list)

    def arrive(self) -> None:
        self.on_discord = [self.discord.add_user(f"guest-{n}", self.discord.guild) for n in range(PEOPLE)]
        self.on_slack = [self.slack.workspace.add_user(f"guest{n}") for n in range(PEOPLE)]
        self.slack.workspace.channels[self.slack.channel].members.update(self.on_slack)

    async def ask(self, act: Act) -> None:
        """Asks, and perhaps changes its mind. That nobody answers is for the reckoning to judge."""
        match act.platform:
            case "discord":
                await self._ask_on_discord(act)
            case "slack":
                await self._ask_on_slack(act)
            case "rest":
                await self._ask_over_rest(act)

    async def _ask_on_discord(self, act: Act) -> None:
        person = self.on_discord[act.person]
        try:
            asked = await self.discord.slash(person, "imagine", {"prompt": act.prompt, **OPTIONS})
            await asked.acknowledged()
        except (InteractionFailed, ClientRefused):
            return
        if act.cancels_after is None:
            return
        await asyncio.sleep(act.cancels_after)
        try:
            message = await asked.response(CHANGE_OF_MIND)
            button = next((name for name in message.custom_ids if name.startswith("limner:cancel:")), None)
            if button:
                act.pressed_cancel = True
                await (await self.discord.press(person, message, button)).acknowledged()
        except (InteractionFailed, ClientRefused):
            return

    async def _ask_on_slack(self, act: Act) -> None:
        person, text = self.on_slack[act.person], f"{act.prompt} {FLAGS}"
        if act.mentions:
            await self.slack.mention(person, self.slack.channel, text)
        else:
            await self.slack.slash(person, "/imagine", text, channel=self.slack.channel)
        if act.cancels_after is None:
            return
        await asyncio.sleep(act.cancels_after)
        message = next((one for one in slack_messages(self.slack, act.prompt)), None)
        if message is not None and on_slack.has(message, "cancel"):
            act.pressed_cancel = True
            await self.slack.press(person, message, "limner:cancel")

    async def _ask_over_rest(self, act: Act) -> None:
        body = {"prompt": act.prompt, "size": OPTIONS["size"], "quality": OPTIONS["quality"]}
        for number in range(TRIES):
            answer = await self._send(act, "POST", "/images/generate", number, body)
            if answer is not None and answer[0] == 202:
                act.told, act.task = True, str(answer[1]["task_id"])
                break
            await asyncio.sleep(TRY_AGAIN)
        if act.task and act.cancels_after is not None:
            await asyncio.sleep(act.cancels_after)
            act.pressed_cancel = True
            await self._send(act, "DELETE", f"/images/tasks/{act.task}", 0)

    async def standing(self, act: Act) -> dict[str, object]:
        """What the program is told of its task now; empty where nobody answers."""
        answer = await self._send(act, "GET", f"/images/tasks/{act.task}/status", 0)
        return answer[1] if answer is not None and answer[0] == 200 else {}

    async def _send(
        self, act: Act, method: str, path: str, number: int, body: object = None
    ) -> tuple[int, dict[str, object]] | None:
        address = self.addresses[(act.number + number) % len(self.addresses)]
        headers = {"Authorization": f"Bearer {self.tokens[act.person]}", "Idempotency-Key": f"chaos-{act.number}"}
        act.sent += 1
        try:
            async with self.session.request(
                method, address + path, json=body, headers=headers, timeout=ANSWER
            ) as answer:
                return answer.status, await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return None


def acts(rng: random.Random, requests: int, seconds: float, seed: int) -> list[Act]:
    """Who asks for what, and when; the same for the same seed."""
    moments = sorted(rng.uniform(0, seconds) for _ in range(requests))
    return [
        Act(
            number=number,
            platform=PLATFORMS[number % len(PLATFORMS)],
            person=rng.randrange(PEOPLE),
            prompt=f"picture {number:04} of storm {seed}",
            at=at,
            cancels_after=rng.uniform(0, 2) if rng.random() < 0.08 else None,
            mentions=rng.random() < 0.5,
        )
        for number, at in enumerate(moments)
    ]


def slack_messages(slack: FakeSlack, prompt: str) -> list[SlackMessage]:
    """The bot's messages that show this prompt now."""
    said = (one for one in slack.bot_messages() if not one.ephemeral_to)
    return [one for one in said if prompt in str(one.blocks) or on_slack.shows(one, prompt)]


def told_on_slack(slack: FakeSlack, prompt: str) -> bool:
    """Whether a placeholder ever said that the request was taken."""
    return any("limner:cancel" in str(state.blocks) for one in slack_messages(slack, prompt) for state in one.states)


def told_on_discord(discord: FakeDiscord, prompt: str) -> bool:
    for message in discord.message_list:
        for state in message.states:
            parts = walk(state.json["components"])
            if prompt in state.text and any("limner:cancel" in part.get("custom_id", "") for part in parts):
                return True
    return False
