"""What people do on Discord: commands, buttons, modals, messages. Each act goes to the app over the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import cdn, form_answers, options
from .gateway import Gateway
from .interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction, Modal
from .jsontypes import Json
from .messages import Messages
from .options import ClientRefused
from .payloads import new_interaction, owners
from .request_log import Upload
from .state import State
from .stored import Message, StoredFile
from .world import Channel, Guild, User

_SLASH, _USER_MENU, _MESSAGE_MENU = 1, 2, 3


@dataclass
class People:
    """Gestures; where a channel may be left out, it is ``here``. ``user_install``: the user carries the app, too."""

    state: State
    gateway: Gateway
    messages: Messages
    here: Channel

    async def slash(
        self,
        user: User,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        user_install: bool = False,
    ) -> Interaction:
        """Uses a slash command; subcommands follow its name after a space. Values are str, int, User, StoredFile …"""
        given = dict(values or {})
        place = self._place(guild, channel)
        command, chain = self._command(name, _SLASH, user, place, user_install)
        data = self._command_data(command, place)
        data["options"] = options.nested(chain, options.filled_in(chain[-1], given))
        data["resolved"] = options.resolved(self.state, place.guild, given)
        return await self._interact(COMMAND, user, place, data, user_install=user_install)

    async def autocomplete(
        self,
        user: User,
        name: str,
        option: str,
        typed: str,
        values: Mapping[str, Any] | None = None,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        user_install: bool = False,
    ) -> Interaction:
        """Types ``typed`` into an option that offers suggestions; ``values`` are the options filled in already."""
        given = {**(values or {}), option: typed}
        place = self._place(guild, channel)
        command, chain = self._command(name, _SLASH, user, place, user_install)
        data = self._command_data(command, place)
        data["options"] = options.nested(chain, options.filled_in(chain[-1], given, focused=option))
        return await self._interact(AUTOCOMPLETE, user, place, data, user_install=user_install)

    async def context_menu(
        self,
        user: User,
        name: str,
        target: Message | User,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        user_install: bool = False,
    ) -> Interaction:
        """Picks a command from the menu of a message or a user."""
        on_message = isinstance(target, Message)
        place = target.channel if isinstance(target, Message) and channel is None else self._place(guild, channel)
        kind = _MESSAGE_MENU if on_message else _USER_MENU
        command, _ = self._command(name, kind, user, place, user_install)
        data = self._command_data(command, place) | {"target_id": str(target.id)}
        if isinstance(target, Message):
            data["resolved"] = {"messages": {str(target.id): target.json}}
        else:
            data["resolved"] = options.resolved(self.state, place.guild, {"target": target})
        return await self._interact(COMMAND, user, place, data, user_install=user_install)

    async def press(self, user: User, message: Message, custom_id: str) -> Interaction:
        """Presses a button that is there and enabled."""
        button = self._usable(message, custom_id)
        data = {"component_type": button["type"], "custom_id": custom_id, "id": button["id"]}
        return await self._interact(COMPONENT, user, message.channel, data, message=message)

    async def select(self, user: User, message: Message, custom_id: str, values: Sequence[str]) -> Interaction:
        """Chooses from a menu of texts."""
        menu = self._usable(message, custom_id)
        offered = {option["value"] for option in menu.get("options", ())}
        if not set(values) <= offered or not menu["min_values"] <= len(values) <= menu["max_values"]:
            raise ClientRefused(f"the menu {custom_id!r} offers {sorted(offered)}, not {list(values)}")
        data = {"component_type": menu["type"], "custom_id": custom_id, "id": menu["id"], "values": list(values)}
        return await self._interact(COMPONENT, user, message.channel, data, message=message)

    async def submit_modal(self, user: User, modal: Modal, values: form_answers.Values) -> Interaction:
        """Sends a modal off; fields not named keep what was filled in for them."""
        origin = modal.interaction
        if user is not origin.user:
            raise ClientRefused("a modal is seen only by the user it was opened for")
        data: Json = {"custom_id": modal.custom_id, "components": form_answers.answered(modal.components, values)}
        files = [one for value in values.values() if isinstance(value, list) for one in value]
        named = {str(place): file for place, file in enumerate(files)}
        data["resolved"] = options.resolved(self.state, origin.channel.guild, named)
        return await self._interact(MODAL_SUBMIT, user, origin.channel, data, message=origin.message, trigger=origin)

    async def say(
        self,
        user: User,
        channel: Channel | None,
        text: str,
        *,
        mentions: Sequence[User] = (),
        reply_to: Message | None = None,
        files: Sequence[StoredFile] = (),
    ) -> Message:
        """Posts a message; ``mentions`` not yet in the text are put in front of it."""
        missing = [f"<@{one.id}>" for one in mentions if f"<@{one.id}>" not in text]
        body: Json = {"content": " ".join([*missing, text]).strip()}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        uploads = [
            Upload(place, file.filename, file.data, file.content_type, file.description)
            for place, file in enumerate(files)
        ]
        return await self.messages.create(channel or self.here, user, body, uploads)

    def attachment(self, filename: str, data: bytes, description: str | None = None) -> StoredFile:
        """A file the user has picked, to be given as an option, with a message or into a modal."""
        return cdn.keep(self.state, Upload(0, filename, data, None, description), self.here.id, ephemeral=True)

    def _place(self, guild: Guild | None, channel: Channel | None) -> Channel:
        if channel is not None:
            return channel
        return self.here if guild is None else next(iter(guild.channels.values()))

    def _command(self, name: str, kind: int, user: User, place: Channel, user_install: bool) -> tuple[Json, list[Json]]:
        path = name.split(" ") if kind == _SLASH else [name]
        registered = self.state.commands.get(place.guild.id, []) if place.guild else []
        for command in [*registered, *self.state.commands.get(None, [])]:
            if (command["type"], command["name"]) == (kind, path[0]):
                self._check_available(command, user, place, user_install)
                return command, options.descend(command, path[1:])
        raise ClientRefused(f"the app has registered no command {path[0]!r} of type {kind}")

    def _check_available(self, command: Json, user: User, place: Channel, user_install: bool) -> None:
        wanted = int(command.get("default_member_permissions") or 0)
        # Discord hides a command from members without its default permissions; a server's own settings go before.
        hidden = place.guild is not None and user.id not in place.guild.let_use_commands
        if hidden and wanted & ~place.permissions_of(user):
            raise ClientRefused(f"the command {command['name']!r} is not offered to {user.name}")
        if "guild_id" in command:
            return
        context = {"guild": 0, "bot_dm": 1, "private": 2}[place.kind]
        ways = {int(key) for key in owners(place, user, user_install=user_install)}
        if command.get("contexts") is not None and context not in command["contexts"]:
            raise ClientRefused(f"the command {command['name']!r} is not offered in context {context}")
        if not ways & set(command["integration_types"]):
            raise ClientRefused(f"the command {command['name']!r} is not installed where {user.name} is")

    def _command_data(self, command: Json, place: Channel) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        return data | ({"guild_id": command["guild_id"]} if place.guild and "guild_id" in command else {})

    def _usable(self, message: Message, custom_id: str) -> Json:
        part = None if message.deleted else message.component(custom_id=custom_id)
        if part is None or part.get("disabled"):
            raise ClientRefused(f"{custom_id!r} cannot be used; the message has {message.custom_ids}")
        return part

    async def _interact(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        trigger: Interaction | None = None,
        user_install: bool = False,
    ) -> Interaction:
        # A component or modal belongs to the installation that its message or modal came from.
        origin = trigger.payload if trigger else message.extra.get("interaction_metadata", {}) if message else {}
        owned_by = origin.get("authorizing_integration_owners") or owners(channel, user, user_install=user_install)
        interaction = new_interaction(
            self.state, kind, user, channel, data, message=message, trigger=trigger, owned_by=owned_by
        )
        guild_id = channel.guild.id if channel.guild else None
        await self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild_id=guild_id)
        return interaction
