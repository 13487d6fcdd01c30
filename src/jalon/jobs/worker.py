"""The worker, `python -m jalon.jobs.worker`: what is due, what died, the next run.

Any number may work on one workspace: each run is done by one of them. SIGTERM ends it
between two runs; a run that is killed is put back by the next worker that looks.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import os
import signal
import sys
import threading
from types import FrameType
from zoneinfo import ZoneInfo

LOG = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks, where nothing waits


def main() -> None:
    """Work until stopped, until nothing waits (--once), or until the parent ends."""
    parser = argparse.ArgumentParser(prog="jalon.jobs.worker")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--with-parent", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    parent = os.getppid() if asked.with_parent else 0

    import django  # noqa: PLC0415 - a process of its own starts here

    django.setup()
    stop = threading.Event()

    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ended)
    work(stop, once=asked.once, parent=parent)


def work(stop: threading.Event, *, once: bool = False, parent: int = 0) -> None:
    """Take turns until there is a reason to end; a turn that breaks is logged."""
    from django.db import close_old_connections  # noqa: PLC0415 - needs Django

    while not stop.is_set():
        try:
            busy = turn()
        except Exception:
            LOG.exception("the worker could not look for what is due")
            if once:
                raise
            busy = False
        if busy:
            continue
        if once or (parent and os.getppid() != parent):
            return
        close_old_connections()
        stop.wait(PAUSE)


def turn() -> bool:
    """Make what is due, put back what died, do one run; False where nothing waits."""
    from jalon.jobs.beside import beside  # noqa: PLC0415
    from jalon.usecases.runs import make_due, reap, work_next  # noqa: PLC0415
    from jalon.workspace.folder import current  # noqa: PLC0415

    workspace, at = current(), now()
    make_due(at=at)
    reap(workspace, at=at)
    beside(workspace, at=at, on=today(workspace.settings.timezone))
    done = work_next(workspace, clock=now, on=today(workspace.settings.timezone))
    if done is None:
        return False
    brought = done.generation or (done.fault or {}).get("sentence") or "–"
    print(f"{done.source}: {done.state}, {brought}", file=sys.stderr, flush=True)  # noqa: T201
    return True


def now() -> datetime.datetime:
    """Return the moment it is."""
    return datetime.datetime.now(datetime.UTC)


def today(zone: str) -> datetime.date:
    """Return the day the pages are read on, as `jalon.web.today` does."""
    if named := os.environ.get("JALON_TODAY"):
        return datetime.date.fromisoformat(named)
    return datetime.datetime.now(ZoneInfo(zone)).date()


if __name__ == "__main__":
    main()
