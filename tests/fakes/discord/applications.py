"""REST about the app itself: who it is, where its gateway is, which commands it has."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from . import errors, form_limits
from .calls import Answer, Call, Route
from .gateway import Gateway
from .jsontypes import Json
from .state import State


@dataclass(slots=True)
class Applications:
    """Handlers, and the commands as registered: globally under None, else by guild."""

    state: State
    gateway: Gateway

    def routes(self) -> list[Route]:
        commands, guild = "/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}"
        return [
            ("GET", "/gateway", self.get_gateway),
            ("GET", "/gateway/bot", self.get_gateway_bot),
            ("GET", "/users/@me", self.get_me),
            ("GET", "/oauth2/applications/@me", self.get_application),
            ("GET", "/applications/@me", self.get_application),
            ("PUT", commands, self.put_commands),
            ("GET", commands, self.get_commands),
            ("PUT", f"{guild}/commands", self.put_commands),
            ("GET", f"{guild}/commands", self.get_commands),
        ]

    async def get_gateway(self, _call: Call) -> Answer:
        return Answer(json={"url": self.gateway.url})

    async def get_gateway_bot(self, _call: Call) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return Answer(json={"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit})

    async def get_me(self, _call: Call) -> Answer:
        return Answer(json=self.state.bot.json() | {"mfa_enabled": True, "locale": "en-US", "verified": True})

    async def get_application(self, _call: Call) -> Answer:
        body: Json = {"id": str(self.state.application_id), "name": "Limner", "icon": None, "description": ""}
        body |= {"type": None, "verify_key": "0" * 64, "flags": 0, "flags_new": "0", "redirect_uris": []}
        body |= {"interactions_endpoint_url": None, "role_connections_verification_url": None, "team": None}
        body |= {"approximate_guild_count": len(self.state.guilds), "approximate_user_install_count": 1}
        body |= {"approximate_user_authorization_count": 1, "explicit_content_filter": 0}
        body |= {"eligible_oauth2_scopes": [], "bot_public": True, "bot_require_code_grant": False}
        owner = next((user for user in self.state.users.values() if not user.bot), self.state.bot)
        return Answer(json=body | {"owner": owner.json(), "bot": self.state.bot.json()})

    async def put_commands(self, call: Call) -> Answer:
        """Bulk overwrite: what is not in the list is gone, what stays the same keeps its id."""
        guild_id = self._scope(call)
        if not isinstance(call.request.json, list):
            raise errors.invalid_form("_", "BASE_TYPE_REQUIRED", "A list of commands is required.")
        form_limits.check_commands(call.request.json)
        before = {(old["type"], old["name"]): old["id"] for old in self.state.commands.get(guild_id, ())}
        registered = [self._registered(command, guild_id, before) for command in call.request.json]
        self.state.commands[guild_id] = registered
        await self.state.changes.happened()
        return Answer(json=copy.deepcopy(registered))

    async def get_commands(self, call: Call) -> Answer:
        return Answer(json=copy.deepcopy(self.state.commands.get(self._scope(call), [])))

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self.state.application_id:
            raise errors.ApiError(403, 20012, "You are not authorized to perform this action on this application")
        if "guild_id" not in call.params:
            return None
        guild = self.state.guilds.get(call.id("guild_id"))
        if guild is None or not guild.bot_installed:
            raise errors.missing_access()
        return guild.id

    def _registered(self, command: Json, guild_id: int | None, before: dict[tuple[int, str], str]) -> Json:
        kind = command.get("type") or 1
        fresh = str(self.state.clock.snowflake())
        permissions = command.get("default_member_permissions")
        body = {key: value for key, value in copy.deepcopy(command).items() if value is not None}
        body |= {"id": before.get((kind, command["name"]), fresh), "version": fresh, "type": kind}
        body |= {"application_id": str(self.state.application_id), "description": command.get("description") or ""}
        body["default_member_permissions"] = None if permissions is None else str(permissions)
        body |= {"name_localizations": command.get("name_localizations"), "nsfw": bool(command.get("nsfw"))}
        body["description_localizations"] = command.get("description_localizations")
        if guild_id is not None:
            return body | {"guild_id": str(guild_id)}
        integrations = command.get("integration_types") or [0]
        return body | {"contexts": command.get("contexts"), "integration_types": integrations}
