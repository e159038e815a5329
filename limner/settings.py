"""Everything an operator can set, read once from the environment or `.env`, every fault named at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Refusal
from limner import addresses

Port = Annotated[int, Field(ge=0, le=65535)]

KEY_LENGTH = 16

DEFAULT_MODELS = {"openai": "gpt-image-2.5-flare", "demo": "demo"}


class Settings(BaseSettings):
    """One field, one variable: `database_url` is DATABASE_URL. Secrets never show in a repr, a log or a traceback."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # what was wrong may be a secret
    )

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    image_provider: Literal["openai", "demo"] | None = None
    image_model: str | None = None
    image_timeout_seconds: float | None = Field(default=None, gt=0, le=3000)
    image_max_retries: int = Field(default=3, ge=0, le=20)
    image_generation_enabled: bool = True
    default_tier: str = "free"
    upgrade_url: str | None = None
    confirm_above_usd: float | None = Field(default=0.25, ge=0)
    budget_day_usd: float | None = Field(default=None, ge=0)
    budget_month_usd: float | None = Field(default=None, ge=0)
    time_zone: ZoneInfo = ZoneInfo("UTC")
    alert_discord_channel: int | None = Field(default=None, gt=0)
    alert_slack_channel: str | None = None
    alert_email: str | None = None
    smtp_url: SecretStr | None = None
    max_image_size_mb: float = Field(default=25, gt=0, le=200)
    image_compression_quality: int = Field(default=85, ge=1, le=100)

    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    discord_guild_id: int | None = Field(default=None, gt=0)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str | None = None

    web_host: str = "127.0.0.1"
    web_port: Port = 8080
    public_url: str | None = None
    secret_key: SecretStr | None = None
    web_open_as: str | None = None
    rest_per_minute: int = Field(default=120, ge=0, le=1_000_000)
    rest_per_minute_per_address: int = Field(default=300, ge=0, le=1_000_000)
    trusted_proxy: str | None = None

    worker_concurrency: int = Field(default=50, ge=1, le=1000)
    worker_grace_seconds: float = Field(default=130, ge=0)
    lease_seconds: float = Field(default=20, ge=2, le=600)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"

    @field_validator("openai_base_url", "discord_api_url", "slack_api_url", "public_url", "upgrade_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return addresses.web(value, {"http", "https"})

    @field_validator("discord_gateway_url")
    @classmethod
    def _socket_address(cls, value: str | None) -> str | None:
        return addresses.web(value, {"ws", "wss"})

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        return addresses.server(value, ("postgresql", "postgres", "postgresql+asyncpg"))

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        return addresses.server(value, ("redis", "rediss", "unix"))

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        return addresses.smtp(value)

    @field_validator("alert_email")
    @classmethod
    def _mailbox(cls, value: str | None) -> str | None:
        return addresses.mailbox(value)

    @field_validator("trusted_proxy")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        addresses.networks(value)
        return value

    @field_validator("image_provider", "log_level", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("time_zone", mode="before")
    @classmethod
    def _zone(cls, value: Any) -> Any:
        try:
            return ZoneInfo(value) if isinstance(value, str) else value
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError("is no time zone. Write it as Europe/Berlin, or UTC.") from None

    @property
    def provider(self) -> str:
        """The demo is the default without a key."""
        return self.image_provider or ("openai" if self.openai_api_key else "demo")

    @property
    def model(self) -> str:
        return self.image_model or DEFAULT_MODELS[self.provider]

    @property
    def max_image_bytes(self) -> int:
        return int(self.max_image_size_mb * 1024 * 1024)


class WrongSettings(Refusal):
    """Settings are missing or contradict each other."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("These settings need mending:\n" + "\n".join(f"  - {one}" for one in faults))


def load(needed: tuple[str, ...] = (), **given: Any) -> Settings:
    """Reads the settings; `needed` names the fields that this command cannot do without. Raises WrongSettings."""
    settings, wrong = _read(given)
    faults = [f"{name.upper()}: {message}" for name, message in wrong.items()]
    missing = [name for name in needed if name not in wrong and getattr(settings, name) is None]
    faults += [f"{name.upper()} is not set. {HINTS[name]}" for name in missing]
    faults += [fault for holds, fault in _contradictions(settings) if holds]
    if faults:
        raise WrongSettings(faults)
    return settings


def _read(given: Mapping[str, Any]) -> tuple[Settings, Mapping[str, str]]:
    """What could be read, with defaults in place of what is wrong, so that the rest can be judged in the same go."""
    wrong: dict[str, str] = {}
    try:
        return Settings(**given), wrong
    except ValidationError as error:
        for one in error.errors(include_input=False, include_context=False, include_url=False):
            wrong[str(one["loc"][0]).lower()] = one["msg"].removeprefix("Value error, ")
    except (OSError, UnicodeError) as error:
        unreadable = f".env cannot be read ({type(error).__name__}). Make it a readable text file in UTF-8."
    if not wrong:
        raise WrongSettings([unreadable])  # out here, so that no chain carries the raw input
    defaults = {name: Settings.model_fields[name].default for name in wrong}
    return Settings(**{**given, **defaults}), wrong


def _contradictions(it: Settings) -> Iterable[tuple[bool, str]]:
    """What only several settings together can get wrong: whether it is so, and what to say."""
    slack_way_in = bool(it.slack_app_token or it.slack_signing_secret)
    own_model = it.image_model == DEFAULT_MODELS["demo"]
    yield it.provider == "openai" and it.openai_api_key is None, "IMAGE_PROVIDER=openai needs OPENAI_API_KEY."
    yield (
        it.provider == "demo" and it.image_provider is None and it.openai_base_url is not None,
        "OPENAI_BASE_URL needs OPENAI_API_KEY (any word, if that server asks for none).",
    )
    yield (
        it.provider == "demo" and it.image_model is not None and not own_model,
        "IMAGE_MODEL needs OPENAI_API_KEY: the demo provider draws with its own.",
    )
    yield it.provider == "openai" and own_model, "IMAGE_MODEL=demo needs IMAGE_PROVIDER=demo."
    yield (
        slack_way_in and it.slack_bot_token is None,
        "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET need SLACK_BOT_TOKEN.",
    )
    yield (
        it.slack_bot_token is not None and not slack_way_in,
        "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).",
    )
    yield it.alert_email is not None and it.smtp_url is None, "ALERT_EMAIL needs SMTP_URL."
    yield (
        it.alert_discord_channel is not None and it.discord_token is None,
        "ALERT_DISCORD_CHANNEL needs DISCORD_TOKEN.",
    )
    yield (
        it.alert_slack_channel is not None and it.slack_bot_token is None,
        "ALERT_SLACK_CHANNEL needs SLACK_BOT_TOKEN.",
    )
    yield it.discord_guild_id is not None and it.discord_token is None, "DISCORD_GUILD_ID needs DISCORD_TOKEN."
    yield (
        len(secret(it.secret_key) or " " * KEY_LENGTH) < KEY_LENGTH,
        f"SECRET_KEY needs {KEY_LENGTH} characters or more.",
    )
    yield (
        it.web_open_as is not None and not addresses.is_loopback(it.web_host),
        "WEB_OPEN_AS lets anyone in without a token, so WEB_HOST must be 127.0.0.1. Leave WEB_OPEN_AS out.",
    )


HINTS = {
    "database_url": "Give the address of a PostgreSQL 15+ database, or run `limner demo`, which brings its own.",
    "redis_url": "Give the address of a Redis or Valkey 7+, or run `limner demo`, which brings its own.",
    "secret_key": "Set 32 or more random characters to keep them over restarts and across several bots.",
}


def secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def secrets_of(settings: Settings) -> list[str]:
    """All secret values, for the log to mask; of addresses the password alone, too."""
    found = [getattr(settings, name) for name in type(settings).model_fields]
    values = [value.get_secret_value() for value in found if isinstance(value, SecretStr)]
    passwords = [urlsplit(value).password or "" for value in values if "://" in value]
    return [*values, *passwords, *map(unquote, passwords)]
