"""Put a worker on what waits: a process of its own, which ends when nothing does.

A worker that runs already may take the run first; this one then ends at once.
"""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings
from django.utils import timezone

from jalon.usecases.runs import work_next
from jalon.web.today import today
from jalon.workspace.folder import Workspace

_started: list[subprocess.Popen[bytes]] = []


def start(workspace: Workspace) -> None:
    """Start a worker that does what waits, then ends."""
    if getattr(settings, "IMPORTS_HERE", False):
        work_next(workspace, clock=timezone.now, on=today())
        return
    _started[:] = [one for one in _started if one.poll() is None]
    command = [sys.executable, "-m", "jalon.jobs.worker", "--once"]
    place = {"JALON_WORKSPACE": str(workspace.folder.resolve())}
    _started.append(
        subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command,
            env={**os.environ, **place},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    )
