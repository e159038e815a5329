"""The fake's traffic judged by Discord's official description, whose known gaps are closed here and nowhere else."""

from __future__ import annotations

from typing import Any

from tests.fakes.specs import Spec

from .component_limits import ROWS
from .form_limits import command_name_is_valid
from .jsontypes import Json
from .request_log import Request
from .stored import COMPONENTS_V2


def load() -> Spec:
    """The description with the adaptation below; switched off where it is not at hand."""
    return Spec.load("discord", adapt=_integers_for_ids)


def judge_request(spec: Spec, request: Request) -> list[str]:
    """Violations of one request, those included that the description overlooks."""
    if spec.off or spec.template_of(request.method, request.path) is None:
        return []  # a path nobody knows is refused by the fake itself
    kind = request.content_type or "application/json"
    found = spec.request_violations(request.method, request.path, request.json, kind)
    return found + [f"{request.method} {request.path}: {gap}" for gap in _overlooked(request)]


def judge_answer(spec: Spec, request: Request) -> list[str]:
    """Violations of the fake's own answer."""
    if request.status is None:
        return []
    answer = request.answer
    if isinstance(answer, dict) and "errors" in answer:
        # The description wants numbers as the codes of single fields; Discord sends names such as BASE_TYPE_CHOICES
        # (its reference, "JSON error response").
        answer = {key: value for key, value in answer.items() if key != "errors"}
    return spec.response_violations(request.method, request.path, request.status, answer)


def _integers_for_ids(_method: str, _template: str, body: Any) -> Any:
    """discord.py names attachments and recipients by integers, which Discord takes and its description does not."""
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("recipient_id"), int):
        return body | {"recipient_id": str(body["recipient_id"])}
    if isinstance(body.get("data"), dict):
        return body | {"data": _integers_for_ids("", "", body["data"])}
    if not isinstance(body.get("attachments"), list):
        return body
    listed = [{**entry, "id": str(entry.get("id"))} for entry in body["attachments"]]
    return body | {"attachments": listed}


def _overlooked(request: Request) -> list[str]:
    if request.path.endswith("/commands") and isinstance(request.json, list):
        slash = [command for command in request.json if (command.get("type") or 1) == 1]
        return [f"invalid command name {name!r}" for name in _names(slash) if not command_name_is_valid(name)]
    data: Json = request.body.get("data") or request.body
    if not isinstance(data, dict) or (data.get("flags") or 0) & COMPONENTS_V2:
        return []
    rows = [row for row in data.get("components") or () if row.get("type") == 1]
    return [f"{len(rows)} action rows, {ROWS} allowed"] if len(rows) > ROWS else []


def _names(commands: list[Json]) -> list[str]:
    return [name for command in commands for name in (command["name"], *_names(command.get("options") or []))]
