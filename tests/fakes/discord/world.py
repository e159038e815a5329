"""Who and what exists on the fake Discord: users, guilds, roles and channels, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from . import permissions
from .jsontypes import Json

MIB = 1024 * 1024
_UPLOAD_LIMITS = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}
JOINED = "2024-01-01T00:00:00+00:00"


@dataclass(slots=True, eq=False)
class User:
    """An account; ``accepts_dms`` is the privacy setting that makes a DM fail with 50007."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    accepts_dms: bool = True

    def json(self) -> Json:
        body: Json = {"id": str(self.id), "username": self.name, "global_name": self.name.title(), "avatar": None}
        body |= {"discriminator": "0000" if self.bot else "0", "public_flags": 0, "flags": 0, "primary_guild": None}
        return body | {"bot": True} if self.bot else body


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """A role of a guild, with the permissions that it gives."""

    id: int
    name: str
    bits: int = 0

    def json(self) -> Json:
        return _role(self.id, self.name, 2, self.bits)


@dataclass(slots=True, eq=False)
class Guild:
    """A server; ``bot_installed`` is false where only users carry the app (no gateway events, no REST access)."""

    id: int
    name: str
    owner: User
    bot_role_id: int
    locale: str = "en-US"
    premium_tier: int = 0
    bot_installed: bool = True
    everyone: int = permissions.USUAL
    members: dict[int, User] = field(default_factory=dict)
    nicknames: dict[int, str] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    given_roles: dict[int, list[int]] = field(default_factory=dict)
    let_use_commands: set[int] = field(default_factory=set)
    """People to whom the server's own settings offer every command, whatever permission it asks for by default."""

    @property
    def upload_limit(self) -> int:
        """Bytes per file."""
        return _UPLOAD_LIMITS[self.premium_tier]

    def role_ids(self, user: User) -> list[int]:
        return [self.bot_role_id] if user.bot else self.given_roles.get(user.id, [])

    def base_permissions(self, user: User) -> int:
        """What a member may do in the guild as a whole; everything, for the owner and for administrators."""
        found = self.everyone | (permissions.USUAL if user.bot and self.bot_installed else 0)
        for role_id in self.given_roles.get(user.id, ()):
            found |= self.roles[role_id].bits
        return permissions.ALL if user is self.owner or found & permissions.BITS["administrator"] else found

    def member_json(self, user: User) -> Json:
        body: Json = {"user": user.json(), "nick": self.nicknames.get(user.id), "avatar": None, "banner": None}
        body |= {"roles": [str(role) for role in self.role_ids(user)], "joined_at": JOINED, "premium_since": None}
        return body | {"deaf": False, "mute": False, "pending": False, "flags": 0, "communication_disabled_until": None}

    def roles_json(self) -> list[Json]:
        everyone = _role(self.id, "@everyone", 0, self.everyone)
        bot = _role(self.bot_role_id, "Limner", 1, permissions.USUAL) | {"managed": True}
        others = [role.json() for role in self.roles.values()]
        return [everyone, bot, *others] if self.bot_installed else [everyone, *others]

    def json(self) -> Json:
        """The guild as REST tells it."""
        body: Json = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner.id), "region": "deprecated"}
        body |= dict.fromkeys(_ABSENT) | dict.fromkeys(_ZERO, 0) | {"roles": self.roles_json(), "max_members": 500_000}
        body |= {"features": [], "emojis": [], "stickers": [], "afk_timeout": 300, "widget_enabled": False}
        body |= {"premium_tier": self.premium_tier, "preferred_locale": self.locale, "max_video_channel_users": 25}
        return body | {"premium_progress_bar_enabled": False, "nsfw": False, "max_stage_video_channel_users": 50}

    def gateway_json(self, bot: User) -> Json:
        """The guild as GUILD_CREATE tells it: with channels and the bot's own member, others only when asked for."""
        body = self.json() | {"joined_at": JOINED, "large": False, "unavailable": False, "threads": []}
        body |= {"member_count": len(self.members), "voice_states": [], "presences": [], "stage_instances": []}
        body |= {"guild_scheduled_events": [], "soundboard_sounds": [], "members": [self.member_json(bot)]}
        return body | {"channels": [channel.json() for channel in self.channels.values()]}


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel or a thread of a guild, a DM with the bot, or a conversation the bot is no part of."""

    id: int
    kind: Literal["guild", "bot_dm", "private"]
    name: str = ""
    guild: Guild | None = None
    nsfw: bool = False
    recipients: tuple[User, ...] = ()
    overwrites: list[Json] = field(default_factory=list)
    deleted: bool = False
    last_message_id: int | None = None
    parent: Channel | None = None
    """The channel that this thread is in."""

    @property
    def upload_limit(self) -> int:
        return self.guild.upload_limit if self.guild else _UPLOAD_LIMITS[0]

    @property
    def bot_is_absent(self) -> bool:
        """Whether only the user's own installation brings the app into this channel."""
        return self.kind == "private" or (self.guild is not None and not self.guild.bot_installed)

    def permissions_of(self, user: User) -> int:
        if self.guild is None:
            return permissions.USUAL
        base = self.guild.base_permissions(user)
        if base == permissions.ALL:
            return base  # no overwrite binds an administrator
        overwrites = (self.parent or self).overwrites
        return permissions.effective(base, overwrites, [self.guild.id, *self.guild.role_ids(user)], user.id)

    def json(self) -> Json:
        last = None if self.last_message_id is None else str(self.last_message_id)
        body: Json = {"id": str(self.id), "flags": 0, "last_message_id": last}
        if self.guild is None:
            recipients = [user.json() for user in self.recipients]
            return body | {"type": 1, "recipients": recipients}
        body |= {"type": 0, "guild_id": str(self.guild.id), "name": self.name, "position": 0, "nsfw": self.nsfw}
        if self.parent is not None:
            body |= {"type": 11, "parent_id": str(self.parent.id), "owner_id": str(self.guild.owner.id)}
            body |= {"message_count": 0, "member_count": 1, "total_message_sent": 0, "rate_limit_per_user": 0}
            when: Json = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": JOINED}
            return body | {"thread_metadata": when | {"locked": False, "create_timestamp": JOINED}}
        body |= {"topic": None, "parent_id": None, "rate_limit_per_user": 0, "last_pin_timestamp": None}
        return body | {"permission_overwrites": list(self.overwrites)}


def _role(role_id: int, name: str, position: int, bits: int) -> Json:
    colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    body: Json = {"id": str(role_id), "name": name, "position": position, "permissions": str(bits), "color": 0}
    body |= {"colors": colors, "hoist": False, "managed": False, "mentionable": False, "icon": None}
    return body | {"unicode_emoji": None, "flags": 0}


_ABSENT = (
    *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id"),
    *("afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code"),
    *("rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data"),
)
_ZERO = (
    *("system_channel_flags", "verification_level", "default_message_notifications", "mfa_level"),
    *("explicit_content_filter", "premium_subscription_count", "nsfw_level"),
)
