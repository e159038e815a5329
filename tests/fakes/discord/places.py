"""Making and unmaking the world while the app looks on: users, guilds, channels, permissions, deletions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import permissions
from .gateway import Gateway
from .jsontypes import Json
from .messages import Messages
from .state import State
from .stored import Message
from .world import Channel, Guild, Role, User


@dataclass
class Places:
    """Each change is told to the app as the gateway tells it."""

    state: State
    gateway: Gateway
    messages: Messages

    def add_user(self, name: str, *guilds: Guild, locale: str = "en-US", accepts_dms: bool = True) -> User:
        """A person, member of the guilds named."""
        user = User(self.state.clock.snowflake(), name, locale, accepts_dms=accepts_dms)
        self.state.users[user.id] = user
        for guild in guilds:
            guild.members[user.id] = user
        return user

    async def add_guild(
        self,
        name: str,
        owner: User,
        channels: Sequence[str] = ("general",),
        *,
        premium_tier: int = 0,
        bot_installed: bool = True,
        locale: str = "en-US",
    ) -> Guild:
        """A server with text channels; without ``bot_installed`` only its users may carry the app there."""
        snowflake = self.state.clock.snowflake
        guild = Guild(snowflake(), name, owner, snowflake(), locale, premium_tier, bot_installed)
        guild.members[owner.id] = owner
        if bot_installed:
            guild.members[self.state.bot.id] = self.state.bot
        self.state.guilds[guild.id] = guild
        for channel_name in channels:
            self._new_channel(guild, channel_name, nsfw=False)
        if bot_installed:
            await self._tell("GUILD_CREATE", guild, guild.gateway_json(self.state.bot))
        return guild

    async def add_channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        channel = self._new_channel(guild, name, nsfw=nsfw)
        await self._tell("CHANNEL_CREATE", guild, channel.json())
        return channel

    async def add_thread(self, channel: Channel, name: str) -> Channel:
        """A public thread in a guild's channel."""
        guild = channel.guild
        assert guild is not None, "a DM has no threads"
        thread = Channel(self.state.clock.snowflake(), "guild", name, guild, channel.nsfw, parent=channel)
        self.state.channels[thread.id] = thread
        await self._tell("THREAD_CREATE", guild, thread.json() | {"newly_created": True})
        return thread

    async def add_role(self, guild: Guild, name: str, *members: User, allows: Sequence[str] = ()) -> Role:
        """A role with permissions as discord.py names them, given to members. Who has it is told in interactions."""
        role = Role(self.state.clock.snowflake(), name, permissions.bits(allows))
        guild.roles[role.id] = role
        for member in members:
            guild.given_roles.setdefault(member.id, []).append(role.id)
        await self._tell("GUILD_ROLE_CREATE", guild, {"guild_id": str(guild.id), "role": role.json()})
        return role

    def dm(self, user: User) -> Channel:
        """The user's DM with the bot."""
        return self.state.dm_channel(user)

    def private_channel(self, *people: User) -> Channel:
        """A conversation among people, where only a user-installed app can be used."""
        channel = Channel(self.state.clock.snowflake(), "private", recipients=people)
        self.state.channels[channel.id] = channel
        return channel

    async def revoke(self, channel: Channel, *names: str) -> None:
        """Takes permissions (as discord.py names them) from the bot in a channel."""
        await self._overwrite(channel, deny=permissions.bits(names), allow=0)

    async def grant(self, channel: Channel, *names: str) -> None:
        """Gives permissions to the bot in a channel."""
        await self._overwrite(channel, deny=0, allow=permissions.bits(names))

    async def delete_message(self, message: Message) -> None:
        """As a moderator does."""
        await self.messages.delete(message)

    async def delete_channel(self, channel: Channel) -> None:
        channel.deleted = True
        guild = channel.guild
        assert guild is not None, "only a guild's channel can be deleted"
        guild.channels.pop(channel.id)
        await self._tell("CHANNEL_DELETE", guild, channel.json())

    async def remove_bot(self, guild: Guild) -> None:
        """Throws the bot out of a guild."""
        guild.bot_installed = False
        guild.members.pop(self.state.bot.id)
        await self._tell("GUILD_DELETE", guild, {"id": str(guild.id)})

    def _new_channel(self, guild: Guild, name: str, *, nsfw: bool) -> Channel:
        channel = Channel(self.state.clock.snowflake(), "guild", name, guild, nsfw)
        guild.channels[channel.id] = self.state.channels[channel.id] = channel
        return channel

    async def _overwrite(self, channel: Channel, *, deny: int, allow: int) -> None:
        guild, bot = channel.guild, self.state.bot
        assert guild is not None, "a DM has no permissions to change"
        old = next((entry for entry in channel.overwrites if entry["id"] == str(bot.id)), {"deny": "0", "allow": "0"})
        denied, allowed = int(old["deny"]) & ~allow | deny, int(old["allow"]) & ~deny | allow
        fresh: Json = {"id": str(bot.id), "type": 1, "deny": str(denied), "allow": str(allowed)}
        channel.overwrites = [entry for entry in channel.overwrites if entry["id"] != str(bot.id)] + [fresh]
        await self._tell("CHANNEL_UPDATE", guild, channel.json())

    async def _tell(self, event: str, guild: Guild, data: Json) -> None:
        await self.gateway.dispatch(event, data, guild_id=guild.id, intent="guilds")
