"""What was sent becomes what is shown: embeds and components completed, attachment:// resolved, messages as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from . import cdn
from .jsontypes import Json
from .state import State
from .stored import Message, StoredFile, View, walk

_SCHEME = "attachment://"
_KEPT = "attachment-id://"
_DEFAULTS: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1},
    5: {"min_values": 1, "max_values": 1},
    6: {"min_values": 1, "max_values": 1},
    7: {"min_values": 1, "max_values": 1},
    8: {"min_values": 1, "max_values": 1},
    11: {"description": None, "spoiler": False},
    13: {"name": None, "size": None, "spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


def accept_embeds(embeds: Iterable[Json], files: Sequence[StoredFile]) -> list[Json]:
    """Embeds as kept: nulls gone, names of files turned into their ids; an image without its file is dropped."""
    kept = []
    for embed in embeds:
        body = {"type": "rich"} | _without_nulls(embed)
        body["fields"] = [{"inline": False, **field} for field in body.get("fields", ())]
        for key in ("image", "thumbnail"):
            if key in body and str(body[key].get("url", "")).startswith(_SCHEME):
                file = named(body[key]["url"], files)
                body[key] = {"url": f"{_KEPT}{file.id}"} if file else {}
        kept.append({key: value for key, value in body.items() if value not in ({}, [])})
    return kept


def accept_components(components: Iterable[Json], files: Sequence[StoredFile]) -> list[Json]:
    """Components as kept: completed, each with an id, files by their ids."""
    kept = [_without_nulls(component) for component in components]
    serial = count(1)
    taken = {component["id"] for component in walk(kept) if component.get("id")}
    for component in walk(kept):
        component |= {key: value for key, value in _DEFAULTS.get(component["type"], {}).items() if key not in component}
        if not component.get("id"):
            component["id"] = next(number for number in serial if number not in taken)
        for medium in _media(component):
            file = named(medium["url"], files)
            if file is not None:
                medium["url"] = f"{_KEPT}{file.id}"
        for item in component.get("items", ()):
            item |= {"description": item.get("description"), "spoiler": item.get("spoiler", False)}
    return kept


def named(reference: str, files: Iterable[StoredFile]) -> StoredFile | None:
    """The file that ``attachment://name`` speaks of."""
    name = reference.removeprefix(_SCHEME)
    return next((file for file in files if reference.startswith(_SCHEME) and file.filename == name), None)


def snapshot(state: State, message: Message, *, deleted: bool = False) -> View:
    """Renders the message as it now stands and appends that to its states."""
    view = View(state.clock.now(), message_json(state, message), tuple(message.files), deleted)
    message.states.append(view)
    return view


def message_json(state: State, message: Message) -> Json:
    embeds, components = _shown(state, message.embeds), _shown(state, message.components)
    # A file that an embed or a component shows is not listed again among the attachments.
    inside = str(message.embeds) + str(message.components)
    listed = [file for file in message.files if f"{_KEPT}{file.id}'" not in inside]
    body: Json = {"id": str(message.id), "channel_id": str(message.channel.id), "author": message.author.json()}
    body |= {"type": message.kind, "content": message.content, "embeds": embeds, "components": components}
    body |= {"attachments": [cdn.attachment_json(state, file) for file in listed], "flags": message.flags}
    body |= {"timestamp": state.clock.timestamp(message.created), "pinned": False, "tts": False}
    body["edited_timestamp"] = None if message.edited is None else state.clock.timestamp(message.edited)
    body |= {"mentions": [user.json() for user in message.mentions], "mention_roles": []}
    body["mention_everyone"] = message.mention_everyone
    return body | ({} if message.nonce is None else {"nonce": message.nonce}) | message.extra


def _shown(state: State, value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(state, item) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _shown(state, item) for key, item in value.items()}
    for key in ("image", "thumbnail", "media", "file"):
        medium = value.get(key)
        if isinstance(medium, dict) and "url" in medium:
            shown[key] = _medium(state, medium["url"], embed=key in ("image", "thumbnail"))
    if value.get("type") == 13 and isinstance(value.get("file"), dict):
        shown |= _file_facts(state, value["file"]["url"])
    return shown


def _medium(state: State, url: str, *, embed: bool) -> Json:
    if url.startswith(_KEPT):
        file = state.files[int(url.removeprefix(_KEPT))]
        return cdn.embed_media_json(state, file) if embed else cdn.media_json(state, file)
    return {"url": url, "proxy_url": url} | ({} if embed else {"id": str(state.clock.snowflake())})


def _file_facts(state: State, url: str) -> Json:
    file = state.files.get(int(url.removeprefix(_KEPT))) if url.startswith(_KEPT) else None
    return {"name": file.filename, "size": len(file.data)} if file else {}


def _media(component: Json) -> list[Json]:
    media = [component[key] for key in ("media", "file") if isinstance(component.get(key), dict)]
    return media + [item["media"] for item in component.get("items", ())]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
