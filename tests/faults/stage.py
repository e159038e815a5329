"""A whole Limner of one's own: servers, fakes and processes, each of which can be killed and started again."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from tests.eventually import until
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.faults.servers import Postgres, Valkey, copied
from tests.journeys import on_discord, on_rest, on_slack
from tests.journeys.archive import Archive
from tests.journeys.processes import Limner, Process, free_port, serving, start
from tests.journeys.provider import PATIENCE

LEASE_SECONDS = 3.0
"""What a dead process held is taken up by another within this and a sweep's five seconds."""


@dataclass(slots=True)
class Stage:
    """Everything that takes part. `bots` and `workers` list each that was ever started here, the dead ones too."""

    postgres: Postgres
    valkey: Valkey
    openai: FakeOpenAI
    discord: FakeDiscord
    slack: FakeSlack
    environment: dict[str, str]
    logs: Path
    _stack: AsyncExitStack
    bots: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def archive(self) -> Archive:
        return Archive(self.postgres.url)

    async def bot(self, **settings: str) -> Process:
        """One more, once it serves; its settings differ from the stage's in these."""
        port = free_port()
        bot = await self._process("bot", {**settings, "WEB_PORT": str(port)})
        bot.address = f"http://127.0.0.1:{port}"
        self.bots.append(bot)
        await serving(Limner(bots=[bot]), self.valkey.url)
        living = sum(_lives(one) for one in self.bots)
        await self.discord.connected(living)
        await self.slack.wait_for(lambda: len(self.slack.sockets.connections) >= living, PATIENCE)
        return bot

    async def worker(self, **settings: str) -> Process:
        """One more, once it hears the doorbell. Needs both servers."""
        worker = await self._process("worker", settings)
        self.workers.append(worker)
        await serving(Limner(workers=[one for one in self.workers if _lives(one)]), self.valkey.url)
        return worker

    @asynccontextmanager
    async def caller(self, user: str = "ada") -> AsyncIterator[on_rest.Rest]:
        """A program with a token, talking to the latest bot."""
        async with on_rest.caller(self.bots[-1].address, self.postgres.url, user) as rest:
            yield rest

    @asynccontextmanager
    async def locked(self, table: str) -> AsyncIterator[None]:
        """Whoever reads or writes this table stands still meanwhile."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            await connection.execute(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
        finally:
            connection.terminate()

    async def leases_run_out(self) -> None:
        """Waits until nobody holds a request any more."""

        async def have() -> bool:
            held = "SELECT FROM generations WHERE status = 'running' AND lease_until > now()"
            return not await self.archive.rows(held)

        await until(have, 10 * LEASE_SECONDS)

    async def _process(self, command: str, settings: dict[str, str]) -> Process:
        name = f"{command}-{next(self._numbers)}"
        return await start(self._stack, name, self.environment | settings, self.logs)


@asynccontextmanager
async def stage(
    template: Path, logs: Path, *, bots: int = 1, workers: int = 1, **settings: str
) -> AsyncIterator[Stage]:
    """Raises the curtain. `template` is what `servers.prepared` made; `settings` are those of every process."""
    async with AsyncExitStack() as stack:
        postgres, valkey = stack.enter_context(_built(template))
        for server in (postgres, valkey):
            stack.push_async_callback(server.stop)
            await server.start()
        openai = await stack.enter_async_context(FakeOpenAI())
        discord = await stack.enter_async_context(FakeDiscord())
        slack = await stack.enter_async_context(FakeSlack())
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "OPENAI_API_KEY": openai.api_key,
            "OPENAI_BASE_URL": openai.base_url,
            "DEFAULT_TIER": "unlimited",
            "CONFIRM_ABOVE_USD": "100",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            **on_discord.settings(discord),
            **on_slack.settings(slack, on_slack.SOCKET),
            **settings,
        }
        raised = Stage(postgres, valkey, openai, discord, slack, environment, logs, stack)
        for _ in range(workers):
            await raised.worker()
        for _ in range(bots):
            await raised.bot()
        yield raised
        assert openai.violations == []


@contextmanager
def _built(template: Path) -> Iterator[tuple[Postgres, Valkey]]:
    """Both servers in a directory of their own, not started yet."""
    with TemporaryDirectory(prefix="limner-f-", ignore_cleanup_errors=True) as name:
        directory, sockets = Path(name), Path(name) / "s"
        directory.chmod(0o755)
        (directory / "valkey").mkdir()
        copied(template, directory / "pg")
        sockets.mkdir()
        sockets.chmod(0o777)
        yield Postgres(directory / "pg", sockets), Valkey(directory / "valkey", sockets)


def _lives(process: Process) -> bool:
    return process.process.returncode is None
