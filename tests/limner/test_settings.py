"""Settings: every fault is named at once, and no secret shows anywhere."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from limner.settings import Settings, WrongSettings, load, secrets_of

SECRET_FIELDS = sorted(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))
# What they begin with stands nowhere else, so that a hit is the secret and not a word that it happens to be.
TOKENS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=12, max_size=60).map("Q7~{}".format)
FEW = hypothesis.settings(max_examples=30, deadline=None)


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env and no variable of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def faults(needed: tuple[str, ...] = (), **given: Any) -> str:
    with pytest.raises(WrongSettings) as caught:
        load(needed, **given)
    return "\n".join(caught.value.faults)


def test_nothing_at_all_is_enough_for_the_demo() -> None:
    settings = load()
    assert (settings.provider, settings.model) == ("demo", "demo")


def test_a_key_chooses_openai() -> None:
    settings = load(openai_api_key="sk-test-0123456789")
    assert (settings.provider, settings.model) == ("openai", "gpt-image-2.5-flare")


def test_missing_wrong_and_contradictory_settings_are_all_named_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "eighty")
    monkeypatch.setenv("IMAGE_COMPRESSION_QUALITY", "101")
    monkeypatch.setenv("IMAGE_PROVIDER", "openai")
    monkeypatch.setenv("DISCORD_GUILD_ID", "42")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-0123456789")
    monkeypatch.setenv("SECRET_KEY", "short")
    told = faults(("database_url", "redis_url", "secret_key"))
    expected = [
        "WEB_PORT:",
        "IMAGE_COMPRESSION_QUALITY:",
        "DATABASE_URL is not set.",
        "REDIS_URL is not set.",
        "IMAGE_PROVIDER=openai needs OPENAI_API_KEY.",
        "DISCORD_GUILD_ID needs DISCORD_TOKEN.",
        "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN",
        "SECRET_KEY needs 16 characters",
    ]
    assert [line for line in expected if line not in told] == []
    assert len(told.splitlines()) == len(expected)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"image_provider": "openai"}, "IMAGE_PROVIDER=openai needs OPENAI_API_KEY."),
        ({"openai_base_url": "http://gpu:8000/v1"}, "OPENAI_BASE_URL needs OPENAI_API_KEY"),
        ({"image_model": "gpt-image-2"}, "IMAGE_MODEL needs OPENAI_API_KEY"),
        (
            {"image_model": "demo", "openai_api_key": "sk-test-0123456789"},
            "IMAGE_MODEL=demo needs IMAGE_PROVIDER=demo.",
        ),
        ({"slack_app_token": "xapp-0123456789"}, "need SLACK_BOT_TOKEN."),
        ({"slack_signing_secret": "0123456789"}, "need SLACK_BOT_TOKEN."),
        ({"slack_bot_token": "xoxb-0123456789"}, "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN"),
        ({"discord_guild_id": 7}, "DISCORD_GUILD_ID needs DISCORD_TOKEN."),
        ({"alert_email": "ops@example.org"}, "ALERT_EMAIL needs SMTP_URL."),
        ({"alert_discord_channel": 7}, "ALERT_DISCORD_CHANNEL needs DISCORD_TOKEN."),
        ({"alert_slack_channel": "C7"}, "ALERT_SLACK_CHANNEL needs SLACK_BOT_TOKEN."),
        ({"alert_email": "ops", "smtp_url": "smtp://mail?from=a@b.c"}, "ALERT_EMAIL: must be one e-mail address"),
        ({"alert_email": "a@b.c, d@e.f", "smtp_url": "smtp://mail?from=a@b.c"}, "ALERT_EMAIL: must be one e-mail"),
        ({"smtp_url": "mail.example.org:587"}, "SMTP_URL: must begin with smtp://"),
        ({"smtp_url": "smtp://ops:p@1@mail?from=a@b.c"}, "SMTP_URL: cannot be taken apart."),
        ({"smtp_url": "smtp://mail.example.org"}, "SMTP_URL: needs a sender"),
        ({"smtp_url": "smtp://?from=a@b.c"}, "SMTP_URL: names no host."),
        ({"trusted_proxy": "proxy.example.org"}, "TRUSTED_PROXY: must be addresses or networks"),
        ({"rest_per_minute": -1}, "REST_PER_MINUTE:"),
        ({"secret_key": "fifteen letters"}, "SECRET_KEY needs 16 characters or more."),
        ({"web_open_as": "me", "web_host": "192.0.2.1"}, "WEB_OPEN_AS lets anyone in"),
        ({"web_open_as": "me", "web_host": "example.org"}, "WEB_OPEN_AS lets anyone in"),
        ({"database_url": "mysql://db/limner"}, "DATABASE_URL: must begin with postgresql://"),
        ({"database_url": "postgresql://me:p#1@db/limner"}, "DATABASE_URL: cannot be taken apart."),
        ({"database_url": "postgresql://me:p@1@db/limner"}, "DATABASE_URL: cannot be taken apart."),
        ({"redis_url": "localhost:6379"}, "REDIS_URL: must begin with redis://"),
        ({"redis_url": "redis://localhost:sixty"}, "REDIS_URL: cannot be taken apart."),
        ({"public_url": "limner.example.org"}, "PUBLIC_URL: must be an address"),
        ({"discord_gateway_url": "https://gateway.discord.gg"}, "DISCORD_GATEWAY_URL: must be an address"),
        ({"openai_base_url": "http://gpu:port/v1", "openai_api_key": "none"}, "OPENAI_BASE_URL: must be an address"),
        ({"web_port": 70000}, "WEB_PORT:"),
        ({"image_max_retries": -1}, "IMAGE_MAX_RETRIES:"),
        ({"max_image_size_mb": 0}, "MAX_IMAGE_SIZE_MB:"),
        ({"log_level": "loud"}, "LOG_LEVEL:"),
    ],
)
def test_each_contradiction_has_its_sentence_and_stands_alone(given: Mapping[str, Any], said: str) -> None:
    told = faults(**given)
    assert said in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"slack_bot_token": "xoxb-0123456789", "slack_app_token": "xapp-0123456789"},
        {"slack_bot_token": "xoxb-0123456789", "slack_signing_secret": "0123456789"},
        {"image_provider": "demo", "openai_api_key": "sk-test-0123456789"},
        {"image_provider": "demo", "image_model": "demo"},
        {"web_open_as": "me", "web_host": "localhost"},
        {"web_open_as": "me", "web_host": "::1"},
        {"database_url": "postgresql://postgres:@/limner?host=/run/postgresql"},
        {"database_url": "postgresql://me:p%401@db:5432/limner"},
        {"redis_url": "unix:///run/valkey.sock"},
        {"redis_url": "rediss://:word@cache:6380/1"},
        {"smtp_url": "smtp://ops%40example.org:p%401@mail:2525", "alert_email": "ops@example.org"},
        {"smtp_url": "smtps://mail?from=a@b.c", "trusted_proxy": "127.0.0.1, 172.16.0.0/12,::1"},
        {"log_level": "INFO", "log_format": "JSON"},
    ],
)
def test_what_goes_together_is_taken(given: Mapping[str, Any]) -> None:
    assert load(**given).model_fields_set >= set(given)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("WEB_PORT", "")
    settings = load()
    assert settings.discord_token is None
    assert settings.web_port == 8080


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("WEB_PORT=1111\nIMAGE_MAX_RETRIES=7\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("WEB_PORT", "2222")
    settings = load()
    assert (settings.web_port, settings.image_max_retries) == (2222, 7)


def test_a_file_that_is_not_text_is_named_and_not_quoted() -> None:
    Path(".env").write_bytes(b"DISCORD_TOKEN=\xff\xfehush-hush-hush")
    told = faults()
    assert told.startswith(".env cannot be read")
    assert "hush" not in told


@pytest.mark.parametrize("name", SECRET_FIELDS)
@FEW
@given(token=TOKENS)
def test_no_repr_shows_a_secret(name: str, token: str) -> None:
    # As it would be after reading, whatever the rules on the field say.
    secret: dict[str, Any] = {name: SecretStr(token)}
    settings = Settings.model_construct(**secret)
    shown = (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json())
    assert [text for text in shown if token in text] == []
    assert token in secrets_of(settings)


@pytest.mark.parametrize("name", SECRET_FIELDS)
@FEW
@given(token=TOKENS)
def test_no_error_and_no_traceback_shows_a_secret(name: str, token: str) -> None:
    """Beside a fault, and where the secret itself is the fault."""
    wrong: dict[str, Any] = {name: token, "web_port": "no port", "discord_guild_id": -1}
    with pytest.raises(WrongSettings) as ours:
        load(("database_url", "redis_url"), **wrong)
    with pytest.raises(ValidationError) as theirs:
        Settings(**wrong)
    for caught in (ours.value, theirs.value):
        told = "".join(traceback.format_exception(caught))
        assert token not in told
        assert token not in repr(caught)
    assert ours.value.__context__ is None


@given(password=TOKENS)
def test_a_broken_address_is_refused_without_quoting_it(password: str) -> None:
    with pytest.raises(WrongSettings) as caught:
        load(database_url=f"postgresql://me:{password}@db:x{password}/limner")
    assert password not in "".join(traceback.format_exception(caught.value))


def test_the_password_of_an_address_is_a_secret_of_its_own() -> None:
    known = secrets_of(load(database_url="postgresql://me:open%2Fsesame@db/limner"))
    assert {"postgresql://me:open%2Fsesame@db/limner", "open%2Fsesame", "open/sesame"} <= set(known)
