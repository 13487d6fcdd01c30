"""Put a worker on an upload: a process of its own, which outlives the page.

The lock of the upload's folder is taken here and handed on, so that there is no moment
at which the work has begun and nobody seems to do it.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys

from django.conf import settings

from jalon.usecases.upload import work, work_through
from jalon.workspace import worker
from jalon.workspace.folder import Workspace

_started: list[subprocess.Popen[bytes]] = []


def start(
    workspace: Workspace,
    key: str,
    *,
    on: datetime.date,
    at: datetime.datetime,
    through: bool = False,
) -> None:
    """Start the worker; nothing happens where one goes on being at work.

    With `through`, what is recognised is imported at once, as by the command line.
    """
    lock = worker.hold_soon(workspace.uploads / key)
    if lock is None:
        return
    try:
        if getattr(settings, "IMPORTS_HERE", False):
            (work_through if through else work)(workspace, key, on=on, at=at)
            return
        _spawn(workspace, key, lock, on, through=through)
    finally:
        os.close(lock)


def _spawn(
    workspace: Workspace, key: str, lock: int, on: datetime.date, *, through: bool
) -> None:
    _started[:] = [one for one in _started if one.poll() is None]
    command = [sys.executable, "-m", "jalon.jobs.imports", key, "--on", on.isoformat()]
    command += ["--lock", str(lock)]
    command += ["--through"] if through else []
    place = {"JALON_WORKSPACE": str(workspace.folder.resolve())}
    _started.append(
        subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command,
            pass_fds=(lock,),
            env={**os.environ, **place},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    )
