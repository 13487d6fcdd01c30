"""What every test shares: a fresh workspace, and Django set up against it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.workspace.folder import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh, empty workspace, named by `JALON_WORKSPACE`."""
    folder = tmp_path / "workspace"
    (folder / "warehouse").mkdir(parents=True)
    monkeypatch.setenv("JALON_WORKSPACE", str(folder))
    return opened(folder)
