"""A folder for one piece of work, inside the workspace: the company's rows stay there.

Who works in it holds its lock, which the system frees with the process: what one that
was killed left behind is told from what is in use, and removed by the next.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jalon.workspace.folder import Workspace
from jalon.workspace.worker import hold, hold_soon


@contextlib.contextmanager
def scratch(workspace: Workspace) -> Iterator[Path]:
    """Give an empty folder; it is gone afterwards, whatever happens.

    It is the system's own temporary place where there is no workspace yet.
    """
    if not workspace.folder.is_dir():
        with tempfile.TemporaryDirectory(prefix="jalon-") as elsewhere:
            yield Path(elsewhere)
        return
    folder, lock = _taken(workspace.scratch)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _taken(place: Path) -> tuple[Path, int]:
    """Return a new folder and its lock, once what was abandoned is removed."""
    gate = hold_soon(place)  # nobody removes a folder between its birth and its lock
    try:
        for folder in place.iterdir():
            if folder.is_dir() and gate is not None:
                _remove_abandoned(folder)
        folder = Path(tempfile.mkdtemp(dir=place))
        lock = hold(folder)
    finally:
        if gate is not None:
            os.close(gate)
    if lock is None:
        message = f"{folder} was just made, and somebody holds it"
        raise BlockingIOError(message)
    return folder, lock


def _remove_abandoned(folder: Path) -> None:
    lock = hold(folder)
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)
