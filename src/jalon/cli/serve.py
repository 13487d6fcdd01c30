"""`jalon serve`: the pages of a workspace, on this machine unless told otherwise."""

from __future__ import annotations

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from jalon.cli.door import Door, door
from jalon.workspace.folder import Workspace

HOST, PORT = "127.0.0.1", 8000
APPLICATION = "jalon.config.wsgi:application"


@click.command(name="serve", help="Serve the pages.")
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="Port to listen on.")
@door
def command(door: Door, *, host: str, port: int) -> None:
    """Serve until stopped; with `--on`, as if it were that day."""
    if door.on != datetime.now().astimezone().date():
        os.environ["JALON_TODAY"] = door.on.isoformat()
    serve(door.workspace, host, port)


def serve(workspace: Workspace, host: str = HOST, port: int = PORT) -> None:
    """Bring the database up to date, then answer requests until stopped."""
    os.environ["JALON_WORKSPACE"] = str(workspace.folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    _prepare(workspace)
    click.echo(f"Jalon: http://{host}:{port}", err=True)
    _listen(host, port)


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


def _listen(host: str, port: int) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 - only to serve
    from granian.server import Server  # noqa: PLC0415

    server = Server(
        APPLICATION, address=host, port=port, interface=Interfaces.WSGI, workers=1
    )
    server.serve()
