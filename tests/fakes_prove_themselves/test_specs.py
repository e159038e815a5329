"""The official descriptions catch what is wrong and let pass what is right; without them nothing is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.discord import conformance
from tests.fakes.specs import FOLDER, Spec

needs_specs = pytest.mark.skipif(not FOLDER.is_dir(), reason="the official descriptions are not at hand")
_MESSAGES = "/channels/1/messages"


def test_without_the_description_nothing_is_judged_and_it_says_so(tmp_path: Path) -> None:
    spec = Spec.load("discord", folder=tmp_path)
    assert spec.off is not None
    assert "not at hand" in spec.off
    assert spec.request_violations("POST", _MESSAGES, {"content": 5}) == []
    assert spec.response_violations("POST", _MESSAGES, 200, {}) == []


@needs_specs
@pytest.mark.parametrize(
    ("method", "path", "body", "wrong"),
    [
        ("POST", _MESSAGES, {"content": "hello"}, None),
        ("POST", _MESSAGES, {"content": "x" * 4001}, "too long"),
        ("POST", _MESSAGES, {"components": [{"type": 2}]}, "components"),
        ("POST", _MESSAGES, {"attachments": [{"id": 0, "description": "x"}]}, None),
        ("POST", _MESSAGES, {"attachments": [{"id": 0, "description": 7}]}, "description"),
        ("POST", "/interactions/1/token/callback", {"type": 5}, None),
        ("POST", "/interactions/1/token/callback", {"data": {}}, "callback"),
        ("PATCH", "/webhooks/1/token/messages/@original", {"content": "x" * 2001}, "too long"),
        ("POST", "/nowhere", {}, "no such operation"),
    ],
)
def test_a_request_is_judged_by_its_schema(method: str, path: str, body: Any, wrong: str | None) -> None:
    found = conformance.load().request_violations(method, path, body)
    assert (not found) if wrong is None else (wrong in found[0])


@needs_specs
def test_an_answer_is_judged_by_its_schema() -> None:
    spec = conformance.load()
    assert spec.response_violations("GET", "/gateway", 200, {"url": "ws://127.0.0.1"}) == []
    assert "'url' is a required property" in spec.response_violations("GET", "/gateway", 200, {})[0]
    assert "retry_after" in spec.response_violations("GET", "/gateway", 429, {"message": "slow down", "code": 0})[0]


@needs_specs
def test_a_literal_segment_outranks_a_parameter() -> None:
    spec = conformance.load()
    assert spec.template_of("GET", "/applications/@me") == "/applications/@me"
    assert spec.template_of("GET", "/applications/1") == "/applications/{application_id}"


@needs_specs
def test_fields_that_a_description_does_not_know_are_found() -> None:
    spec = Spec.load("openai")
    body = {"prompt": "a lighthouse", "model": "gpt-image-2", "sise": "1024x1024"}
    found = spec.unknown_fields("POST", "/images/generations", body)
    assert [sentence.rpartition(" ")[2] for sentence in found] == ["'sise'"]
