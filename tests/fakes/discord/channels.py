"""REST the bot does as itself: channels, guilds, and messages by channel, within its permissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import errors
from .calls import Answer, Call, Route
from .jsontypes import Json
from .messages import Messages
from .permissions import BITS
from .request_log import Upload
from .state import State
from .stored import Message
from .world import Channel, Guild


@dataclass(slots=True)
class Channels:
    """Handlers; the bot reaches a channel only where it is a member, and its own DMs."""

    state: State
    messages: Messages

    def routes(self) -> list[Route]:
        channel, guild = "/channels/{channel_id}", "/guilds/{guild_id}"
        return [
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", channel, self.get_channel),
            ("POST", f"{channel}/typing", self.typing),
            ("GET", f"{channel}/messages", self.get_messages),
            ("POST", f"{channel}/messages", self.create_message),
            ("GET", f"{channel}/messages/{{message_id}}", self.get_message),
            ("PATCH", f"{channel}/messages/{{message_id}}", self.edit_message),
            ("DELETE", f"{channel}/messages/{{message_id}}", self.delete_message),
            ("GET", guild, self.get_guild),
            ("GET", f"{guild}/channels", self.get_guild_channels),
            ("GET", f"{guild}/roles", self.get_roles),
            ("GET", f"{guild}/members/{{user_id}}", self.get_member),
        ]

    async def open_dm(self, call: Call) -> Answer:
        user = self.state.users.get(int(call.body.get("recipient_id") or 0))
        if user is None or user.bot:
            raise errors.unknown_user()
        return Answer(json=self.state.dm_channel(user).json())

    async def get_channel(self, call: Call) -> Answer:
        return Answer(json=self._channel(call).json())

    async def typing(self, call: Call) -> Answer:
        self._channel(call, "send_messages")
        return Answer(204)

    async def get_messages(self, call: Call) -> Answer:
        channel = self._channel(call, "read_message_history")
        limit = int(call.request.query.get("limit", "50"))
        found = [m for m in self.state.messages.values() if m.channel is channel and not m.deleted and not m.ephemeral]
        return Answer(json=[message.json for message in sorted(found, key=lambda m: -m.id)[:limit]])

    async def create_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        sending = "send_messages" if channel.parent is None else "send_messages_in_threads"
        if not channel.permissions_of(self.state.bot) & BITS[sending]:
            raise errors.missing_permissions()
        self._may_show(channel, call.body, call.files)
        if channel.kind == "bot_dm" and not channel.recipients[0].accepts_dms:
            raise errors.cannot_message_user()
        earlier = self._same_nonce(channel, call.body)
        if earlier is not None:
            return Answer(json=earlier.json)
        message = await self.messages.create(channel, self.state.bot, call.body, call.files)
        return Answer(json=message.json)

    async def get_message(self, call: Call) -> Answer:
        self._channel(call, "read_message_history")
        return Answer(json=self._message(call).json)

    async def edit_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        message = self._message(call)
        if message.author is not self.state.bot:
            raise errors.not_the_author()
        self._may_show(channel, call.body, call.files)
        return Answer(json=(await self.messages.edit(message, call.body, call.files)).json)

    async def delete_message(self, call: Call) -> Answer:
        self._channel(call)
        message = self._message(call)
        if message.author is not self.state.bot:
            raise errors.missing_permissions()
        await self.messages.delete(message)
        return Answer(204)

    async def get_guild(self, call: Call) -> Answer:
        return Answer(json=self._guild(call).json())

    async def get_guild_channels(self, call: Call) -> Answer:
        return Answer(json=[channel.json() for channel in self._guild(call).channels.values()])

    async def get_roles(self, call: Call) -> Answer:
        return Answer(json=self._guild(call).roles_json())

    async def get_member(self, call: Call) -> Answer:
        guild, user_id = self._guild(call), call.id("user_id")
        if user_id not in guild.members:
            raise errors.unknown_member()
        return Answer(json=guild.member_json(guild.members[user_id]))

    def _guild(self, call: Call) -> Guild:
        guild = self.state.guilds.get(call.id("guild_id"))
        if guild is None:
            raise errors.unknown_guild()
        if not guild.bot_installed:
            raise errors.missing_access()
        return guild

    def _channel(self, call: Call, *needed: str) -> Channel:
        channel = self.state.channels.get(call.id("channel_id"))
        if channel is None or channel.deleted:
            raise errors.unknown_channel()
        if channel.bot_is_absent:
            raise errors.missing_access()
        bits = channel.permissions_of(self.state.bot)
        if not bits & BITS["view_channel"]:
            raise errors.missing_access()
        if any(not bits & BITS[name] for name in needed):
            raise errors.missing_permissions()
        return channel

    def _may_show(self, channel: Channel, body: Json, files: Sequence[Upload]) -> None:
        bits = channel.permissions_of(self.state.bot)
        if files and not bits & BITS["attach_files"]:
            raise errors.missing_permissions()
        if body.get("embeds") and not bits & BITS["embed_links"]:
            raise errors.missing_permissions()

    def _message(self, call: Call) -> Message:
        message = self.state.messages.get(call.id("message_id"))
        if message is None or message.deleted or message.ephemeral or message.channel.id != call.id("channel_id"):
            raise errors.unknown_message()
        return message

    def _same_nonce(self, channel: Channel, body: Json) -> Message | None:
        """With ``enforce_nonce``, the message an earlier request of the past few minutes made of the same nonce."""
        until, message_id = self.state.nonces.get((channel.id, str(body.get("nonce"))), (0.0, 0))
        if not body.get("enforce_nonce") or until < self.state.clock.now():
            return None
        return self.state.messages.get(message_id)
