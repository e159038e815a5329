"""The demo and the terminal in places where not everything is as it should be."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.errors import Refusal
from limner import demo, terminal
from limner.embedded import local_servers


def _note(data: Path, pid: int, valkey: Path) -> None:
    body = {"pid": pid, "database_url": "postgresql:///limner", "redis_url": f"unix://{valkey}"}
    (data / demo.RUNNING).write_text(json.dumps(body))


def _over() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_demo_that_was_killed_does_not_count_as_running_even_if_its_number_was_given_to_another() -> None:
    with TemporaryDirectory() as name:
        data = Path(name)
        assert demo.running(data) is None
        _note(data, os.getpid(), data / "nobody.sock")
        assert demo.running(data) is None
        with socket.socket(socket.AF_UNIX) as valkey:
            valkey.bind(str(data / "valkey.sock"))
            valkey.listen()
            _note(data, os.getpid(), data / "valkey.sock")
            assert demo.running(data) is not None
            _note(data, _over(), data / "valkey.sock")
            assert demo.running(data) is None


@pytest.mark.parametrize("note", ["", "[]", "null", '{"pid": "me"}', '{"pid": 1}', '{"pid": 1, "redis_url": 7}'])
def test_a_note_that_makes_no_sense_is_no_demo(tmp_path: Path, note: str) -> None:
    (tmp_path / demo.RUNNING).write_text(note)
    assert demo.running(tmp_path) is None


@pytest.mark.parametrize("name", ["my data", "a;touch b", "$(id)", "100%", "a+b", "it's"])
def test_a_directory_that_postgresql_would_mistake_is_refused_before_anything_starts(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="--data"), local_servers(tmp_path / name):
        pytest.fail("it must not start")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match=r"cannot be used.*--data"), local_servers(tmp_path / "file"):
        pytest.fail("it must not start")


def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="--out"):
        terminal.imagine("a fox", tmp_path / "file" / "fox.png", tmp_path / "data", lambda _question: True)
    assert not (tmp_path / "data").exists()
