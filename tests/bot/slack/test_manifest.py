"""The manifest asks for just what the code uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.slack
from bot.slack import commands, forms, shortcuts
from bot.slack.scopes import SCOPES
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rules import METHODS

ROOT = Path(__file__).parents[3]
SOURCES = "".join(path.read_text("utf-8") for path in Path(bot.slack.__file__).parent.glob("*.py"))
IN_PYTHON = {re.sub(r"[.]", "_", name): name for name in METHODS}
BY_EVENT = {"app_mention": {"app_mentions:read"}, "message.im": {"im:history"}}
MADE_OF = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "slack-manifest.yaml").read_text("utf-8"))
    return loaded


def used() -> set[str]:
    """The Web API methods that the adapter calls."""
    called = set(
        re.findall(r"\.((?:auth|apps|chat|conversations|files|views|users|usergroups|reactions)_\w+)\(", SOURCES)
    )
    plain = {IN_PYTHON[name] for name in called - MADE_OF.keys()}
    return plain | {method for name in called & MADE_OF.keys() for method in MADE_OF[name]}


def test_the_manifest_lists_the_scopes_that_the_doctor_checks(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)


def test_every_method_that_is_called_is_covered_by_a_scope() -> None:
    uncovered = {name for name in used() if METHODS[name].scopes and not SCOPES.keys() & set(METHODS[name].scopes)}
    assert {"chat.postMessage", "chat.update", "files.info", "views.open"} <= used()
    assert uncovered == set()


def test_every_scope_is_needed_by_a_method_an_event_or_the_command(manifest: dict[str, Any]) -> None:
    by_methods = {scope for name in used() for scope in METHODS[name].scopes}
    by_events = {scope for event in _events(manifest) for scope in BY_EVENT[event]}
    assert SCOPES.keys() - by_methods - by_events - {"commands"} == set()


def test_what_the_manifest_offers_is_listened_to(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert [command["command"] for command in features["slash_commands"]] == [
        commands.IMAGINE,
        commands.USAGE,
        commands.QUEUE,
        commands.CANCEL,
        commands.ADMIN,
    ]
    escaping = {command["command"] for command in features["slash_commands"] if command["should_escape"]}
    assert escaping == {commands.ADMIN} == FakeSlack().workspace.escaping
    assert [(one["type"], one["callback_id"]) for one in features["shortcuts"]] == [("message", shortcuts.CALLBACK)]
    assert set(_events(manifest)) == {"app_mention", "message.im"}
    assert manifest["settings"]["interactivity"]["is_enabled"], forms.CALLBACK


def test_it_is_an_agent_in_the_manifest_of_today(manifest: dict[str, Any]) -> None:
    assert manifest["_metadata"]["major_version"] == 2
    assert len(manifest["features"]["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in manifest["features"]
    assert manifest["settings"]["socket_mode_enabled"] is True


def _events(manifest: dict[str, Any]) -> list[str]:
    events: list[str] = manifest["settings"]["event_subscriptions"]["bot_events"]
    return events
