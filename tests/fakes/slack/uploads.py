"""files.*: the three steps of an upload, looking at a file, and deleting it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .calls import Call, Handler, invalid_arguments
from .files import File
from .records import Json, SlackError
from .workspace import BOT_USER, Workspace

ALT_TEXT = 1000


def _announce(workspace: Workspace, call: Call) -> Json:
    length, alt_text = call.number("length", 0), call.text("alt_txt")
    if length <= 0:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    if len(alt_text) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = workspace.files.announce(BOT_USER, call.text("filename"), length, alt_text)
    return {"upload_url": f"{workspace.base_url}/upload/v1/{file.id}", "file_id": file.id}


def _complete(workspace: Workspace, call: Call) -> Json:
    entries = call.structured("files")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise invalid_arguments("must be a non-empty array of objects [json-pointer:/files]")
    channels = [name for name in (*call.text("channels").split(","), call.text("channel_id")) if name]
    for channel in channels:
        workspace.writable_channel(channel)
    files = [_uploaded(workspace, entry) for entry in entries]
    for file, entry in zip(files, entries, strict=True):
        _share_once_processed(workspace, call, file, channels)
        workspace.files.complete(file, str(entry.get("title") or ""))
    return {"files": [file.as_json(workspace.base_url) for file in files]}


def _uploaded(workspace: Workspace, entry: Mapping[str, Any]) -> File:
    file = workspace.files.find(str(entry.get("id")))
    if file.owner != BOT_USER or file.content is None or file.completed:
        raise SlackError("file_not_found")
    return file


def _share_once_processed(workspace: Workspace, call: Call, file: File, channels: list[str]) -> None:
    comment, thread_ts, via = call.text("initial_comment"), call.optional("thread_ts"), call.method

    def share() -> None:
        file.channels.extend(channels)
        for channel in channels:
            state = workspace.state(via, comment, [], [file.as_json(workspace.base_url)])
            workspace.post(channel, BOT_USER, state, thread_ts=thread_ts)

    file.when_processed = share if channels else None


def _info(workspace: Workspace, call: Call) -> Json:
    file = workspace.files.find(call.text("file"))
    if not file.readable_by(BOT_USER):
        raise SlackError("file_not_found")
    workspace.files.look(file)
    return {"file": file.as_json(workspace.base_url), "comments": [], "response_metadata": {"next_cursor": ""}}


def _delete(workspace: Workspace, call: Call) -> Json:
    file = workspace.files.find(call.text("file"))
    if file.owner != BOT_USER:
        raise SlackError("cant_delete_file")
    file.deleted = True
    return {}


METHODS: Mapping[str, Handler] = {
    "files.getUploadURLExternal": _announce,
    "files.completeUploadExternal": _complete,
    "files.info": _info,
    "files.delete": _delete,
}
