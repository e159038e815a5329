"""What a fake workspace is made of: people, channels, messages and their states, files, views, and Slack's errors."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]
SCOPE_FAMILY: dict[Kind, str] = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


class SlackError(Exception):
    """An answer `{"ok": false, "error": code}`, with what Slack adds to it."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: object) -> None:
        super().__init__(code)
        self.status = status
        self.headers = headers or {}
        self.body: Json = {"ok": False, "error": code, **extra}


class Clock:
    """The workspace's time: the real one, until a test moves it forward."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Let that much time have passed: triggers and response urls expire, rate limits refill."""
        self._offset += seconds


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot."""

    id: str
    name: str
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"

    def as_json(self, team_id: str) -> Json:
        """The `user` of users.info."""
        profile = {"real_name": self.name.title(), "display_name": self.name, "team": team_id}
        who = {"id": self.id, "team_id": team_id, "name": self.name, "real_name": self.name.title()}
        shown = {**who, "deleted": self.deleted, "is_bot": self.is_bot, "tz": self.tz, "locale": "en-US"}
        if not self.deleted:
            # Slack leaves the roles of deactivated accounts out (users.info reference).
            shown |= {"is_admin": self.is_admin, "is_owner": self.is_owner, "is_primary_owner": False}
        return {**shown, "profile": profile}


@dataclass(slots=True)
class UserGroup:
    """People who are addressed together; a test may change who is in it."""

    id: str
    handle: str
    members: set[str] = field(default_factory=set)
    disabled: bool = False

    def as_json(self, team_id: str, users: bool, count: bool) -> Json:
        """The group as usergroups.list shows it."""
        name = {"name": self.handle.title(), "handle": self.handle, "description": ""}
        shown = {"id": self.id, "team_id": team_id, "is_usergroup": True, "is_external": False, **name}
        shown["date_delete"] = 1_700_000_000 if self.disabled else 0
        if users:
            shown["users"] = sorted(self.members)
        if count:
            shown["user_count"] = len(self.members)
        return shown


@dataclass(slots=True)
class Channel:
    """A conversation of any kind; a test may archive it or change who is in it."""

    id: str
    name: str
    kind: Kind = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False

    def as_json(self, viewer: str) -> Json:
        """The `channel` of conversations.info as `viewer` sees it."""
        flags = {
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "is_archived": self.archived,
        }
        if self.kind == "im":
            return {"id": self.id, **flags, "user": next(iter(self.members - {viewer}), viewer)}
        return {"id": self.id, "name": self.name, **flags, "is_member": viewer in self.members}


@dataclass(frozen=True, slots=True)
class MessageState:
    """One appearance of a message: when it came about, through which method, and all that it shows."""

    at: float
    via: str
    text: str
    blocks: list[Json]
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None


@dataclass(slots=True)
class Message:
    """A message and everything it has ever shown, oldest first."""

    channel: str
    ts: str
    user: str
    states: list[MessageState]
    bot_id: str | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    deleted: bool = False
    reactions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says now."""
        return self.states[-1].text

    @property
    def blocks(self) -> list[Json]:
        """The blocks it shows now."""
        return self.states[-1].blocks

    def as_json(self, team_id: str) -> Json:
        """The message as the Web API and payloads show it."""
        now = self.states[-1]
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": now.text, "team": team_id}
        if self.bot_id:
            shown |= {"bot_id": self.bot_id, "app_id": "A0LIMNER"}
        if now.blocks:
            shown["blocks"] = copy.deepcopy(now.blocks)
        if now.files:
            shown["files"] = copy.deepcopy(now.files)
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if now.metadata:
            shown["metadata"] = now.metadata
        if len(self.states) > 1 and not now.blocks:
            shown["edited"] = {"user": self.user, "ts": f"{now.at:.6f}"}
        if self.reactions:
            names = dict.fromkeys(name for name, _ in self.reactions)
            shown["reactions"] = [self._reaction(name) for name in names]
        return shown

    def _reaction(self, name: str) -> Json:
        users = [user for reaction, user in self.reactions if reaction == name]
        return {"name": name, "users": users, "count": len(users)}


@dataclass(slots=True)
class View:
    """A modal or a home tab as somebody sees it, and every state it has had."""

    id: str
    user: str
    states: list[Json]
    root_id: str
    previous_id: str | None = None
    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> Json:
        """What it shows now, as the app last sent it."""
        return self.states[-1]

    @property
    def hash(self) -> str:
        """Changes with every state; guards against lost updates."""
        return f"{len(self.states)}.{self.id.lower()}"

    def as_json(self, team_id: str, bot_id: str, state: Json | None = None) -> Json:
        """The `view` of answers and payloads."""
        own = {"id": self.id, "team_id": team_id, "hash": self.hash, "bot_id": bot_id, "app_id": "A0LIMNER"}
        links = {"root_view_id": self.root_id, "previous_view_id": self.previous_id, "app_installed_team_id": team_id}
        filled = {"callback_id": "", "private_metadata": "", "external_id": "", "clear_on_close": False}
        return {**filled, **copy.deepcopy(self.content), **own, **links, "state": {"values": state or {}}}
