"""auth.test, users.*, usergroups.*, conversations.*, reactions.* and thread statuses."""

from __future__ import annotations

from collections.abc import Mapping

from .calls import Call, Handler, invalid_arguments, page
from .records import Channel, Json, SlackError
from .workspace import BOT_ID, BOT_USER, TEAM, Status, Workspace


def _auth_test(workspace: Workspace, call: Call) -> Json:
    team = {"url": "https://fake.slack.com/", "team": "Fake", "team_id": TEAM, "is_enterprise_install": False}
    return {**team, "user": workspace.users[BOT_USER].name, "user_id": BOT_USER, "bot_id": BOT_ID}


def _users_info(workspace: Workspace, call: Call) -> Json:
    user = workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.as_json(TEAM)}


def _groups_list(workspace: Workspace, call: Call) -> Json:
    shown = [one for one in workspace.groups.values() if call.flag("include_disabled") or not one.disabled]
    users, count = call.flag("include_users"), call.flag("include_count")
    return {"usergroups": [one.as_json(TEAM, users, count) for one in shown]}


def _channel(workspace: Workspace, call: Call, action: str) -> Channel:
    channel = workspace.visible_channel(call.text("channel"))
    call.need_scope(channel, action)
    return channel


def _info(workspace: Workspace, call: Call) -> Json:
    channel = _channel(workspace, call, "read")
    shown = channel.as_json(BOT_USER)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def _members(workspace: Workspace, call: Call) -> Json:
    channel = _channel(workspace, call, "read")
    listed = page(call, [{"id": member} for member in sorted(channel.members)], "members", 100)
    return {**listed, "members": [member["id"] for member in listed["members"]]}


def _history(workspace: Workspace, call: Call) -> Json:
    channel = _channel(workspace, call, "history")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    roots = [m for m in workspace.messages_in(channel.id) if m.thread_ts in (None, m.ts) and _in_window(call, m.ts)]
    return page(call, [message.as_json(TEAM) for message in reversed(roots)], "messages", 100)


def _replies(workspace: Workspace, call: Call) -> Json:
    channel = _channel(workspace, call, "history")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    thread = workspace.messages_in(channel.id, call.text("ts"))
    if not thread:
        raise SlackError("thread_not_found")
    root = thread[0].thread_ts or thread[0].ts
    shown = [m.as_json(TEAM) for m in workspace.messages_in(channel.id, root) if m.ts == root or _in_window(call, m.ts)]
    if len(shown) > 1:
        shown[0] |= {"thread_ts": root, "reply_count": len(shown) - 1, "latest_reply": shown[-1]["ts"]}
    return page(call, shown, "messages", 1000)


def _in_window(call: Call, ts: str) -> bool:
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9999999999")
    if call.flag("inclusive"):
        return float(oldest) <= float(ts) <= float(latest)
    return float(oldest) < float(ts) < float(latest)


def _open(workspace: Workspace, call: Call) -> Json:
    people = [user for user in call.text("users").split(",") if user]
    if call.optional("channel"):
        channel = workspace.visible_channel(call.text("channel"))
    elif not people:
        raise SlackError("users_list_not_supplied")
    elif any(user not in workspace.users for user in people):
        raise SlackError("user_not_found")
    elif any(workspace.users[user].deleted for user in people):
        raise SlackError("user_disabled")
    elif len(people) == 1:
        channel = workspace.direct_channel(people[0])
    else:
        channel = workspace.channels[workspace.add_channel("mp-" + "-".join(people), "mpim", members=people)]
    return {"channel": channel.as_json(BOT_USER) if call.flag("return_im") else {"id": channel.id}}


def _join(workspace: Workspace, call: Call) -> Json:
    channel = workspace.visible_channel(call.text("channel"))
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    channel.members.add(BOT_USER)
    return {"channel": channel.as_json(BOT_USER)}


def _react(workspace: Workspace, call: Call) -> Json:
    name = call.text("name")
    if name.startswith(":") or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name")
    channel = workspace.writable_channel(call.text("channel"))
    message = workspace.message(channel.id, call.text("timestamp"))
    if (name, BOT_USER) in message.reactions:
        raise SlackError("already_reacted")
    message.reactions.append((name, BOT_USER))
    return {}


def _set_status(workspace: Workspace, call: Call) -> Json:
    channel = workspace.writable_channel(call.text("channel_id"))
    thread_ts, loading = call.text("thread_ts"), call.structured("loading_messages") or []
    if not any(message.ts == thread_ts for message in workspace.messages_in(channel.id)):
        raise SlackError("invalid_thread_ts")
    if len(loading) > 10:
        raise invalid_arguments("no more than 10 items allowed [json-pointer:/loading_messages]")
    status = Status(workspace.clock.now(), channel.id, thread_ts, call.text("status"), list(loading))
    workspace.statuses.append(status)
    return {}


METHODS: Mapping[str, Handler] = {
    "auth.test": _auth_test,
    "users.info": _users_info,
    "usergroups.list": _groups_list,
    "conversations.info": _info,
    "conversations.members": _members,
    "conversations.history": _history,
    "conversations.replies": _replies,
    "conversations.open": _open,
    "conversations.join": _join,
    "reactions.add": _react,
    "assistant.threads.setStatus": _set_status,
}
