"""The folders of work under way: the company's rows never leave its workspace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalon.workspace.folder import Settings, Workspace
from jalon.workspace.scratch import scratch

_WORKER = """
import sys, time
from pathlib import Path
from jalon.workspace.folder import Settings, Workspace
from jalon.workspace.scratch import scratch
with scratch(Workspace(Path(sys.argv[1]), Settings())) as folder:
    (folder / "rows.csv").write_text("Dupont;12000")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Settings())


def test_work_is_done_inside_the_workspace_and_nothing_is_left(
    workspace: Workspace,
) -> None:
    with scratch(workspace) as folder:
        assert folder.is_relative_to(workspace.folder)
        assert folder.stat().st_mode & 0o077 == 0, "others may not look in"
        (folder / "rows.csv").write_text("Dupont;12000")
    assert not folder.exists()


def test_nothing_is_left_of_work_that_fails(workspace: Workspace) -> None:
    with pytest.raises(IsADirectoryError), scratch(workspace) as folder:
        folder.write_text("a folder is no file")
    assert not folder.exists()


def test_what_a_killed_process_left_is_removed_by_the_next(
    workspace: Workspace,
) -> None:
    words = [sys.executable, "-c", _WORKER, str(workspace.folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        left = Path(worker.stdout.readline().strip())
        with scratch(workspace):
            assert (left / "rows.csv").exists(), "whoever still works keeps its folder"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert (left / "rows.csv").exists()
    with scratch(workspace):
        assert not left.exists()


def test_where_there_is_no_workspace_yet_none_is_made(tmp_path: Path) -> None:
    absent = Workspace(tmp_path / "absent", Settings())
    with scratch(absent) as folder:
        assert folder.is_dir()
    assert not folder.exists()
    assert not absent.folder.exists()
