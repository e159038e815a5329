"""REST by interaction token: the original response and follow-ups, for fifteen minutes."""

from __future__ import annotations

from dataclasses import dataclass

from . import errors
from .callbacks import reply_fields
from .calls import Answer, Call, Route
from .interactions import DEFER_REPLY, Interaction
from .messages import Messages
from .state import State
from .stored import LOADING, Message

_FOLLOWUPS_OF_USER_INSTALL = 5


@dataclass(slots=True)
class Webhooks:
    """Handlers; what a token can reach is what its interaction made, or the message it came from."""

    state: State
    messages: Messages

    def routes(self) -> list[Route]:
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        routes: list[Route] = [("POST", hook, self.create)]
        for message in ("@original", "{message_id}"):
            path = f"{hook}/messages/{message}"
            routes += [("GET", path, self.get), ("PATCH", path, self.edit), ("DELETE", path, self.delete)]
        return routes

    async def create(self, call: Call) -> Answer:
        interaction = self._interaction(call)
        original = interaction.original
        deferred = interaction.acknowledgement and interaction.acknowledgement.kind == DEFER_REPLY
        if deferred and original and original.flags & LOADING and not original.deleted:
            # The first follow-up to a deferred reply takes the place of "is thinking…".
            return Answer(json=(await self.messages.edit(original, call.body, call.files)).json)
        if interaction.user_install_only and interaction.followup_count >= _FOLLOWUPS_OF_USER_INSTALL:
            raise errors.too_many_followups()
        interaction.followup_count += 1
        kind, extra = reply_fields(interaction, self.state.application_id, to=original)
        try:
            message = await self.messages.create(
                interaction.channel,
                self.state.bot,
                call.body,
                call.files,
                extra=extra,
                kind=kind,
                interaction_id=interaction.id,
            )
        except errors.ApiError:
            interaction.followup_count -= 1
            raise
        interaction.followups.append(message)
        await self.state.changes.happened()
        return Answer(json=message.json)

    async def get(self, call: Call) -> Answer:
        return Answer(json=self._message(call).json)

    async def edit(self, call: Call) -> Answer:
        return Answer(json=(await self.messages.edit(self._message(call), call.body, call.files)).json)

    async def delete(self, call: Call) -> Answer:
        await self.messages.delete(self._message(call))
        return Answer(204)

    def _interaction(self, call: Call) -> Interaction:
        interaction = self.state.interaction_of(call.params["webhook_token"])
        if interaction is None or call.id("webhook_id") != self.state.application_id:
            raise errors.unknown_webhook()
        if interaction.expired:
            raise errors.invalid_webhook_token()
        if interaction.acknowledgement is None:
            raise errors.unknown_webhook()
        if interaction.channel.deleted:
            raise errors.unknown_channel()
        return interaction

    def _message(self, call: Call) -> Message:
        interaction = self._interaction(call)
        message = interaction.original
        if "message_id" in call.params:
            message = self.state.messages.get(call.id("message_id"))
            if message and message.interaction_id != interaction.id and message is not interaction.message:
                raise errors.unknown_message()
        if message is None or message.deleted:
            raise errors.unknown_message()
        return message
