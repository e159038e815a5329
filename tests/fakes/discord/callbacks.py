"""POST /interactions/{id}/{token}/callback: the one answer every interaction must have within three seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from . import errors, form_limits, render
from .calls import Answer, Call, Route
from .interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFER_REPLY,
    DEFER_UPDATE,
    MODAL,
    MODAL_SUBMIT,
    REPLY,
    UPDATE,
    Acknowledgement,
    Interaction,
)
from .jsontypes import Json
from .messages import Messages
from .state import State
from .stored import LOADING, Message

_ALLOWED = {
    COMMAND: {REPLY, DEFER_REPLY, MODAL},
    COMPONENT: {REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE},
}

Answering = Callable[[Interaction, Call, Json], Awaitable[None]]


@dataclass(slots=True)
class Callbacks:
    """The handler, one method for each type of answer."""

    state: State
    messages: Messages

    def routes(self) -> list[Route]:
        return [("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.callback)]

    async def callback(self, call: Call) -> Answer:
        interaction = self.state.interactions.get(call.id("interaction_id"))
        if interaction is None or interaction.token != call.params["interaction_token"]:
            raise errors.unknown_interaction()
        if interaction.acknowledgement is not None:
            raise errors.already_acknowledged()
        if interaction.failed:
            raise errors.unknown_interaction()
        await self._acknowledge(interaction, call)
        await self.state.changes.happened()
        if call.request.query.get("with_response", "").lower() not in ("1", "true"):
            return Answer(204)
        return Answer(json=self._callback_json(interaction))

    async def _acknowledge(self, interaction: Interaction, call: Call) -> None:
        kind, data = call.body.get("type"), call.body.get("data") or {}
        allowed = _ALLOWED[interaction.kind]
        on_message = interaction.message is not None
        if kind not in allowed or (kind in (DEFER_UPDATE, UPDATE) and not on_message):
            problem = f"Value must be one of {tuple(sorted(allowed))}."
            raise errors.invalid_form("type", "BASE_TYPE_CHOICES", problem)
        # Taken before anything is awaited, so that of two answers at once only one is accepted.
        seconds = self.state.clock.now() - interaction.created
        interaction.acknowledgement = Acknowledgement(kind, seconds, data)
        answers: dict[int, Answering] = {
            REPLY: self._reply,
            DEFER_REPLY: self._defer_reply,
            DEFER_UPDATE: self._defer_update,
            UPDATE: self._update,
            CHOICES: self._offer,
            MODAL: self._open_modal,
        }
        try:
            await answers[kind](interaction, call, data)
        except errors.ApiError:
            interaction.acknowledgement = None
            raise

    async def _reply(self, interaction: Interaction, call: Call, data: Json) -> None:
        await self._create(interaction, call, data, loading=False)

    async def _defer_reply(self, interaction: Interaction, call: Call, data: Json) -> None:
        await self._create(interaction, call, {"flags": data.get("flags")}, loading=True)

    async def _create(self, interaction: Interaction, call: Call, data: Json, *, loading: bool) -> None:
        kind, extra = reply_fields(interaction, self.state.application_id)
        interaction.original = await self.messages.create(
            interaction.channel,
            self.state.bot,
            data,
            call.files,
            extra=extra,
            kind=kind,
            loading=loading,
            interaction_id=interaction.id,
        )

    async def _defer_update(self, interaction: Interaction, _call: Call, _data: Json) -> None:
        interaction.original = interaction.message

    async def _update(self, interaction: Interaction, call: Call, data: Json) -> None:
        if interaction.message is None or interaction.message.deleted:
            raise errors.unknown_message()
        interaction.original = await self.messages.edit(interaction.message, data, call.files)

    async def _offer(self, _interaction: Interaction, _call: Call, data: Json) -> None:
        form_limits.check_choices(data.get("choices") or [])

    async def _open_modal(self, interaction: Interaction, _call: Call, data: Json) -> None:
        form_limits.check_modal(data)
        shown = data | {"components": render.accept_components(data["components"], [])}
        interaction.acknowledgement = Acknowledgement(MODAL, self.state.clock.now() - interaction.created, shown)

    def _callback_json(self, interaction: Interaction) -> Json:
        body: Json = {"id": str(interaction.id), "type": interaction.kind}
        body |= {"channel_id": str(interaction.channel.id)}
        if interaction.channel.guild is not None:
            body["guild_id"] = str(interaction.channel.guild.id)
        original, acknowledgement = interaction.original, interaction.acknowledgement
        if original is None or acknowledgement is None:
            return {"interaction": body}
        body |= {"response_message_id": str(original.id), "response_message_ephemeral": original.ephemeral}
        body["response_message_loading"] = bool(original.flags & LOADING)
        if acknowledgement.kind == DEFER_UPDATE:
            return {"interaction": body}
        kind = UPDATE if acknowledgement.kind == UPDATE else REPLY
        return {"interaction": body, "resource": {"type": kind, "message": original.json}}


def reply_fields(interaction: Interaction, application_id: int, *, to: Message | None = None) -> tuple[int, Json]:
    """The message type and the extra fields of a message that an interaction makes; ``to`` is what it replies to."""
    extra: Json = {"application_id": str(application_id), "webhook_id": str(application_id)}
    extra["interaction_metadata"] = interaction.metadata()
    target = to or interaction.message
    if target is not None and not target.deleted:
        place: Json = {"type": 0, "channel_id": str(target.channel.id), "message_id": str(target.id)}
        return 19, extra | {"message_reference": place}
    if interaction.kind != COMMAND:
        return 0, extra
    name = interaction.payload["data"]["name"]
    extra["interaction"] = {"id": str(interaction.id), "type": COMMAND, "name": name, "user": interaction.user.json()}
    return (20 if interaction.payload["data"]["type"] == 1 else 23), extra
