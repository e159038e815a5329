"""Limner as an operator starts it: `limner worker` and `limner bot` as processes of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from tests.eventually import until

START_SECONDS = 40.0
STOP_SECONDS = 10.0

SECRET = "a secret of the journeys, long enough"


@dataclass(slots=True)
class Process:
    """One process of ours, with everything that it wrote."""

    name: str
    process: asyncio.subprocess.Process
    log: Path
    address: str = ""

    def words(self) -> str:
        return self.log.read_text(errors="replace")

    async def stop(self) -> None:
        """As an operator stops it; raises if it does not end well."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            code = await self.process.wait()
        assert code == 0, f"{self.name} ended with {code}:\n{self.words()}"
        assert "Traceback" not in self.words(), self.words()

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@dataclass(slots=True)
class Limner:
    """What runs on this stage."""

    bots: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The web page of the first bot."""
        return self.bots[0].address


@asynccontextmanager
async def limner(
    environment: Mapping[str, str], logs: Path, *, bots: int = 1, workers: int = 1
) -> AsyncIterator[Limner]:
    """Starts them, waits until each serves, and stops them at the end."""
    running = Limner()
    async with AsyncExitStack() as stack:
        for number in range(workers):
            running.workers.append(await start(stack, f"worker-{number}", environment, logs))
        for number in range(bots):
            port = free_port()
            bot = await start(stack, f"bot-{number}", {**environment, "WEB_PORT": str(port)}, logs)
            bot.address = f"http://127.0.0.1:{port}"
            running.bots.append(bot)
        await serving(running, environment["REDIS_URL"])
        yield running


async def start(stack: AsyncExitStack, name: str, environment: Mapping[str, str], logs: Path) -> Process:
    """Starts `limner` with the command that this name begins with; stopped when the stack unwinds."""
    log = logs / f"{name}.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "limner", name.partition("-")[0]),
            env={**_bare(), **environment},
            cwd=logs,
            stdout=file,
            stderr=file,
        )
    started = Process(name, process, log)
    stack.push_async_callback(started.stop)
    return started


def _bare() -> dict[str, str]:
    """No variable of the tester's own reaches the processes."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "SECRET_KEY": SECRET,
        "WORKER_GRACE_SECONDS": "0",
        # All journeys come from one address; how often it may has a journey of its own.
        "REST_PER_MINUTE": "0",
        "REST_PER_MINUTE_PER_ADDRESS": "0",
    }


async def run(environment: Mapping[str, str], logs: Path, *words: str) -> str:
    """What a command of `limner` prints, once it has ended well."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "limner", *words),
        env={**_bare(), **environment},
        cwd=logs,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode()


async def token(environment: Mapping[str, str], logs: Path, user: str) -> str:
    """What `limner token` prints for this user."""
    return (await run(environment, logs, "token", "--user", user)).partition("API token: ")[2].strip()


async def serving(running: Limner, redis_url: str) -> None:
    """Waits until each of them serves."""
    async with Redis.from_url(redis_url) as redis, aiohttp.ClientSession() as session:

        async def all_answer() -> bool:
            for one in [*running.workers, *running.bots]:
                assert one.process.returncode is None, f"{one.name} stopped:\n{one.words()}"
            awake = dict(await redis.pubsub_numsub("limner:wake")).get(b"limner:wake", 0)
            return awake >= len(running.workers) and all([await _ok(session, bot) for bot in running.bots])

        await until(all_answer, START_SECONDS)


async def _ok(session: aiohttp.ClientSession, bot: Process) -> bool:
    try:
        async with session.get(f"{bot.address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
