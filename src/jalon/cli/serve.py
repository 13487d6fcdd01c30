"""`jalon serve`: the pages of a workspace and its worker, on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

import click

from jalon.cli.door import Door, door
from jalon.workspace.folder import Workspace, opened

HOST, PORT = "127.0.0.1", 8000
APPLICATION = "jalon.config.wsgi:application"
THREADS_MOST = 8


@click.command(name="serve", help="Serve the pages.")
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer; one a core at most.",
)
@click.option("--no-worker", is_flag=True, help="jalon worker runs elsewhere.")
@door
def command(door: Door, *, host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve until stopped; with `--on`, as if it were that day."""
    if door.on != datetime.now().astimezone().date():
        os.environ["JALON_TODAY"] = door.on.isoformat()
    serve(door.workspace, host, port, workers=workers, with_worker=not no_worker)


def serve(
    workspace: Workspace,
    host: str = HOST,
    port: int = PORT,
    *,
    workers: int = 1,
    with_worker: bool = True,
) -> NoReturn:
    """Bring the database up to date, then become the server.

    The server is a fresh process image: nothing read before (settings of a workspace
    just created, the memory of making a sample) reaches the pages.
    """
    os.environ["JALON_WORKSPACE"] = str(workspace.folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    _prepare(opened(workspace.folder))
    click.echo(f"Jalon: http://{host}:{port}", err=True)
    if with_worker:
        _start_worker()
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, *server(host, port, workers)]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and arguments


def _start_worker() -> None:
    """Start the worker beside the server; it ends when its parent does.

    This process becomes the server and keeps its number, so that the server is the
    parent of the worker.
    """
    told = [sys.executable, "-m", "jalon.jobs.worker", "--with-parent"]
    subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        told, stdin=subprocess.DEVNULL, start_new_session=True
    )


def server(host: str, port: int, workers: int = 1) -> list[str]:
    """Return the arguments of the interpreter that serves the pages."""
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(min(THREADS_MOST, 2 * (os.cpu_count() or 1))),
        "--log-level": "warning",
    }
    told = [part for pair in options.items() for part in pair]
    # Without it, a single process that is killed (no memory left) ends them all.
    return ["-m", "granian", *told, "--respawn-failed-workers", APPLICATION]


def _prepare(workspace: Workspace) -> None:
    """Migrate, then keep today's evaluations, so that pages have nothing to compute."""
    import django  # noqa: PLC0415 - after the workspace is named

    django.setup()
    from jalon.usecases.create_workspace import prepare_database  # noqa: PLC0415
    from jalon.usecases.evaluate import evaluate  # noqa: PLC0415

    prepare_database()
    evaluate(workspace, on=_today(workspace))


def _today(workspace: Workspace) -> date:
    """Return the day the pages will be read on, as `jalon.web.today` does."""
    if named := os.environ.get("JALON_TODAY"):
        return date.fromisoformat(named)
    return datetime.now(ZoneInfo(workspace.settings.timezone)).date()
