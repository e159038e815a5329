"""Slack's documented contract as data: each method's parameters, scopes and rate tier, and what breaks it.

Slack publishes no current OpenAPI file. The parameters are those of slack_sdk's `AsyncWebClient`; which methods
refuse a JSON body, which scopes they need and their tiers are from the methods' reference pages at docs.slack.dev.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .shapes import words

TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 1, 20, 50, 100, 600
"""Calls a minute for each method and workspace; `SPECIAL` stands for the undocumented, far higher ones."""

EVERYWHERE = frozenset({"token", "team_id"})
TIMESTAMP = re.compile(r"\d{10}\.\d{6}\Z")
ANY_READ = "channels:read groups:read im:read mpim:read"
ANY_HISTORY = "channels:history groups:history im:history mpim:history"
SHOWN = "text blocks attachments markdown_text parse link_names as_user"


@dataclass(frozen=True, slots=True)
class Method:
    """One method's contract. `scopes`: any one of them suffices. `json_body`: False where Slack reads forms alone."""

    required: frozenset[str]
    optional: frozenset[str]
    tier: int
    scopes: tuple[str, ...]
    json_body: bool
    app_token: bool


def _method(
    required: str, optional: str = "", *, tier: int, scopes: str = "", json_body: bool = True, app_token: bool = False
) -> Method:
    names = words(required), words(optional)
    return Method(*names, tier, tuple(scopes.split()), json_body, app_token)


METHODS: Mapping[str, Method] = {
    "auth.test": _method("", tier=SPECIAL),
    "apps.connections.open": _method("", tier=TIER_1, app_token=True),
    "chat.postMessage": _method(
        "channel",
        f"{SHOWN} thread_ts reply_broadcast unfurl_links unfurl_media icon_emoji icon_url mrkdwn username metadata",
        tier=SPECIAL,
        scopes="chat:write",
    ),
    "chat.update": _method(
        "channel ts",
        f"{SHOWN} unfurled_attachments file_ids reply_broadcast metadata",
        tier=TIER_3,
        scopes="chat:write",
    ),
    "chat.postEphemeral": _method(
        "channel user", f"{SHOWN} thread_ts icon_emoji icon_url username", tier=TIER_4, scopes="chat:write"
    ),
    "chat.delete": _method("channel ts", "as_user", tier=TIER_3, scopes="chat:write"),
    "conversations.info": _method(
        "channel", "include_locale include_num_members", tier=TIER_3, scopes=ANY_READ, json_body=False
    ),
    "conversations.replies": _method(
        "channel ts",
        "cursor inclusive include_all_metadata latest limit oldest",
        tier=TIER_3,
        scopes=ANY_HISTORY,
        json_body=False,
    ),
    "conversations.history": _method(
        "channel", "cursor inclusive include_all_metadata latest limit oldest", tier=TIER_3, scopes=ANY_HISTORY
    ),
    "conversations.open": _method(
        "", "channel return_im users prevent_creation", tier=TIER_3, scopes="im:write mpim:write"
    ),
    "conversations.members": _method("channel", "cursor limit", tier=TIER_4, scopes=ANY_READ, json_body=False),
    "conversations.join": _method("channel", tier=TIER_3, scopes="channels:join"),
    "users.info": _method("user", "include_locale", tier=TIER_4, scopes="users:read", json_body=False),
    "usergroups.list": _method(
        "", "include_count include_disabled include_users", tier=TIER_2, scopes="usergroups:read", json_body=False
    ),
    "views.open": _method("view", "trigger_id interactivity_pointer", tier=TIER_4),
    "views.update": _method("view", "external_id view_id hash", tier=TIER_4),
    "views.publish": _method("user_id view", "hash", tier=TIER_4),
    "files.getUploadURLExternal": _method(
        "filename length", "alt_txt snippet_type", tier=TIER_4, scopes="files:write", json_body=False
    ),
    "files.completeUploadExternal": _method(
        "files", "channel_id channels initial_comment thread_ts blocks", tier=TIER_4, scopes="files:write"
    ),
    "files.info": _method("file", "count cursor limit page", tier=TIER_4, scopes="files:read", json_body=False),
    "files.delete": _method("file", tier=TIER_3, scopes="files:write"),
    "reactions.add": _method("channel name timestamp", tier=TIER_3, scopes="reactions:write"),
    "assistant.threads.setStatus": _method(
        "channel_id thread_ts status",
        "loading_messages icon_emoji icon_url username",
        tier=SPECIAL,
        scopes="chat:write assistant:write",
    ),
}

ALL_SCOPES = frozenset(
    {scope for method in METHODS.values() for scope in method.scopes} | {"commands", "app_mentions:read"}
)
RESPONSE_URL = words(
    "text blocks attachments replace_original delete_original response_type thread_ts unfurl_links "
    "unfurl_media metadata mrkdwn"
)


def missing(method: Method, params: Mapping[str, Any]) -> list[str]:
    """Required parameters that were not sent, or sent empty (which a status may be: that clears it)."""
    return sorted(
        name for name in method.required if name not in params or (params[name] in ("", None) and name != "status")
    )


def breaches(name: str, method: Method, params: Mapping[str, Any]) -> Iterator[str]:
    """Every way in which a request departs from the documented parameters, one sentence each."""
    for parameter in missing(method, params):
        yield f"{name} lacks the required parameter {parameter}"
    for parameter in sorted(params.keys() - method.required - method.optional - EVERYWHERE):
        yield f"{name} has no parameter {parameter}"
    for parameter in sorted({"ts", "thread_ts", "timestamp"} & params.keys()):
        if params[parameter] is not None and not TIMESTAMP.match(str(params[parameter])):
            yield f"{name} was sent a {parameter} that is no message timestamp: {params[parameter]!r}"


def response_url_breaches(params: Mapping[str, Any]) -> Iterator[str]:
    """The same for a message sent to a response url."""
    for parameter in sorted(params.keys() - RESPONSE_URL):
        yield f"a response url takes no parameter {parameter}"
