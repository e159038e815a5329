"""Filling in a modal as a person does, and what the app's answer does to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .elements import every_option
from .records import Json, View
from .views import checked_view, show
from .workspace import Workspace

Typed = str | Sequence[str]
MANY = frozenset({"multi_static_select", "checkboxes"})
CHOSEN = frozenset({"static_select", "radio_buttons"})


def filled(view: View, values: Mapping[str, Typed]) -> Json:
    """The view's `state.values`: what is typed for each block id or action id, initial values elsewhere.

    AssertionError where Slack's own window would not let it be submitted.
    """
    inputs = [block for block in view.content["blocks"] if block["type"] == "input"]
    names = {name for block in inputs for name in (block["block_id"], block["element"].get("action_id"))}
    assert not values.keys() - names, f"the view has no inputs {sorted(values.keys() - names)}, only {names}"
    return {block["block_id"]: {block["element"]["action_id"]: _answer(block, values)} for block in inputs}


def _answer(block: Json, values: Mapping[str, Typed]) -> Json:
    element = block["element"]
    typed = values.get(block["block_id"], values.get(element["action_id"]))
    answer = _chosen(element, typed) if element["type"] in MANY | CHOSEN else _written(element, typed)
    empty = not any(value for name, value in answer.items() if name != "type")
    assert block.get("optional") or not empty, f"{block['block_id']} must be filled in"
    return answer


def _written(element: Json, typed: Typed | None) -> Json:
    value = element.get("initial_value") if typed is None else typed
    length = len(value or "")
    longest = element.get("max_length", 3000)
    assert length <= longest, f"{element['action_id']} takes {longest} characters, not {length}"
    return {"type": element["type"], "value": value or None}


def _chosen(element: Json, typed: Typed | None) -> Json:
    many = element["type"] in MANY
    if typed is None:
        name = "initial_options" if many else "initial_option"
        return {"type": element["type"], name.replace("initial", "selected"): element.get(name, [] if many else None)}
    wanted = [typed] if isinstance(typed, str) else list(typed)
    options = [option for option in every_option(element) if option["value"] in wanted]
    assert len(options) == len(wanted), f"{element['action_id']} does not offer all of {wanted}"
    return {"type": element["type"], **({"selected_options": options} if many else {"selected_option": options[0]})}


def after_submission(workspace: Workspace, view: View, response: object) -> None:
    """Do what the acknowledgement of a submission asks: close, update, push, or show errors."""
    answer = response if isinstance(response, dict) else {}
    match answer.get("response_action"):
        case "errors":
            known = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
            for stray in sorted(answer["errors"].keys() - known):
                workspace.journal.violation(f"an error was shown for {stray}, which is no input of the view")
            view.errors = answer["errors"]
        case "update":
            view.states.append(checked_view(workspace, answer["view"], "modal"))
        case "push":
            show(workspace, view.user, checked_view(workspace, answer["view"], "modal"), below=view)
        case "clear":
            for shown in (other for other in workspace.views if other.root_id == view.root_id):
                shown.closed = True
        case _:
            view.closed = True
