"""The sample company as `jalon demo` makes it, once for every process of a test run."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

ON = date(2026, 11, 22)  # a Sunday
MADE = "made"
JALON = "from jalon.cli.main import main; main()"


def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the company's folder, to be read only: others read it at the same time."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    place = shared / "ardoise"
    with (shared / "ardoise.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / MADE).exists():
            jalon("demo", place, "--no-serve", "--on", ON)
            (place / MADE).touch()
    return place


def jalon(*arguments: object) -> str:
    """Return what a command of Jalon prints.

    Raises:
        CalledProcessError: If the command fails; what it said is on standard error.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", JALON, *map(str, arguments)],
        check=True,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout
