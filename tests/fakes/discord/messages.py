"""Making, changing and deleting messages, whoever asks for it: the bot, an interaction or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import cdn, errors, limits, mentions, render
from .gateway import Gateway
from .jsontypes import Json
from .request_log import Upload
from .state import State
from .stored import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
    StoredFile,
)
from .world import Channel, User

_SETTABLE = EPHEMERAL | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
_NONCE_SECONDS = 300.0  # "the past few minutes"
_EDITABLE = SUPPRESS_EMBEDS | COMPONENTS_V2


@dataclass(slots=True)
class Messages:
    """The message store with its rules and its gateway events."""

    state: State
    gateway: Gateway

    async def create(
        self,
        channel: Channel,
        author: User,
        body: Json,
        files: Sequence[Upload] = (),
        *,
        extra: Json | None = None,
        kind: int = 0,
        loading: bool = False,
        interaction_id: int | None = None,
    ) -> Message:
        """A new message out of a create request's ``body``; ``extra`` are fields of the message object to add."""
        flags = (body.get("flags") or 0) & _SETTABLE
        if loading:
            flags = flags & EPHEMERAL | LOADING  # deferring can choose who sees the answer, and no more
        if not loading:
            limits.check_files(channel, files, body, 0)
            limits.check_message(body, None, [cdn.safe_name(file.filename) for file in files])
        clock = self.state.clock
        message = Message(clock.snowflake(), channel, author, clock.now(), self.state.changes, kind, flags=flags)
        message.extra, message.interaction_id, message.nonce = dict(extra or {}), interaction_id, body.get("nonce")
        message.files = [cdn.keep(self.state, file, channel.id, ephemeral=message.ephemeral) for file in files]
        self._fill(message, body)
        self._reply_to(message, body)
        self.state.messages[message.id] = message
        if message.nonce is not None:
            self.state.nonces[channel.id, str(message.nonce)] = (clock.now() + _NONCE_SECONDS, message.id)
        channel.last_message_id = message.id
        render.snapshot(self.state, message)
        await self._tell("MESSAGE_CREATE", message, message.json)
        return message

    async def edit(self, message: Message, body: Json, files: Sequence[Upload] = ()) -> Message:
        """Lays ``body`` over the message; files in ``files`` are added, those not listed in ``attachments`` dropped."""
        kept = _kept(message, body)
        limits.check_files(message.channel, files, body, len(kept))
        names = [file.filename for file in kept] + [cdn.safe_name(file.filename) for file in files]
        limits.check_message(body, message, names)
        place, ephemeral = message.channel.id, message.ephemeral
        added = [cdn.keep(self.state, file, place, ephemeral=ephemeral) for file in files]
        message.files = [*kept, *added]
        message.flags = (message.flags & ~LOADING) | (body.get("flags") or 0) & _EDITABLE
        message.edited = self.state.clock.now()
        self._fill(message, body)
        render.snapshot(self.state, message)
        await self._tell("MESSAGE_UPDATE", message, message.json)
        return message

    async def delete(self, message: Message) -> None:
        """Removes it for everybody; the store keeps its states."""
        message.deleted = True
        render.snapshot(self.state, message, deleted=True)
        place: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild is not None:
            place["guild_id"] = str(message.channel.guild.id)
        await self._tell("MESSAGE_DELETE", message, place)

    def _fill(self, message: Message, body: Json) -> None:
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = render.accept_embeds(body["embeds"] or [], message.files)
        if "components" in body:
            message.components = render.accept_components(body["components"] or [], message.files)
        if {"content", "components"} & body.keys():
            mentions.resolve(self.state, message, body.get("allowed_mentions"))

    def _reply_to(self, message: Message, body: Json) -> None:
        reference = body.get("message_reference")
        if not reference:
            return
        target = self.state.messages.get(int(reference["message_id"]))
        if target is None or target.deleted:
            if reference.get("fail_if_not_exists", True):
                problem = "Unknown message"
                raise errors.invalid_form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", problem)
            return
        message.kind = 19
        message.extra["message_reference"] = _reference(target)
        message.extra["referenced_message"] = {
            key: value for key, value in target.json.items() if key not in ("referenced_message", "nonce")
        }
        mentions.add_replied(self.state, message, target.author, body.get("allowed_mentions"))

    async def _tell(self, event: str, message: Message, data: Json) -> None:
        channel = message.channel
        if channel.bot_is_absent or message.ephemeral:
            await self.state.changes.happened()  # the bot is not there, or it is shown to one person only
            return
        if channel.guild is None:
            await self.gateway.dispatch(event, data, intent="dm_messages")
            return
        guild, bot = channel.guild, self.state.bot
        data, censored = data | {"guild_id": str(guild.id)}, None
        if event != "MESSAGE_DELETE":
            member = guild.member_json(message.author)
            data["member"] = {key: value for key, value in member.items() if key != "user"}
            # Without the privileged intent, content is for the bot's own messages and those that mention it.
            if message.author is not bot and bot not in message.mentions:
                censored = data | {"content": "", "embeds": [], "attachments": [], "components": []}
        await self.gateway.dispatch(event, data, guild_id=guild.id, intent="guild_messages", censored=censored)


def _kept(message: Message, body: Json) -> list[StoredFile]:
    if body.get("attachments") is None:
        return [] if "attachments" in body else list(message.files)
    listed: list[Any] = [str(entry["id"]) for entry in body["attachments"]]
    return [file for file in message.files if str(file.id) in listed]


def _reference(target: Message) -> Json:
    place: Json = {"type": 0, "channel_id": str(target.channel.id), "message_id": str(target.id)}
    return place | ({"guild_id": str(target.channel.guild.id)} if target.channel.guild else {})
