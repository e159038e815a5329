"""The stage of the faults: built once for each module, since it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.servers import prepared


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A migrated database to copy."""
    with (
        TemporaryDirectory(prefix="limner-faults-", ignore_cleanup_errors=True) as directory,
        prepared(Path(directory)) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")
