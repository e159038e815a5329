"""The command line as an operator meets it: what was foreseen is a sentence and exit code 2, never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.accounts import TOKEN_PREFIX, Accounts
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from limner.cli import app
from limner.settings import Settings

ROOT = Path(__file__).parents[2]
COMMANDS = ("demo", "bot", "worker", "migrate", "token", "imagine", "doctor")


def limner(*words: str, within: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end with these variables and no other setting."""
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "NO_COLOR": "1", **variables}
    command = [sys.executable, "-m", "limner", *words]
    return subprocess.run(command, cwd=within, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens, and nobody will while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_help_names_every_command(tmp_path: Path) -> None:
    told = limner("--help", within=tmp_path)
    assert told.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in told.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"], prog_name="limner")
    assert told.exit_code == 0
    assert f"limner {command}" in told.stdout


@pytest.mark.parametrize("port", ["eighty", "-1", "65536"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    told = CliRunner().invoke(app, ["demo", "--port", port], prog_name="limner", env={"NO_COLOR": "1"})
    assert told.exit_code == 2
    assert "Invalid value for '--port'" in told.output


def test_a_port_that_is_taken_is_told_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = limner("demo", "--port", port, within=tmp_path)
    assert told.returncode == 2
    assert f"Port {port} is taken. Choose another with --port, or --port 0 for any." in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("bot", ["DATABASE_URL", "REDIS_URL"]),
        ("worker", ["DATABASE_URL", "REDIS_URL"]),
        ("migrate", ["DATABASE_URL"]),
    ],
)
def test_without_servers_every_missing_setting_is_named(command: str, missing: list[str], tmp_path: Path) -> None:
    told = limner(command, within=tmp_path)
    assert told.returncode == 2
    assert [name for name in missing if f"{name} is not set." not in told.stderr] == []
    assert "Traceback" not in told.stderr


def test_a_token_without_servers_is_refused_with_a_way_out(tmp_path: Path) -> None:
    told = limner("token", "--user", "ada", within=tmp_path)
    assert told.returncode == 2
    assert "start `limner demo` first" in told.stderr


@pytest.mark.parametrize("words", [["migrate"], ["token", "--user", "ada"], ["imagine", "a fox"]])
def test_a_database_that_is_away_is_a_sentence_without_its_password(
    words: list[str], nobody: str, tmp_path: Path
) -> None:
    servers = {"DATABASE_URL": f"postgresql://me:hush-hush@{nobody}/limner", "REDIS_URL": f"redis://{nobody}"}
    told = limner(*words, within=tmp_path, **servers)
    assert told.returncode == 2
    assert "atabase" in told.stderr
    assert "Traceback" not in told.stderr
    assert "hush" not in told.stderr + told.stdout


def test_a_wrong_setting_is_told_before_anything_is_started(tmp_path: Path) -> None:
    told = limner("demo", "--port", "0", within=tmp_path, IMAGE_PROVIDER="openai", IMAGE_MAX_RETRIES="often")
    assert told.returncode == 2
    assert "IMAGE_MAX_RETRIES:" in told.stderr
    assert "IMAGE_PROVIDER=openai needs OPENAI_API_KEY." in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_migrate_says_that_it_is_done_and_may_be_run_again(database_url: str, tmp_path: Path) -> None:
    runs = [limner("migrate", within=tmp_path, DATABASE_URL=database_url) for _ in range(2)]
    assert [told.returncode for told in runs] == [0, 0], runs[0].stderr
    assert {told.stdout for told in runs} == {"The database is up to date.\n"}


def test_migrate_into_a_database_that_is_not_there_says_so(database_url: str, tmp_path: Path) -> None:
    head, _, query = database_url.partition("?")
    told = limner("migrate", within=tmp_path, DATABASE_URL=f"{head.rpartition('/')[0]}/elsewhere?{query}")
    assert told.returncode == 2
    assert 'database "elsewhere" does not exist' in told.stderr
    assert "Traceback" not in told.stderr


def test_a_token_is_printed_once_and_alone(database_url: str, redis_url: str, tmp_path: Path) -> None:
    told = limner("token", "--user", "ada", within=tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"API token: {TOKEN_PREFIX}")
    assert told.stdout.count("\n") == 1


async def test_an_admins_token_governs_and_revoking_ends_all_of_a_users(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    def token(*words: str) -> str:
        servers = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        told = limner("token", "--user", "ada", *words, within=tmp_path, **servers)
        assert told.returncode == 0, told.stderr
        return told.stdout.removeprefix("API token: ").strip()

    plain, admin = token(), token("--admin")
    database = Database(database_url)
    accounts = Accounts(PostgresAccounts(database))
    assert [await accounts.is_admin(one) for one in (plain, admin)] == [False, True]
    assert token("--revoke") == "2 tokens of ada revoked; sessions begun with them are over."
    assert [await accounts.by_token(one) for one in (plain, admin)] == [None, None]
    assert not await accounts.is_admin(admin)
    assert token("--revoke").startswith("0 tokens of ada")
    await database.close()


def test_a_token_is_not_made_and_revoked_in_one_go(tmp_path: Path) -> None:
    told = limner("token", "--user", "ada", "--admin", "--revoke", within=tmp_path)
    assert told.returncode == 2
    assert "Give one of the two." in told.stderr
