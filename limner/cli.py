"""The commands. Each parses, calls and says; a Refusal becomes a sentence and exit code 2."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from core.errors import LimnerError, Outage, Refusal
from core.wording import pictures
from limner import logs, settings
from limner.settings import Settings, load

app = typer.Typer(
    help="Limner, a self-hosted image bot for Discord, Slack and the web.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and with them secrets
    add_completion=False,
)

SERVERS = ("database_url", "redis_url")
DATA = Path("limner-data")

Data = Annotated[Path, typer.Option(help="Where the demo keeps its database; it survives a restart.")]


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the web page; 0 takes any free one.")] = 8080,
    data: Data = DATA,
) -> None:
    """Everything on this machine: database, queue, worker, bot and web chat. ^C stops it all."""
    from limner import demo as demonstration

    with _said():
        given = load()
        if given.provider == "demo":
            _note("No OPENAI_API_KEY is set: pictures are drawn offline by the demo provider and marked so.")
        demonstration.run(port, data, _say)


@app.command()
def bot() -> None:
    """Serves Discord, Slack and the web, as far as their tokens are set."""
    from limner import platforms

    _serve(platforms.bot)


@app.command()
def worker() -> None:
    """Makes the pictures. Run as many as you like, on as many machines."""
    from limner import drawing

    _serve(drawing.worker)


@app.command()
def migrate() -> None:
    """Brings the database to the newest schema."""
    from limner import checkup

    with _said():
        asyncio.run(checkup.upgraded(load(("database_url",))))
        _say("The database is up to date.")


@app.command()
def token(
    user: Annotated[str, typer.Option(help="Who the token acts for: a name of your choice.")],
    admin: Annotated[bool, typer.Option("--admin", help="It also governs limits, people and money over REST.")] = False,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Ends all tokens and sessions of this user instead.")
    ] = False,
    data: Data = DATA,
) -> None:
    """Makes an API token for REST and for the web page's sign-in. It is shown once."""
    from limner import terminal

    with _said():
        if admin and revoke:
            raise Refusal("--admin makes a token and --revoke ends them.", "Give one of the two.")
        settings = terminal.local_settings(data)
        if revoke:
            ended = asyncio.run(terminal.revoke_tokens(settings, user))
            _say(f"{pictures(ended, 'token')} of {user} revoked; sessions begun with them are over.")
        else:
            _say(f"API token: {asyncio.run(terminal.new_token(settings, user, admin=admin))}")


@app.command()
def imagine(
    prompt: Annotated[str, typer.Argument(help='What to draw; flags such as "--ar 16:9" may stand in it.')],
    out: Annotated[Path | None, typer.Option(help="Where to put the picture.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Make it whatever it costs, without asking.")] = False,
    data: Data = DATA,
) -> None:
    """Asks for a picture the way the chats do, and shows its progress here."""
    from limner import terminal

    def agree(question: str) -> bool:
        return yes or (sys.stdin.isatty() and typer.confirm(question, err=True))

    with _said():
        for path in terminal.imagine(prompt, out, data, agree):
            _say(str(path))


@app.command()
def doctor(data: Data = DATA) -> None:
    """Checks settings, servers, provider and platforms: one line each, and how to mend what is wrong."""
    from limner import checkup

    with _said():
        if not asyncio.run(checkup.run(data, _say)):
            raise typer.Exit(1)


def _serve(what: Callable[[Settings], Awaitable[None]]) -> None:
    from limner import processes

    with _said():
        given = load(SERVERS)
        logs.set_up(given.log_level, given.log_format, settings.secrets_of(given))
        processes.serve(given, what)


@contextmanager
def _said() -> Iterator[None]:
    """The edge: what we foresaw is told in a sentence, without a traceback."""
    try:
        yield
    except LimnerError as error:
        _note(f"{error} `limner doctor` tells what is wrong." if isinstance(error, Outage) else str(error))
        raise typer.Exit(2) from None


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the command line speaks through print


def _note(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  the command line speaks through print
