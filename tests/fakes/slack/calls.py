"""One Web API call as its handler sees it: typed access to parameters that may come as a form or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .records import SCOPE_FAMILY, Channel, Json, SlackError
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """A call that has passed authentication, scopes, limits and the check for required parameters."""

    method: str
    params: Json
    scopes: frozenset[str]

    def text(self, name: str, default: str = "") -> str:
        """A parameter as a string."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def optional(self, name: str) -> str | None:
        """A parameter as a string, None where it is absent or empty."""
        return self.text(name) or None

    def flag(self, name: str) -> bool:
        """A parameter as a truth value; forms say 1 or true."""
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A parameter as a whole number; `invalid_arguments` for anything else."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def structured(self, name: str, error: str = "invalid_arguments") -> Any:
        """A parameter that holds JSON, sent as itself or spelt out in a form field."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def need_scope(self, channel: Channel, action: str) -> None:
        """`missing_scope` unless the token may do `action` in conversations of that kind."""
        needed = f"{SCOPE_FAMILY[channel.kind]}:{action}"
        if needed not in self.scopes:
            raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))


Handler = Callable[[Workspace, Call], Json]


def invalid_arguments(*messages: str) -> SlackError:
    """Slack's refusal of parameters that do not fit, with its reasons."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})


def page(call: Call, items: list[Json], name: str, default: int) -> Json:
    """One page of a listing, and the cursor to the next."""
    limit, start = call.number("limit", default), 0
    if cursor := call.optional("cursor"):
        if not cursor.startswith("next:") or not cursor[5:].isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[5:])
    more = start + limit < len(items)
    following = f"next:{start + limit}" if more else ""
    return {name: items[start : start + limit], "has_more": more, "response_metadata": {"next_cursor": following}}
