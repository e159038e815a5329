"""views.*: modals and the home tab."""

from __future__ import annotations

from collections.abc import Mapping

from .blocks import view_faults
from .calls import Call, Handler, invalid_arguments
from .records import Json, SlackError, View
from .workspace import BOT_ID, BOT_USER, TEAM, Workspace

STACK = 3
"""Modals above one another: the opened one and two pushed."""


def checked_view(workspace: Workspace, view: object, kind: str) -> Json:
    """The view as the app sent it, or `invalid_arguments` as Slack words it (views know no `invalid_blocks`)."""
    if not isinstance(view, dict):
        raise invalid_arguments("must be an object [json-pointer:/view]")
    faults = view_faults(view, lambda source: not workspace.files.showable(source, BOT_USER))
    if view.get("type") != kind:
        faults.append("unsupported type: must be " + kind + " [json-pointer:/view/type]")
    if faults:
        raise invalid_arguments(*faults)
    named = [{**block, "block_id": block.get("block_id") or workspace.identifier("b")} for block in view["blocks"]]
    return {**view, "blocks": named}


def show(workspace: Workspace, user: str, content: Json, below: View | None = None) -> View:
    """Put a view before somebody, alone or above another; `push_limit_reached` when the stack is full."""
    stack = [view for view in workspace.views if below and view.root_id == below.root_id and not view.closed]
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view_id = workspace.identifier("V")
    view = View(view_id, user, [content], below.root_id if below else view_id, below.id if below else None)
    workspace.views.append(view)
    workspace.journal.changed()
    return view


def _shown(view: View) -> Json:
    return {"view": view.as_json(TEAM, BOT_ID)}


def _open(workspace: Workspace, call: Call) -> Json:
    content = checked_view(workspace, call.structured("view"), "modal")
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    return _shown(show(workspace, workspace.redeem_trigger(trigger), content))


def _update(workspace: Workspace, call: Call) -> Json:
    view = next((view for view in workspace.views if _is_meant(view, call) and not view.closed), None)
    if view is None:
        raise SlackError("not_found")
    if call.optional("hash") not in (None, view.hash):
        raise SlackError("hash_conflict")
    view.states.append(checked_view(workspace, call.structured("view"), str(view.content["type"])))
    return _shown(view)


def _is_meant(view: View, call: Call) -> bool:
    if call.optional("view_id"):
        return view.id == call.text("view_id")
    return bool(call.optional("external_id")) and view.content.get("external_id") == call.text("external_id")


def _publish(workspace: Workspace, call: Call) -> Json:
    user = call.text("user_id")
    if user not in workspace.users:
        raise SlackError("user_not_found")
    content = checked_view(workspace, call.structured("view"), "home")
    home = next((view for view in workspace.views if view.user == user and view.content["type"] == "home"), None)
    if home is None:
        return _shown(show(workspace, user, content))
    if call.optional("hash") not in (None, home.hash):
        raise SlackError("hash_conflict")
    home.states.append(content)
    return _shown(home)


METHODS: Mapping[str, Handler] = {"views.open": _open, "views.update": _update, "views.publish": _publish}
