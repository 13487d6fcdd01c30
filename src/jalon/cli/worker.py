"""`jalon worker`: refresh the sources when they are due, asked for, or knocked for."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import click

from jalon.cli.door import Door, door
from jalon.usecases.prepare_database import prepare_database

MODULE = ("-m", "jalon.jobs.worker")


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
@door
def command(door: Door, *, once: bool) -> None:
    """Work until stopped; several may work on one workspace."""
    prepare_database(door.workspace)
    if door.on != datetime.now().astimezone().date():
        os.environ["JALON_TODAY"] = door.on.isoformat()
    sys.stderr.flush()
    told = [sys.executable, *MODULE, *(["--once"] if once else [])]
    os.execv(sys.executable, told)  # noqa: S606 - our own interpreter and arguments
