"""The payloads in which Slack tells an app what somebody did."""

from __future__ import annotations

import re
from typing import Any

from .elements import every_option
from .records import Channel, Json, Message, View
from .shapes import within
from .workspace import APP, BOT_ID, BOT_USER, TEAM, Workspace

VERIFICATION_TOKEN = "legacy-verification-token"
TEAM_JSON = {"id": TEAM, "domain": "fake"}
COMMON: Json = {"token": VERIFICATION_TOKEN, "api_app_id": APP, "team": TEAM_JSON, "enterprise": None}
NAMES_IN_PAYLOADS = {"private": "privategroup", "im": "directmessage", "mpim": "privategroup"}


def escaped(typed: str) -> str:
    """What somebody typed as Slack passes it on: `&`, `<`, `>` as entities, but its own `<@U…>` left alone."""
    parts = re.split(r"(<(?:@[UW]|#C|!|https?:)[^<>]*>)", typed)
    entities = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    return "".join(part if index % 2 else part.translate(entities) for index, part in enumerate(parts))


def resolved(workspace: Workspace, typed: str) -> str:
    """With `should_escape`, people, groups and channels come as their ids (slash commands guide)."""
    known = {f"@{one.name}": f"<@{one.id}|{one.name}>" for one in workspace.users.values()}
    known |= {f"@{one.handle}": f"<!subteam^{one.id}|@{one.handle}>" for one in workspace.groups.values()}
    known |= {f"#{one.name}": f"<#{one.id}|{one.name}>" for one in workspace.channels.values() if one.kind != "im"}
    return re.sub(r"(?<!\S)[@#][\w.-]+", lambda found: known.get(found[0], found[0]), escaped(typed))


def _channel(channel: Channel) -> Json:
    return {"id": channel.id, "name": NAMES_IN_PAYLOADS.get(channel.kind, channel.name)}


def _user(workspace: Workspace, user: str) -> Json:
    name = workspace.users[user].name
    return {"id": user, "username": name, "name": name, "team_id": TEAM}


def slash_command(workspace: Workspace, user: str, command: str, text: str, channel: Channel) -> Json:
    """A slash command; all values are strings, for it may become a form."""
    where = _channel(channel)
    passed_on = resolved(workspace, text) if command in workspace.escaping else escaped(text)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM,
        "team_domain": "fake",
        "channel_id": where["id"],
        "channel_name": where["name"],
        "user_id": user,
        "user_name": workspace.users[user].name,
        "command": command,
        "text": passed_on,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": workspace.issue_response_url(user, channel.id, None, "commands"),
        "trigger_id": workspace.issue_trigger(user),
    }


def message_shortcut(workspace: Workspace, user: str, callback_id: str, message: Message) -> Json:
    """A message shortcut, with the whole message."""
    return {
        **COMMON,
        "type": "message_action",
        "action_ts": workspace.timestamp(),
        "user": _user(workspace, user),
        "channel": _channel(workspace.channels[message.channel]),
        "is_enterprise_install": False,
        "callback_id": callback_id,
        "trigger_id": workspace.issue_trigger(user),
        "response_url": workspace.issue_response_url(user, message.channel, None, "app"),
        "message_ts": message.ts,
        "message": message.as_json(TEAM),
    }


def block_action(workspace: Workspace, user: str, place: Message | View, action: Json) -> Json:
    """A press on something in a message or a view."""
    action = {**action, "action_ts": workspace.timestamp()}
    payload = {**COMMON, "type": "block_actions", "user": _user(workspace, user), "actions": [action]}
    payload |= {"is_enterprise_install": False, "trigger_id": workspace.issue_trigger(user)}
    if isinstance(place, View):
        container: Json = {"type": "view", "view_id": place.id}
        return {**payload, "container": container, "view": place.as_json(TEAM, BOT_ID)}
    ephemeral = place.ephemeral_to is not None
    container = {"type": "message", "message_ts": place.ts, "channel_id": place.channel, "is_ephemeral": ephemeral}
    url = workspace.issue_response_url(user, place.channel, place, "actions")
    payload |= {"container": container, "channel": _channel(workspace.channels[place.channel]), "response_url": url}
    payload |= {"state": {"values": {}}}
    # An ephemeral message is not kept by Slack, so its payload comes without it.
    return payload if ephemeral else {**payload, "message": place.as_json(TEAM)}


def view_submission(workspace: Workspace, user: str, view: View, values: Json) -> Json:
    """The filled-in modal."""
    shown = view.as_json(TEAM, BOT_ID, values)
    payload = {**COMMON, "type": "view_submission", "user": _user(workspace, user), "view": shown}
    return {**payload, "trigger_id": workspace.issue_trigger(user), "response_urls": [], "is_enterprise_install": False}


def view_closed(workspace: Workspace, user: str, view: View) -> Json:
    """The dismissed modal, for those that asked to be told."""
    shown = view.as_json(TEAM, BOT_ID)
    closed = {**COMMON, "type": "view_closed", "user": _user(workspace, user), "view": shown}
    return {**closed, "is_cleared": False, "is_enterprise_install": False}


def event_callback(workspace: Workspace, event: Json) -> Json:
    """An event in the envelope of the Events API, with an id of its own."""
    bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.identifier("Ev"),
        "event_time": int(workspace.clock.now()),
        "authorizations": [bot],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.identifier('ctx')}",
    }


def rich_text(text: str) -> list[Json]:
    """The blocks that Slack makes of what somebody types."""
    parts = [part for part in re.split(r"(<@[UW]\w+>)", text) if part]
    inline = [_inline(part) for part in parts]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inline}]}]


def _inline(part: str) -> Json:
    if part.startswith("<@"):
        return {"type": "user", "user_id": part[2:-1]}
    return {"type": "text", "text": part}


def interactive_elements(blocks: list[Json]) -> list[tuple[str, Json]]:
    """Everything in the blocks that can be pressed, with the id of its block."""
    found: list[tuple[str, Json]] = []
    for block in blocks:
        holders: list[Any] = [*within(block, "elements"), block.get("accessory"), *within(block, "actions")]
        pressable = [part for part in holders if isinstance(part, dict) and "action_id" in part]
        found += [(str(block.get("block_id", "")), part) for part in pressable]
        found += interactive_elements([part for part in holders if isinstance(part, dict) and part["type"] == "card"])
    return found


def pressed(blocks: list[Json], action_id: str, value: str | None) -> Json:
    """The `action` of a press; AssertionError where nobody could press that."""
    offered = interactive_elements(blocks)
    match = [(block_id, part) for block_id, part in offered if part["action_id"] == action_id]
    buttons = [part["action_id"] for _, part in offered]
    assert match, f"there is no {action_id} to press, only {buttons}"
    block_id, part = next((m for m in match if value is None or m[1].get("value") == value), match[0])
    action = {"type": part["type"], "block_id": block_id, "action_id": action_id}
    if part["type"] == "button":
        assert value in (None, part.get("value")), f"{action_id} has the value {part.get('value')!r}, not {value!r}"
        return {**action, "text": part["text"], **({"value": part["value"]} if "value" in part else {})}
    chosen = [option for option in every_option(part) if option["value"] == value]
    assert chosen, f"{action_id} offers no {value!r}"
    return {**action, "selected_option": chosen[0]}
