"""`jalon worker`: refresh the sources on schedule, when asked, when a webhook says so."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door
from jalon.cli.sources import fault_words
from jalon.jobs.worker import work
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.runs import Done


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
@click.option("--with-parent", is_flag=True, hidden=True)
@door
def command(door: Door, *, once: bool, with_parent: bool) -> None:
    """Work until stopped; several may work on one workspace."""
    prepare_database(door.workspace)
    stop = threading.Event()

    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ended)

    def tell(done: Done) -> None:
        if done.fault is None:
            said = done.generation or _("nothing new")
        else:
            said = fault_words(done.fault)
        door.say(f"{done.source}: {said}")

    parent = os.getppid() if with_parent else 0
    work(door.workspace, stop=stop, once=once, parent=parent, tell=tell)
