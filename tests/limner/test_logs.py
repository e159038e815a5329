"""The log: one line an event, in text or JSON, and no secret in it, however it got there."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner import logs
from limner.settings import load, secrets_of

# What they begin with stands nowhere else, so that a hit is the secret and not a word that it happens to be.
SECRETS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=6, max_size=40).map("Q7~{}".format)
STYLES = st.sampled_from(["text", "json"])
FEW = hypothesis.settings(max_examples=60, deadline=None)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers, root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def written(style: str, hidden: list[str | None]) -> io.StringIO:
    """Sets the log up and catches what it writes."""
    logs.set_up("debug", style, hidden)
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    return stream


def shown(text: str, secret: str) -> bool:
    """In plain sight, or as JSON or Python would quote it."""
    quoted = (repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1], repr(secret.encode())[2:-1])
    return any(one in text for one in (secret, *quoted))


def fail(secret: str) -> None:
    """With the secret in a cause, in a message and in an argument."""
    nothing: dict[str, str] = {}
    try:
        nothing[secret]
    except KeyError as error:
        raise ExceptionGroup("several", [ValueError(f"bad token {secret}"), OSError(2, secret)]) from error


@FEW
@given(secret=SECRETS, style=STYLES)
def test_no_event_shows_a_secret_wherever_it_stands_in_it(secret: str, style: str) -> None:
    stream = written(style, [secret])
    log = logging.getLogger("limner.test")
    log.info("said %s", secret)
    log.warning("failed", extra={"plain": secret, "deep": {"list": [secret, {"more": (secret,)}]}})
    log.warning("url", extra={"address": f"https://me:{secret}@example.org/{secret}", "raw": secret.encode()})
    text = stream.getvalue()
    assert logs.MASK in text
    assert not shown(text, secret)


@FEW
@given(secret=SECRETS, style=STYLES)
def test_no_traceback_shows_a_secret(secret: str, style: str) -> None:
    stream = written(style, [secret])
    try:
        fail(secret)
    except ExceptionGroup:
        logging.getLogger("limner.test").exception("failed")
    text = stream.getvalue()
    assert "KeyError" in text
    assert "ExceptionGroup" in text
    assert not shown(text, secret)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-0123456789abcdef",
        "xoxb-1234-5678-abcdef",
        "xapp-1-A0123-4567-abcdef",
        "limner_0123456789abcdefghij",
        "me:sesame@",
    ],
)
def test_what_looks_like_a_secret_is_masked_even_where_nobody_named_it(secret: str) -> None:
    stream = written("json", [])
    logging.getLogger("limner.test").info("see redis://%s", secret + "cache:6379")
    assert secret.rstrip("@") not in stream.getvalue()


def test_the_password_of_an_address_is_masked_on_its_own() -> None:
    settings = load(database_url="postgresql://me:open%2Fsesame@db/limner")
    stream = written("json", [*secrets_of(settings)])
    logging.getLogger("limner.test").info("password open/sesame, in an address open%2Fsesame")
    assert "sesame" not in stream.getvalue()


def test_json_is_one_object_a_line_with_time_level_and_name() -> None:
    stream = written("json", [])
    logging.getLogger("core.generating").warning("first\nline", extra={"generation": 7, "left": None, "made": 1.5})
    logging.getLogger("core.generating").info("second")
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["first\nline", "second"]
    assert events[0].items() >= {"level": "warning", "logger": "core.generating", "generation": 7, "made": 1.5}.items()
    assert events[0]["timestamp"].endswith("Z")


def test_libraries_are_quiet_below_a_warning() -> None:
    stream = written("text", [])
    for name in logs.QUIET:
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("matter")
    assert "chatter" not in stream.getvalue()
    assert stream.getvalue().count("matter") == len(logs.QUIET)


def test_a_defect_that_ends_the_process_goes_through_the_mask() -> None:
    program = (
        "import os; from limner import logs; logs.set_up('info', 'text', [os.environ['HUSH']])\n"
        "raise RuntimeError('it was ' + os.environ['HUSH'])"
    )
    environment = {**os.environ, "HUSH": "Q7~ hush 'hush' hush"}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert f"RuntimeError: it was {logs.MASK}" in ended.stderr
    assert "Q7~" not in ended.stderr
