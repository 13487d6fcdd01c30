"""The small company, fresh for each test that writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jalon.workspace.folder import Workspace, opened
from tests.worlds import small
from tests.worlds.loaded import workspace as loaded


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company's folder, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("pattern")
    return loaded(folder, small.ROWS, settings='company = "Petite SA"').folder


@pytest.fixture
def company(
    pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """The small company's workspace, named by `JALON_WORKSPACE`."""
    folder = tmp_path / "company"
    shutil.copytree(pattern, folder)
    monkeypatch.setenv("JALON_WORKSPACE", str(folder))
    return opened(folder)


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Commands that write leave a line in the audit."""
