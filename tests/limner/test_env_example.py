""".env.example documents each setting that there is, and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from limner.settings import Settings, WrongSettings, load

TEXT = (Path(__file__).parents[2] / ".env.example").read_text("utf-8")
LINE = re.compile(r"^#?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)
OF_COMPOSE = {"POSTGRES_PASSWORD"}


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_setting_is_there_once_and_nothing_else_is() -> None:
    named = [name for name, _ in LINE.findall(TEXT)]
    assert sorted(named) == sorted({name.upper() for name in Settings.model_fields} | OF_COMPOSE)


def test_every_setting_has_a_sentence_above_it() -> None:
    lines = TEXT.splitlines()
    bare = [line for before, line in pairwise(lines) if LINE.match(line) and before[:2] != "# "]
    assert bare == []


def test_the_defaults_it_shows_are_the_defaults() -> None:
    shown = {name.lower(): value for name, value in LINE.findall(TEXT) if value}
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    differing = [
        name
        for name, value in shown.items()
        if defaults.get(name) is not None and str(defaults[name]).lower() != value.lower()
    ]
    assert differing == []


def test_a_plain_copy_of_it_loads_and_lacks_the_secret_key_alone() -> None:
    Path(".env").write_text(TEXT)
    assert load().provider == "demo"
    with pytest.raises(WrongSettings) as caught:
        load(("database_url", "redis_url", "secret_key"))
    assert [fault.split()[0] for fault in caught.value.faults] == ["SECRET_KEY"]


def test_every_example_in_it_is_a_value_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"OPENAI_API_KEY", "DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}
    lines = [f"{name}={value or 'a secret of the tests'}" for name, value in LINE.findall(TEXT)]
    assert secrets <= {line.split("=")[0] for line in lines if line.endswith("a secret of the tests")}
    # The one pair that cannot be had together: a demo that is also asked for a model of OpenAI's.
    Path(".env").write_text("\n".join(line for line in lines if not line.startswith("IMAGE_PROVIDER=")))
    assert load(("database_url", "redis_url", "secret_key")).provider == "openai"


def test_it_holds_no_secret_that_somebody_forgot_there() -> None:
    values = dict(LINE.findall(TEXT))
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert {name: values[name] for name in secret if values[name]} == {
        "DATABASE_URL": "postgresql://limner:change-me@localhost:5432/limner",
        "REDIS_URL": "redis://localhost:6379",
        "SMTP_URL": "smtps://mail.example.org?from=limner@example.org",
    }
