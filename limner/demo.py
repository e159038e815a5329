"""`limner demo`: everything on this machine, from nothing, with one command."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.accounts import TOKEN_PREFIX, Accounts
from core.errors import Refusal
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database, asyncpg_url
from limner.embedded import MALLOC, Local, die_with_parent, local_servers
from limner.settings import Settings, load
from migrations.upgrade import upgrade

USER = "demo"
READY_SECONDS = 60.0
STOP_SECONDS = 3.0
RUNNING = "running.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo answers."""

    port: int
    data: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def run(port: int, data: Path, say: Callable[[str], None]) -> None:
    """Serves until ^C or SIGTERM; then stops everything it started. Raises Refusal."""
    place = Place(_free(port), data.resolve())
    if running(place.data):
        raise Refusal(f"A demo runs in {place.data} already.", "Stop it, or choose another directory with --data.")
    stopping = _stop_on_signals()
    with ExitStack() as stack:
        local = stack.enter_context(local_servers(place.data))
        asyncio.run(upgrade(asyncpg_url(local.database_url)))
        token = _kept(place.data / "token", lambda: TOKEN_PREFIX + secrets.token_urlsafe(32))
        asyncio.run(_keep_token(local, token))
        children = stack.enter_context(_children(place, local))
        stack.enter_context(_noted(place, local))
        _wait_until_ready(place, children, stopping)
        if not stopping():
            say(f"Limner is ready at {place.address}")
            say(f"API token: {token}")
        _watch(place, children, stopping)


def running(data: Path) -> Local | None:
    """The servers of a demo that runs in this data directory right now."""
    try:
        noted = json.loads((data / RUNNING).read_text())
        os.kill(noted["pid"], 0)
        with socket.socket(socket.AF_UNIX) as probe:  # a killed demo leaves its note, and another may get its number
            probe.connect(noted["redis_url"].removeprefix("unix://"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Local(noted["database_url"], noted["redis_url"])


def with_local(settings: Settings, data: Path) -> Settings:
    """The operator's servers; where one is not set, those of a demo that runs in this data directory."""
    local = running(data)
    if local is None or (settings.database_url is not None and settings.redis_url is not None):
        return settings
    return load(database_url=local.database_url, redis_url=local.redis_url)


@contextmanager
def _noted(place: Place, local: Local) -> Iterator[None]:
    """Leaves word where the servers are, for `limner imagine` and `limner token` beside a running demo."""
    note = place.data / RUNNING
    body = {"pid": os.getpid(), "database_url": local.database_url, "redis_url": local.redis_url}
    _private(note, json.dumps(body))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


@contextmanager
def _children(place: Place, local: Local) -> Iterator[Mapping[str, subprocess.Popen[bytes]]]:
    environment = {
        **os.environ,
        **MALLOC,
        "DATABASE_URL": local.database_url,
        "REDIS_URL": local.redis_url,
        "WEB_HOST": "127.0.0.1",
        "WEB_PORT": str(place.port),
        "WEB_OPEN_AS": USER,
        "WORKER_GRACE_SECONDS": "1",
        "SECRET_KEY": _kept(place.data / "secret_key", lambda: secrets.token_urlsafe(32)),
    }
    started: dict[str, subprocess.Popen[bytes]] = {}
    with (place.data / "limner.log").open("ab") as log:
        try:
            for name in ("worker", "bot"):
                started[name] = subprocess.Popen(  # noqa: S603  our own interpreter and words
                    [sys.executable, "-m", "limner", name],
                    env=environment,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,  # ^C reaches this process alone, which stops them in order
                    preexec_fn=die_with_parent(),
                )
            yield started
        finally:
            _stop(list(started.values()))


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        one.terminate()
    until = time.monotonic() + STOP_SECONDS
    for one in processes:
        try:
            one.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def _wait_until_ready(
    place: Place, children: Mapping[str, subprocess.Popen[bytes]], stopping: Callable[[], bool]
) -> None:
    until = time.monotonic() + READY_SECONDS
    while not stopping() and not _answers(f"{place.address}/readyz"):
        _all_alive(place, children)
        if time.monotonic() > until:
            raise Refusal("The web page does not answer.", f"Look into {place.data / 'limner.log'}.")
        time.sleep(0.05)


def _watch(place: Place, children: Mapping[str, subprocess.Popen[bytes]], stopping: Callable[[], bool]) -> None:
    while not stopping():
        _all_alive(place, children)
        time.sleep(0.2)


def _all_alive(place: Place, children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            log = place.data / "limner.log"
            raise Refusal(f"The {name} has stopped.", f"Its last words:\n{_tail(log)}\n(all of them: {log})")


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _answers(address: str) -> bool:
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has another loopback
        with direct.open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop_on_signals() -> Callable[[], bool]:
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: told.append(got))
    return lambda: bool(told)


def _free(port: int) -> int:
    """The port itself, if nobody listens there; any free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise Refusal(f"Port {port} {why}.", "Choose another with --port, or --port 0 for any.") from None
        return int(probe.getsockname()[1])


def _kept(path: Path, make: Callable[[], str]) -> str:
    """A secret that outlives restarts, readable by its owner alone."""
    if not path.exists():
        _private(path, make())
    return path.read_text().strip()


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


async def _keep_token(local: Local, token: str) -> None:
    database = Database(local.database_url)
    try:
        await Accounts(PostgresAccounts(database)).keep_token(USER, token)
    finally:
        await database.close()
