"""All that one fake Discord remembers, passed to each of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from .changes import Changes
from .clock import Clock
from .interactions import Interaction
from .jsontypes import Json
from .stored import Message, StoredFile
from .world import Channel, Guild, User


@dataclass(slots=True)
class State:
    """The world, and what has happened in it."""

    clock: Clock
    changes: Changes
    token: str
    application_id: int
    bot: User
    address: str = ""
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    files: dict[int, StoredFile] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    nonces: dict[tuple[int, str], tuple[float, int]] = field(default_factory=dict)

    def dm_channel(self, user: User) -> Channel:
        """The DM of the bot with ``user``, made when it is first needed."""
        for channel in self.channels.values():
            if channel.kind == "bot_dm" and user in channel.recipients:
                return channel
        channel = Channel(self.clock.snowflake(), "bot_dm", recipients=(user,))
        self.channels[channel.id] = channel
        return channel

    def interaction_of(self, token: str) -> Interaction | None:
        return next((one for one in self.interactions.values() if one.token == token), None)
