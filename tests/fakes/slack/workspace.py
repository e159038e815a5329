"""The state of a fake workspace: who is where, what was said, and the short-lived keys Slack hands out."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .blocks import MESSAGE_TEXT_TOTAL, block_faults, text_total
from .files import FileStore
from .journal import Journal
from .records import Channel, Clock, Json, Kind, Message, MessageState, SlackError, User, UserGroup, View

TEAM, APP, BOT_USER, BOT_ID = "T0LIMNER", "A0LIMNER", "U0LIMNER", "B0LIMNER"
TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS, RESPONSE_URL_USES = 30 * 60.0, 5


@dataclass(slots=True)
class ResponseUrl:
    """A key for answering one command or interaction: five times, for half an hour."""

    key: str
    path: str
    user: str
    channel: str
    expires_at: float
    original: Message | None = None
    uses: int = 0


@dataclass(slots=True)
class _Trigger:
    user: str
    issued_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """A status that the bot set in a thread; empty text cleared it."""

    at: float
    channel: str
    thread_ts: str
    text: str
    loading_messages: list[str] = field(default_factory=list)


class Workspace:
    """One team with one installed bot. Tests read and change its public state freely."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.clock, self.journal = clock, journal
        self.base_url = ""
        self.users: dict[str, User] = {BOT_USER: User(BOT_USER, "limner", is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self.escaping = {"/limner-admin"}
        """Commands for which the app's manifest says `should_escape`."""
        self.messages_tab = True
        """Whether people may be written to by this app (App Home, Messages Tab)."""
        self.messages: list[Message] = []
        self.views: list[View] = []
        self.statuses: list[Status] = []
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files = FileStore(clock, self.later, journal.changed)
        self._triggers: dict[str, _Trigger] = {}
        self._timers: list[asyncio.TimerHandle] = []
        self._serial = itertools.count(1)
        self._last_ts = 0

    def identifier(self, prefix: str) -> str:
        """A fresh id in Slack's manner."""
        return f"{prefix}{next(self._serial):010d}"

    def timestamp(self) -> str:
        """A fresh message timestamp, later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Run `action` after real time has passed, unless the fake is closed before."""
        self._timers.append(asyncio.get_running_loop().call_later(seconds, action))

    def close(self) -> None:
        """Forget everything that was going to happen."""
        for timer in self._timers:
            timer.cancel()

    def add_user(self, name: str, *, admin: bool = False) -> str:
        """A new person; the id."""
        user = f"U0{name.upper()}"
        self.users[user] = User(user, name, is_admin=admin)
        return user

    def add_group(self, handle: str, members: Iterable[str] = ()) -> str:
        """A new user group; the id."""
        group = f"S0{handle.upper()}"
        self.groups[group] = UserGroup(group, handle, set(members))
        return group

    def add_channel(
        self, name: str, kind: Kind = "public", *, members: Iterable[str] = (), bot: bool = True, archived: bool = False
    ) -> str:
        """A new conversation, with everybody in it unless `members` are named; the id. `bot`: the bot is in it."""
        people = set(members) or set(self.users) - {BOT_USER}
        channel = f"{ {'public': 'C', 'private': 'G', 'im': 'D', 'mpim': 'G'}[kind] }0{name.upper()}"
        self.channels[channel] = Channel(channel, name, kind, people | ({BOT_USER} if bot else set()), archived)
        return channel

    def direct_channel(self, user: str) -> Channel:
        """The conversation between the bot and one person, opened if need be; `channel_not_found` for a stranger."""
        if user not in self.users:
            raise SlackError("channel_not_found")
        return self.channels[self._direct_id(user)]

    def _direct_id(self, user: str) -> str:
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == {user, BOT_USER}:
                return channel.id
        return self.add_channel(self.users[user].name, "im", members=[user])

    def visible_channel(self, channel_id: str) -> Channel:
        """A conversation that the bot can know of; private ones it is not in do not exist for it."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def writable_channel(self, channel_id: str) -> Channel:
        """A conversation that the bot may post to."""
        channel = self.visible_channel(channel_id)
        if channel.archived:
            raise SlackError("is_archived")
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if channel.kind == "im" and not self.messages_tab:
            raise SlackError("messages_tab_disabled")
        return channel

    def message(self, channel: str, ts: str) -> Message:
        """A message that is there for all to see, or `message_not_found`."""
        for message in reversed(self.messages):
            if (message.channel, message.ts, message.deleted, message.ephemeral_to) == (channel, ts, False, None):
                return message
        raise SlackError("message_not_found")

    def messages_in(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What a reader sees in a channel, or in one of its threads with its root first; oldest first."""
        there = [m for m in self.messages if m.channel == channel and not m.deleted and not m.ephemeral_to]
        return [m for m in there if thread_ts is None or thread_ts in (m.ts, m.thread_ts)]

    def post(
        self,
        channel: str,
        user: str,
        content: MessageState,
        *,
        thread_ts: str | None = None,
        ephemeral_to: str | None = None,
    ) -> Message:
        """Put a message into a conversation."""
        message = Message(channel, self.timestamp(), user, [content], thread_ts=thread_ts, ephemeral_to=ephemeral_to)
        message.bot_id = BOT_ID if user == BOT_USER else None
        self.messages.append(message)
        self.journal.changed()
        return message

    def state(self, via: str, text: str, blocks: list[Json], files: list[Json] | None = None) -> MessageState:
        """A message's appearance, with the block ids that Slack gives where the app gave none."""
        named = [{**block, "block_id": block.get("block_id") or self.identifier("b")} for block in blocks]
        return MessageState(self.clock.now(), via, text, named, files or [])

    def checked_blocks(self, blocks: object) -> list[Json]:
        """A message's blocks, or `invalid_blocks` and `msg_blocks_too_long` as Slack words them."""
        found = block_faults(blocks, "message", self.file_refused)
        if found or not isinstance(blocks, list):
            messages = [f"[ERROR] {text}" for text in found]
            raise SlackError("invalid_blocks", errors=found, response_metadata={"messages": messages})
        if text_total(blocks) > MESSAGE_TEXT_TOTAL:
            raise SlackError("msg_blocks_too_long")
        return blocks

    def file_refused(self, source: Json) -> bool:
        """Whether Slack would call this `slack_file` invalid."""
        return not self.files.showable(source, BOT_USER)

    def issue_trigger(self, user: str) -> str:
        """A trigger id, good for three seconds and one use."""
        trigger = f"{next(self._serial)}.{TEAM}.{self.identifier('trigger')}"
        self._triggers[trigger] = _Trigger(user, self.clock.now())
        return trigger

    def redeem_trigger(self, trigger_id: str) -> str:
        """Whose trigger it was."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock.now() - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def issue_response_url(self, user: str, channel: str, original: Message | None, path: str) -> str:
        """A url that takes five messages within thirty minutes."""
        key = self.identifier("rurl")
        expires = self.clock.now() + RESPONSE_URL_SECONDS
        self.response_urls[key] = ResponseUrl(key, path, user, channel, expires, original)
        return f"{self.base_url}/{path}/{TEAM}/{key}"
