"""chat.*: posting, editing and deleting messages, with Slack's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .calls import Call, Handler
from .records import Json, Message, SlackError
from .workspace import BOT_USER, TEAM, Workspace

POST_LIMIT, UPDATE_LIMIT, MARKDOWN_LIMIT = 40_000, 4_000, 12_000
"""Characters of `text` in a new message, in an edit, and of `markdown_text`."""


def _written(workspace: Workspace, call: Call, limit: int) -> tuple[str | None, list[Json] | None]:
    """The text and blocks of a call, each None where it says nothing about them."""
    markdown, text = call.optional("markdown_text"), call.params.get("text")
    blocks = call.structured("blocks", "invalid_blocks_format")
    if markdown is not None and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(call.text("text")) > limit or len(markdown or "") > MARKDOWN_LIMIT:
        raise SlackError("msg_too_long")
    checked = None if blocks is None else workspace.checked_blocks(blocks)
    return markdown if text is None else str(text), checked


def _new(workspace: Workspace, call: Call) -> tuple[str, list[Json]]:
    text, blocks = _written(workspace, call, POST_LIMIT)
    if not text and not blocks and not call.structured("attachments", "invalid_attachments_format"):
        raise SlackError("no_text")
    return text or "", blocks or []


def _thread(workspace: Workspace, call: Call, channel: str) -> str | None:
    """The thread to reply in. Slack takes an unknown one silently, so that is noted rather than refused."""
    thread_ts = call.optional("thread_ts")
    if thread_ts and all(message.ts != thread_ts for message in workspace.messages_in(channel)):
        workspace.journal.violation(f"{call.method} replies in {thread_ts}, where {channel} has no message")
    return thread_ts


def _post_message(workspace: Workspace, call: Call) -> Json:
    named = call.text("channel")
    # Only this method takes a person for a channel; the others want the id of the direct conversation.
    channel = workspace.direct_channel(named) if named in workspace.users else workspace.visible_channel(named)
    if not (channel.kind == "public" and "chat:write.public" in call.scopes and not channel.archived):
        workspace.writable_channel(channel.id)
    content = workspace.state(call.method, *_new(workspace, call))
    content = replace(content, metadata=call.structured("metadata", "invalid_metadata_format"))
    message = workspace.post(channel.id, BOT_USER, content, thread_ts=_thread(workspace, call, channel.id))
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json(TEAM)}


def _own(workspace: Workspace, call: Call, refusal: str) -> Message:
    channel = workspace.visible_channel(call.text("channel"))
    message = workspace.message(channel.id, call.text("ts"))
    if message.user != BOT_USER:
        raise SlackError(refusal)
    return message


def _update(workspace: Workspace, call: Call) -> Json:
    message = _own(workspace, call, "cant_update_message")
    if workspace.channels[message.channel].archived:
        raise SlackError("is_inactive")
    text, blocks = _written(workspace, call, UPDATE_LIMIT)
    if text is None and blocks is None and call.structured("file_ids") is None:
        raise SlackError("no_text")
    before = message.states[-1]
    # An edit that says nothing about blocks keeps them; an empty list takes them away (chat.update reference).
    state = workspace.state(call.method, before.text if text is None else text, before.blocks)
    if blocks is not None:
        state = workspace.state(call.method, state.text, blocks)
    message.states.append(replace(state, files=_kept_files(workspace, call, before.files), metadata=before.metadata))
    shown = message.as_json(TEAM)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def _kept_files(workspace: Workspace, call: Call, before: list[Json]) -> list[Json]:
    ids = call.structured("file_ids")
    if ids is None:
        return before
    return [workspace.files.find(str(file_id)).as_json(workspace.base_url) for file_id in ids]


def _post_ephemeral(workspace: Workspace, call: Call) -> Json:
    channel = workspace.writable_channel(call.text("channel"))
    reader = call.text("user")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    content = workspace.state(call.method, *_new(workspace, call))
    thread_ts = _thread(workspace, call, channel.id)
    message = workspace.post(channel.id, BOT_USER, content, thread_ts=thread_ts, ephemeral_to=reader)
    return {"message_ts": message.ts}


def _delete(workspace: Workspace, call: Call) -> Json:
    message = _own(workspace, call, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


METHODS: Mapping[str, Handler] = {
    "chat.postMessage": _post_message,
    "chat.update": _update,
    "chat.postEphemeral": _post_ephemeral,
    "chat.delete": _delete,
}
