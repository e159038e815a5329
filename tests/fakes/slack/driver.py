"""What people in the workspace do: type commands, mention the bot, press buttons, fill in modals."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Unpack

from . import payloads
from .deliveries import Deliveries, Delivery, EnvelopeKind, Tampering
from .files import File
from .forms import Typed, after_submission, filled
from .hosting import answer_through
from .records import Json, Message, View
from .workspace import BOT_USER, TEAM, ResponseUrl, Workspace


class Driver:
    """Each act returns when the bot has acknowledged it, or Slack has given up."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries) -> None:
        self.workspace = workspace
        self._deliveries = deliveries

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything the bot was told, oldest first."""
        return self._deliveries.sent

    async def _deliver(
        self, kind: EnvelopeKind, payload: Json, message: Message | None, tampering: Tampering
    ) -> Delivery:
        return await self._deliveries.deliver(Delivery(kind, payload, message), tampering)

    async def slash(
        self, user: str, command: str, text: str = "", *, channel: str, **tampering: Unpack[Tampering]
    ) -> Delivery:
        """A slash command, which Slack offers everywhere but in threads."""
        place = self.workspace.channels[channel]
        payload = payloads.slash_command(self.workspace, user, command, text, place)
        delivery = await self._deliver("slash_commands", payload, None, tampering)
        answer = delivery.response if isinstance(delivery.response, dict) else {"text": delivery.response}
        if delivery.acked and (answer.get("text") or answer.get("blocks")):
            key = payload["response_url"].rsplit("/", 1)[-1]
            url: ResponseUrl = self.workspace.response_urls[key]
            delivery.message = answer_through(self.workspace, url, answer)
        return delivery

    def say(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None, files: Sequence[File] = ()
    ) -> Message:
        """A message that the bot is not told of."""
        shown = [file.as_json(self.workspace.base_url) for file in files]
        state = self.workspace.state("user", payloads.escaped(text), payloads.rich_text(text), shown)
        return self.workspace.post(channel, user, state, thread_ts=thread_ts)

    async def mention(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[File] = (),
        copies: int = 1,
        **tampering: Unpack[Tampering],
    ) -> Delivery:
        """A message that mentions the bot; `copies` tells of it so often at once, each with its own event id."""
        addressed = text if f"<@{BOT_USER}>" in text else f"<@{BOT_USER}> {text}"
        message = self.say(user, channel, addressed, thread_ts=thread_ts, files=files)
        return await self.tell_of(message, "app_mention", copies=copies, **tampering)

    async def message_im(
        self,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[File] = (),
        copies: int = 1,
        **tampering: Unpack[Tampering],
    ) -> Delivery:
        """A direct message to the bot."""
        channel = self.workspace.direct_channel(user)
        message = self.say(user, channel.id, text, thread_ts=thread_ts, files=files)
        return await self.tell_of(message, "message", copies=copies, **tampering)

    async def tell_of(
        self, message: Message, event_type: str = "message", *, copies: int = 1, **tampering: Unpack[Tampering]
    ) -> Delivery:
        """Tell the bot of a message, its own in a direct conversation too; may be done again for the same one."""
        channel = self.workspace.channels[message.channel]
        assert BOT_USER in channel.members, f"Slack tells the bot of nothing in {channel.name}, which it is not in"
        event = {**message.as_json(TEAM), "type": event_type, "channel": channel.id, "event_ts": message.ts}
        if event_type == "message":
            event["channel_type"] = {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)
            if message.states[-1].files and message.user != BOT_USER:
                event["subtype"] = "file_share"
        sent = [payloads.event_callback(self.workspace, event) for _ in range(copies)]
        told = await asyncio.gather(*(self._deliver("events_api", payload, message, tampering) for payload in sent))
        return told[0]

    async def message_changed(self, message: Message) -> Delivery:
        """Tell the bot that a message was edited, as Slack does of the bot's own edits in direct conversations."""
        kind = self.workspace.channels[message.channel].kind
        moment = self.workspace.timestamp()
        before = replace(message, states=message.states[:-1] or message.states)
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": message.channel}
        event |= {"ts": moment, "event_ts": moment, "channel_type": kind}
        event |= {"message": message.as_json(TEAM), "previous_message": before.as_json(TEAM)}
        return await self._deliver("events_api", payloads.event_callback(self.workspace, event), message, {})

    async def app_home_opened(self, user: str, tab: str = "home", **tampering: Unpack[Tampering]) -> Delivery:
        """Somebody opens the app's home or its messages."""
        channel = self.workspace.direct_channel(user)
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        event["event_ts"] = self.workspace.timestamp()
        return await self._deliver("events_api", payloads.event_callback(self.workspace, event), None, tampering)

    async def shortcut(self, user: str, callback_id: str, message: Message, **tampering: Unpack[Tampering]) -> Delivery:
        """A shortcut from a message's menu."""
        payload = payloads.message_shortcut(self.workspace, user, callback_id, message)
        return await self._deliver("interactive", payload, message, tampering)

    async def press(
        self, user: str, place: Message | View, action_id: str, value: str | None = None, **tampering: Unpack[Tampering]
    ) -> Delivery:
        """A press on a button, or a choice from a menu, that the message or view now shows."""
        blocks = place.content["blocks"] if isinstance(place, View) else place.blocks
        action = payloads.pressed(blocks, action_id, value)
        payload = payloads.block_action(self.workspace, user, place, action)
        return await self._deliver("interactive", payload, place if isinstance(place, Message) else None, tampering)

    async def submit_view(
        self, user: str, view: View, values: Mapping[str, Typed], **tampering: Unpack[Tampering]
    ) -> Delivery:
        """A modal filled in, `values` by block id or action id, and submitted."""
        payload = payloads.view_submission(self.workspace, user, view, filled(view, values))
        delivery = await self._deliver("interactive", payload, None, tampering)
        if delivery.acked:
            after_submission(self.workspace, view, delivery.response)
        return delivery

    async def close_view(self, user: str, view: View) -> Delivery | None:
        """A modal dismissed; the bot is told if the view says `notify_on_close`."""
        view.closed = True
        if not view.content.get("notify_on_close"):
            return None
        return await self._deliver("interactive", payloads.view_closed(self.workspace, user, view), None, {})

    def open_view(self, user: str) -> View | None:
        """The modal that somebody has before them."""
        modals = [view for view in self.workspace.views if view.content["type"] == "modal"]
        return next((view for view in reversed(modals) if view.user == user and not view.closed), None)
