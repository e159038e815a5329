"""`limner imagine` and `limner token`: the same path as the chats, with a progress bar in the terminal."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from core import wording
from core.accounts import Accounts
from core.errors import ConfirmFirst, LimnerError, Refusal
from core.generation import Accepted, Generation, ImageRequest, Picture, Requester, Status
from core.generation import Progress as Step
from core.pace import RedisPace
from core.policies import UNLIMITED
from core.ports import Settled
from core.prompt import Asked
from core.storage.accounts import PostgresAccounts
from core.storage.database import asyncpg_url
from core.studio import Studio
from core.wording import explain
from limner import demo, drawing, embedded, wiring
from limner.settings import Settings, load
from migrations.upgrade import upgrade

LOOK_AGAIN = 3.0
"""Seconds without news after which the row is read."""

ASKER = Requester("cli", "terminal", "terminal")

KEPT = "The picture is kept; its id is {}."


def local_settings(data: Path) -> Settings:
    """The operator's servers, else those of a running demo. Raises Refusal where there is neither."""
    settings = demo.with_local(load(), data)
    if settings.database_url is None or settings.redis_url is None:
        raise Refusal(
            "No servers: DATABASE_URL and REDIS_URL are not set and no demo is running here.",
            "Set both, or start `limner demo` first.",
        )
    return settings


async def new_token(settings: Settings, user: str, *, admin: bool = False) -> str:
    async with wiring.servers(settings, "limner-token") as on:
        return await Accounts(PostgresAccounts(on.database)).new_token(user, admin=admin)


async def revoke_tokens(settings: Settings, user: str) -> int:
    """How many there were."""
    async with wiring.servers(settings, "limner-token") as on:
        return await Accounts(PostgresAccounts(on.database)).revoke_tokens(user)


Agree = Callable[[str], bool]
"""Whether a dear request shall be made, after reading what it costs."""


def imagine(prompt: str, out: Path | None, data: Path, agree: Agree) -> list[Path]:
    """Asks, shows progress, saves. With neither servers nor a running demo it brings its own for the occasion."""
    _check_writable(out)
    try:
        settings = local_settings(data)
    except Refusal:
        with _own_servers(data) as settings:
            return asyncio.run(_imagine(_operators(settings), prompt, out, agree, own_worker=True))
    return asyncio.run(_imagine(_operators(settings), prompt, out, agree, own_worker=False))


def _operators(settings: Settings) -> Settings:
    """Whoever sits at this terminal runs the bot: the quotas of its users are not theirs, its budgets are."""
    return settings.model_copy(update={"default_tier": UNLIMITED.subject})


@contextmanager
def _own_servers(data: Path) -> Iterator[Settings]:
    with embedded.local_servers(data.resolve()) as local:
        asyncio.run(upgrade(asyncpg_url(local.database_url)))
        yield load(database_url=local.database_url, redis_url=local.redis_url, worker_grace_seconds=0)


async def _imagine(settings: Settings, prompt: str, out: Path | None, agree: Agree, *, own_worker: bool) -> list[Path]:
    async with wiring.servers(settings, "limner-imagine") as on:
        studio = wiring.studio(settings, on)
        asked = studio.requesting.read(prompt)
        background = [asyncio.create_task(on.signals.run())]
        draw_with = drawing.providers(settings, wiring.catalogue(settings), RedisPace(on.redis)) if own_worker else {}
        if own_worker:
            background.append(asyncio.create_task(drawing.process(settings, on, draw_with).run()))
        try:
            accepted = await _agreed(studio, asked, agree)
            generation = await _unless_stopped(studio, accepted)
            return await _saved(studio, generation, out)
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            for provider in draw_with.values():
                await provider.close()


async def _agreed(studio: Studio, asked: Asked, agree: Agree) -> Accepted:
    key = f"cli:{secrets.token_hex(16)}"
    request = ImageRequest(requester=ASKER, prompt=asked.prompt, options=asked.options, idempotency_key=key)
    try:
        return await studio.requesting.submit(request)
    except ConfirmFirst as question:
        if not agree(str(question)):
            raise Refusal("Not made. Nothing was charged.") from None
        return await studio.requesting.submit(request, confirmed=True)


async def _unless_stopped(studio: Studio, accepted: Accepted) -> Generation:
    """^C cancels the request as well: nobody would look at its picture, and somebody would pay for it."""
    try:
        return await _watched(studio, accepted)
    except asyncio.CancelledError:
        with suppress(LimnerError):
            await studio.requesting.cancel(accepted.generation.id, ASKER)
        raise


async def _watched(studio: Studio, accepted: Accepted) -> Generation:
    """Follows the request to its end, with a bar on standard error."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%")
    generation = accepted.generation
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        row = bar.add_task(wording.waiting_words(accepted), total=100)
        async with studio.signals.watch(generation.id) as watch:
            while not generation.status.final:
                news = await watch.next(LOOK_AGAIN)
                if isinstance(news, Step):
                    _draw(bar, row, news)
                elif news is None or isinstance(news, Settled):
                    generation = await studio.requesting.seen(generation.id)
    return generation


def _draw(bar: Progress, row: TaskID, step: Step) -> None:
    bar.update(row, completed=step.percent, description=wording.stage_words(step))


async def _saved(studio: Studio, generation: Generation, out: Path | None) -> list[Path]:
    if generation.status is Status.CANCELLED:
        raise LimnerError(wording.cancelled())
    if generation.fault is not None:
        told = explain(generation.fault, generation.fault_detail, generation.options.model)
        raise Refusal(told.sentence, told.next_step)
    paths = []
    for image in await studio.gallery.finished(generation):
        path = _place(out, image.picture)
        try:
            _write(path, image.data)
        except OSError as error:
            raise Refusal(f"{path} cannot be written ({error.strerror}).", KEPT.format(image.picture.id)) from None
        paths.append(path)
    return paths


def _check_writable(out: Path | None) -> None:
    """Before anything is asked for, and paid. Raises Refusal."""
    folder = Path() if out is None else out if out.is_dir() else out.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"Nothing can be written into {folder.resolve()}.", "Choose another place with --out.")


def _place(out: Path | None, picture: Picture) -> Path:
    """Under a name of its own unless one is given. The second of a request goes beside the first, numbered."""
    name = f"limner-{picture.id.hex[:12]}.{picture.media_type.removeprefix('image/')}"
    path = Path(name) if out is None else out / name if out.is_dir() else out
    return path if picture.position == 0 else path.with_stem(f"{path.stem}-{picture.position + 1}")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: nobody finds half a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
