"""What goes wrong in a storm, and when: seeded, and over when the storm is."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai import faults
from tests.fakes.slack import Answer, Drop
from tests.faults.servers import Server
from tests.faults.stage import Stage
from tests.journeys import on_discord, on_slack
from tests.journeys.processes import Limner, Process, serving, start

SOON = {"retry-after": "1"}
PROVIDER: tuple[Callable[[], faults.Fault], ...] = (
    lambda: faults.rate_limit(SOON),
    faults.server_error,
    lambda: faults.overloaded("1"),
    lambda: faults.Cut(reset=True),
    lambda: faults.Cut(after_partials=1),
    lambda: faults.moderation("violence"),
    lambda: faults.moderation_in_stream("sexual"),
    faults.Hang,
    lambda: faults.Hang(after_partials=1),
    faults.Trickle,
    faults.not_an_image,
)

EDITS = r"/webhooks/\d+/[^/]+/messages/.*|/channels/\d+/messages/\d+"
FOR_EVER = 1_000_000

DISCORD: dict[int, dict[str, Any] | str] = {
    403: {"message": "Missing Access", "code": 50001},
    500: "<html>500</html>",
    503: "<html>upstream</html>",
}
"""The bodies that go with a status; 429 has one of its own."""

Strike = Callable[[random.Random], Awaitable[None]]

SLACK: tuple[tuple[str, Answer | Drop], ...] = (
    ("chat.update", Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "2"})),
    ("chat.update", Answer(503, "<html>upstream</html>")),
    ("chat.update", Answer(200, {"ok": False, "error": "internal_error"})),
    ("chat.update", Drop(after=True)),
    ("chat.postMessage", Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})),
    ("chat.postMessage", Drop(after=True)),
    ("chat.postMessage", Answer(500, {"ok": False, "error": "fatal_error"})),
    ("files.getUploadURLExternal", Answer(503, "<html>upstream</html>")),
    ("upload", Drop()),
    ("files.completeUploadExternal", Answer(200, {"ok": False, "error": "internal_error"})),
)

HOW_OFTEN = {
    "worker killed": 3,
    "bot killed": 3,
    "valkey killed": 2,
    "postgres killed": 2,
    "provider fails": 9,
    "discord refuses": 5,
    "slack refuses": 5,
    "channel closed": 2,
    "messages deleted": 2,
}


@dataclass(slots=True)
class Weather:
    """Strikes the stage."""

    stage: Stage
    rng: random.Random
    seconds: float
    """How long it storms."""
    processes: AsyncExitStack
    """Where what is started anew belongs."""
    struck: Counter[str] = field(default_factory=Counter)
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    """Whatever is down already is not killed again before it is back."""

    async def storm(self) -> None:
        """All strikes, each at its moment; returns when everything is up again."""
        strikes: dict[str, Strike] = {
            "worker killed": self._worker,
            "bot killed": self._bot,
            "valkey killed": lambda dice: self._server(self.stage.valkey, dice),
            "postgres killed": lambda dice: self._server(self.stage.postgres, dice),
            "provider fails": self._provider,
            "discord refuses": self._discord,
            "slack refuses": self._slack,
            "channel closed": self._archived,
            "messages deleted": self._deleted,
        }
        async with asyncio.TaskGroup() as group:
            for what, often in HOW_OFTEN.items():
                for _ in range(often):
                    at, dice = self.rng.uniform(0.03, 0.97) * self.seconds, random.Random(self.rng.random())
                    group.create_task(self._strike(at, what, strikes[what], dice))
        await self.clear_up()

    async def clear_up(self) -> None:
        """Nothing fails any more, and everybody serves."""
        self.stage.openai.calm()
        self.stage.slack.faults.calm()
        self.stage.discord.faults.calm()
        await serving(Limner(list(self.stage.bots), list(self.stage.workers)), self.stage.valkey.url)

    async def _strike(self, at: float, what: str, strike: Strike, dice: random.Random) -> None:
        await asyncio.sleep(at)
        self.struck[what] += 1
        await strike(dice)

    async def _worker(self, dice: random.Random) -> None:
        await self._killed(self.stage.workers, dice)

    async def _bot(self, dice: random.Random) -> None:
        await self._killed(self.stage.bots, dice)

    async def _killed(self, among: list[Process], dice: random.Random) -> None:
        """One of them, by SIGKILL; another takes its place, and its address, a moment later."""
        place, pause = dice.randrange(len(among)), dice.uniform(0.2, 3)
        async with self._turn(f"{among[place].name.partition('-')[0]} {place}"):
            victim = among[place]
            await victim.kill()
            await asyncio.sleep(pause)
            own = {"WEB_PORT": victim.address.rpartition(":")[2]} if victim.address else {}
            successor = await start(self.processes, f"{victim.name}+", self.stage.environment | own, self.stage.logs)
            successor.address = victim.address
            among[place] = successor

    async def _server(self, server: Server, dice: random.Random) -> None:
        async with self._turn(type(server).__name__):
            await server.kill()
            await asyncio.sleep(dice.uniform(0.2, 4))
            await server.start()

    async def _provider(self, dice: random.Random) -> None:
        self.stage.openai.script(*(dice.choice(PROVIDER)() for _ in range(dice.randint(1, 4))))

    async def _discord(self, dice: random.Random) -> None:
        """Edits are refused for a while, each alike."""
        discord, status = self.stage.discord, dice.choice((429, 429, 500, 503, 403))
        if status == 429:
            fault = discord.faults.rate_limit("PATCH", EDITS, 1.5, times=FOR_EVER)
        else:
            fault = discord.faults.answer("PATCH", EDITS, status, DISCORD.get(status), times=FOR_EVER)
        await asyncio.sleep(dice.uniform(0.5, 4))
        discord.faults.queue = [one for one in discord.faults.queue if one is not fault]

    async def _slack(self, dice: random.Random) -> None:
        method, fault = dice.choice(SLACK)
        self.stage.slack.script(method, fault, dice.randint(1, 6))

    async def _archived(self, dice: random.Random) -> None:
        """Slack takes nothing in this channel for a while, and people go on asking."""
        channel = self.stage.slack.workspace.channels[self.stage.slack.channel]
        async with self._turn("channel"):
            channel.archived = True
            await asyncio.sleep(dice.uniform(0.5, 3))
            channel.archived = False

    async def _deleted(self, dice: random.Random) -> None:
        """A moderator takes away some placeholders, for good."""
        slack, discord = self.stage.slack, self.stage.discord
        there = [one for one in slack.bot_messages() if not one.ephemeral_to and on_slack.has(one, "cancel")]
        for message in dice.sample(there, min(2, len(there))):
            message.deleted = True
        here = [one for one in discord.visible() if on_discord.has(one, "cancel")]
        for placeholder in dice.sample(here, min(2, len(here))):
            await discord.messages.delete(placeholder)

    def _turn(self, name: str) -> asyncio.Lock:
        return self._turns.setdefault(name, asyncio.Lock())
