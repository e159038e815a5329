"""Where a placeholder is and how it can be edited, as the plain strings that outlive this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord

from core.errors import Undeliverable
from core.generation import ReplyTo

PLATFORM = "discord"

TOKEN_MARGIN = timedelta(seconds=20)
"""An upload that starts this shortly before the token's end could arrive after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One message that an interaction made."""

    channel_id: int
    message_id: int
    application_id: int
    token: str = field(repr=False)
    expires_at: datetime
    upload_limit: int
    """Bytes per file."""
    guild_id: int | None = None
    context: str = ""
    """`guild`, `dm` or `private`."""
    notes: str = ""
    """What to tell beside the picture, a sentence a line."""

    @classmethod
    def of(cls, interaction: discord.Interaction, message_id: int) -> Address:
        """The message with which `interaction` was answered."""
        return cls(
            channel_id=interaction.channel_id or 0,
            message_id=message_id,
            application_id=interaction.application_id,
            token=interaction.token,
            expires_at=interaction.expires_at,
            upload_limit=interaction.filesize_limit,
            guild_id=interaction.guild_id,
            context=_context(interaction),
        )

    @classmethod
    def read(cls, reply_to: ReplyTo) -> Address:
        """Raises Undeliverable for strings that are no address."""
        try:
            return cls._parse(reply_to.address)
        except (KeyError, ValueError) as error:
            raise Undeliverable("The stored address of this message cannot be read.") from error

    @classmethod
    def _parse(cls, at: Mapping[str, str]) -> Address:
        return cls(
            channel_id=int(at["channel_id"]),
            message_id=int(at["message_id"]),
            application_id=int(at["application_id"]),
            token=at["token"],
            expires_at=datetime.fromisoformat(at["expires_at"]),
            upload_limit=int(at["upload_limit"]),
            guild_id=int(at["guild_id"]) if at.get("guild_id") else None,
            context=at.get("context", ""),
            notes=at.get("notes", ""),
        )

    def reply_to(self) -> ReplyTo:
        return ReplyTo(
            PLATFORM,
            {
                "channel_id": str(self.channel_id),
                "message_id": str(self.message_id),
                "application_id": str(self.application_id),
                "token": self.token,
                "expires_at": self.expires_at.isoformat(),
                "upload_limit": str(self.upload_limit),
                "guild_id": "" if self.guild_id is None else str(self.guild_id),
                "context": self.context,
                "notes": self.notes,
            },
        )

    def token_lives(self, now: datetime) -> bool:
        return now + TOKEN_MARGIN < self.expires_at


def _context(interaction: discord.Interaction) -> str:
    if interaction.guild_id is not None or interaction.context.guild:
        return "guild"
    return "dm" if interaction.context.dm_channel else "private"
