"""The worker: makes the runs that are due, puts back those that died, does the next.

Any number may work on one workspace: each run is done by one of them. `stop` ends it
between two runs; a run that is killed is put back by the next worker that looks.
"""

from __future__ import annotations

import datetime
import logging
import os
import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db import close_old_connections

from jalon.usecases.runs import Done, make_due, reap, work_next
from jalon.workspace.folder import Workspace

LOG = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks, where nothing waits
Tell = Callable[[Done], None]


def work(
    workspace: Workspace,
    *,
    stop: threading.Event,
    once: bool = False,
    parent: int = 0,
    tell: Tell = lambda done: None,  # noqa: ARG005 - nobody listens
) -> None:
    """Work until `stop`, or until nothing waits (`once`), or until the parent ends."""
    while not stop.is_set():
        try:
            done = turn(workspace)
        except Exception:
            LOG.exception("the worker could not look for what is due")
            if once:
                raise
            done = None
        if done is not None:
            tell(done)
            continue
        if once or (parent and os.getppid() != parent):
            return
        close_old_connections()
        stop.wait(PAUSE)


def turn(workspace: Workspace) -> Done | None:
    """Make what is due, put back what died, do one run; None where nothing waits."""
    at = _now()
    make_due(at=at)
    reap(workspace, at=at)
    return work_next(workspace, clock=_now, on=_today(workspace))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _today(workspace: Workspace) -> datetime.date:
    """Return the day the pages are read on, as `jalon.web.today` does."""
    if named := os.environ.get("JALON_TODAY"):
        return datetime.date.fromisoformat(named)
    return datetime.datetime.now(ZoneInfo(workspace.settings.timezone)).date()
