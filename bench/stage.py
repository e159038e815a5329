"""The ground that all benchmarks stand on: real servers with durable settings, fresh databases, child processes."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from redis.asyncio import Redis

from bench.picture import large_png, tiny_png
from core.storage.database import asyncpg_url
from limner.embedded import MALLOC, Local, local_servers
from limner.settings import Settings, load
from migrations.upgrade import upgrade

STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process under measurement."""

    pid: int

    def cpu_seconds(self) -> float:
        """User and system time so far: fields 14 and 15 of proc(5)'s stat."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self) -> int:
        """The most memory that it ever held."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@dataclass(frozen=True, slots=True)
class Stage:
    """Both servers, and the pictures that providers hand out."""

    local: Local
    directory: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def large(self) -> Path:
        return self.directory / "large.png"

    @property
    def tiny(self) -> Path:
        return self.directory / "tiny.png"

    async def fresh(self, *, concurrency: int = 50) -> Settings:
        """Settings for an empty, migrated database; Valkey is emptied."""
        name = f"bench_{next(self._numbers)}"
        admin = await asyncpg.connect(self.local.database_url)
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
        head, _, query = self.local.database_url.partition("?")
        url = f"{head.rpartition('/')[0]}/{name}?{query}"
        await upgrade(asyncpg_url(url))
        async with Redis.from_url(self.local.redis_url) as redis:
            await redis.flushall()
        return load(
            _env_file=None,
            database_url=url,
            redis_url=self.local.redis_url,
            image_provider="demo",
            worker_concurrency=concurrency,
            worker_grace_seconds=0,
            secret_key="the key of the benchmarks",  # noqa: S106  signs nothing
        )

    @contextmanager
    def child(self, settings: Settings, module: str, *arguments: object) -> Iterator[Child]:
        """Runs `python -m module arguments` on these servers, as production would; returns once it said `ready`."""
        environment = {
            **os.environ,
            **MALLOC,
            "DATABASE_URL": settings.database_url.get_secret_value() if settings.database_url else "",
            "REDIS_URL": self.local.redis_url,
            "SECRET_KEY": "the key of the benchmarks",
            "IMAGE_PROVIDER": "demo",
            "WORKER_CONCURRENCY": str(settings.worker_concurrency),
            "WORKER_GRACE_SECONDS": "0",
        }
        command = [sys.executable, "-m", module, *map(str, arguments)]
        with (self.directory / "children.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            said = process.stdout.readline() if process.stdout else b""
            if said != b"ready\n":
                raise RuntimeError(f"{module} did not start:\n{(self.directory / 'children.log').read_text()[-2000:]}")
            yield Child(process.pid)
        finally:
            _stop(process)


WAL_FILES = 40
"""Of 16 MB each: more than any benchmark writes between two checkpoints."""


async def _run_in(url: str) -> None:
    """A server that has been up for a while reuses its log files; a new one stalls at each to make it."""
    admin = await asyncpg.connect(url)
    await admin.execute("ALTER SYSTEM SET min_wal_size = '1GB'")
    await admin.execute("SELECT pg_reload_conf()")
    for _ in range(WAL_FILES):
        await admin.execute("SELECT pg_logical_emit_message(false, 'bench', 'x'), pg_switch_wal()")
    await admin.execute("CHECKPOINT")
    await admin.close()


@contextmanager
def stage(directory: Path) -> Iterator[Stage]:
    """Starts both servers, stops both."""
    with local_servers(directory / "servers") as local:
        asyncio.run(_run_in(local.database_url))
        made = Stage(local, directory)
        made.large.write_bytes(large_png())
        made.tiny.write_bytes(tiny_png())
        yield made


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
