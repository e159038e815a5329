"""Everything an operator can set, read once from the environment or `.env`, every fault named at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Refusal

Port = Annotated[int, Field(ge=0, le=65535)]

DEFAULT_MODELS = {"openai": "gpt-image-2.5-flare", "demo": "demo"}


class Settings(BaseSettings):
    """One field, one variable: `database_url` is DATABASE_URL. Secrets never show in a repr, a log or a traceback."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    image_provider: Literal["openai", "demo"] | None = None
    image_model: str | None = None
    image_timeout_seconds: float | None = Field(default=None, gt=0, le=3000)
    image_max_retries: int = Field(default=3, ge=0, le=20)
    image_generation_enabled: bool = True
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

    worker_concurrency: int = Field(default=50, ge=1, le=1000)
    worker_grace_seconds: float = Field(default=130, ge=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"

    @field_validator("openai_base_url", "discord_api_url", "slack_api_url", "public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return _address(value, {"http", "https"})

    @field_validator("discord_gateway_url")
    @classmethod
    def _socket_address(cls, value: str | None) -> str | None:
        return _address(value, {"ws", "wss"})

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            ("postgres://", "postgresql://", "postgresql+asyncpg://")
        ):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis:// (or rediss://, unix://)")
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        """What only several settings together can get wrong."""
        faults = []
        if self.provider == "openai" and self.openai_api_key is None:
            faults.append("IMAGE_PROVIDER=openai needs OPENAI_API_KEY.")
        if (self.slack_app_token or self.slack_signing_secret) and self.slack_bot_token is None:
            faults.append("SLACK_APP_TOKEN and SLACK_SIGNING_SECRET need SLACK_BOT_TOKEN.")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            faults.append("SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).")
        if self.discord_token is None and self.discord_guild_id is not None:
            faults.append("DISCORD_GUILD_ID needs DISCORD_TOKEN.")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < 16:
            faults.append("SECRET_KEY needs at least 16 characters.")
        if faults:
            raise ValueError(" ".join(faults))
        return self

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
    try:
        settings = Settings(**given)
    except ValidationError as error:
        # The chain would carry the raw input, secrets included.
        raise WrongSettings([_fault(one) for one in error.errors(include_input=False)]) from None
    missing = [name for name in needed if getattr(settings, name) is None]
    if missing:
        raise WrongSettings([f"{name.upper()} is not set. {HINTS[name]}" for name in missing])
    return settings


HINTS = {
    "database_url": "Give the address of a PostgreSQL 15+ database, or run `limner demo`, which brings its own.",
    "redis_url": "Give the address of a Redis or Valkey 7+, or run `limner demo`, which brings its own.",
    "secret_key": "Set 32 or more random characters; it signs the web page's sign-in.",
}


def secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def _address(value: str | None, schemes: set[str]) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"must be an address beginning with {' or '.join(f'{one}://' for one in sorted(schemes))}")
    return value.rstrip("/")


def _fault(error: Any) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message


def secrets_of(settings: Settings) -> list[str]:
    """All secret values, for the log to mask."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
