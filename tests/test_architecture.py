"""The shape of the code, held by tests: who may import whom, no mocks, a sentence on every module, small files."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("core", "bot", "worker", "limner", "migrations")

LONGEST = 250
LONGER: dict[str, str] = {}

MOCKING = {"mock", "unittest.mock", "pytest_mock"}
REPLACING = {"setattr", "delattr", "setitem"}


def modules(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def mocks(source: str) -> list[str]:
    """Everything by which a test could put something false in the place of something real."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name in MOCKING]
        elif isinstance(node, ast.ImportFrom):
            names = {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
            found += sorted(names & MOCKING)
        elif isinstance(node, ast.arg) and node.arg == "mocker":
            found.append("mocker")
        elif isinstance(node, ast.Attribute) and node.attr in REPLACING and ast.unparse(node.value) == "monkeypatch":
            found.append(f"monkeypatch.{node.attr}")
    return found


def test_every_import_goes_the_way_that_the_layers_allow() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert linted.returncode == 0, linted.stdout[-4000:] + linted.stderr


def test_no_test_replaces_what_it_tests() -> None:
    found = {named(path): mocks(path.read_text("utf-8")) for path in modules("tests", "bench")}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from unittest.mock import patch",
        "from unittest import mock",
        "import unittest.mock as m",
        "def test(mocker): ...",
        "monkeypatch.setattr(thing, 'name', 1)",
    ],
)
def test_a_mock_would_be_noticed(source: str) -> None:
    assert mocks(source)


def test_every_module_says_what_it_is() -> None:
    silent = [
        named(path)
        for path in modules(*PRODUCT, "tests", "bench")
        if (source := path.read_text("utf-8")) and not ast.get_docstring(ast.parse(source))
    ]
    assert silent == []


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    lengths = {named(path): path.read_text("utf-8").count("\n") for path in modules(*PRODUCT, "bench")}
    assert {path for path, lines in lengths.items() if lines > LONGEST} == set(LONGER)


def test_the_product_imports_nothing_from_its_tests() -> None:
    borrowed = [
        named(path)
        for path in modules(*PRODUCT)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"tests", "bench"}
    ]
    assert borrowed == []
