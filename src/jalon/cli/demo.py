"""`jalon demo [DIR]`: create the sample company, then serve it.

A sample of the same day is used as it was left; one of another day is made again.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, opened_door, set_up, shared_options
from jalon.cli.serve import HOST, PORT, serve
from jalon.demo.place import MARK, SEED, FolderTakenError, Found, Recipe, cleared
from jalon.workspace.folder import opened

FOLDER = "demo-workspace"
SOONEST, LATEST = 28, 182
_NOT_LATER = (
    "{then} is not one to six months after {on}. Expected a later day, e.g. --then"
    " {example}."
)


@click.command("demo")
@click.argument("folder", metavar="DIR", required=False)
@click.option(
    "--scale",
    type=click.IntRange(1, 400),
    default=1,
    show_default=True,
    help="How many times the sales force.",
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Another chance."
)
@click.option(
    "--then",
    type=Day(),
    metavar="DATE",
    help="Go on to a later day, and serve it: what was changed since has worked.",
)
@click.option("--port", default=PORT, show_default=True, help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="Create it and stop there.")
@shared_options
@click.pass_context
def command(ctx: click.Context, /, folder: str | None, **options: Any) -> None:  # noqa: ANN401
    """Create the sample company, then serve it."""
    own = {
        name: options.pop(name)
        for name in ("scale", "seed", "then", "port", "no_serve")
    }
    given = {name: value for name, value in options.items() if value is not None}
    shared = {**(ctx.obj or {}), **given}
    shared["workspace"] = (
        folder or shared.get("workspace") or os.environ.get("JALON_WORKSPACE") or FOLDER
    )
    door = opened_door(shared)
    recipe = Recipe(door.on, own["scale"], own["seed"])
    later = _later(door.on, own["then"])
    _make(door, recipe)
    if later:
        _go_on(door, recipe, later)
    _tell(door, None if own["no_serve"] else own["port"])
    if not own["no_serve"]:
        shown = later or door.on
        if shown != datetime.now().astimezone().date():
            os.environ["JALON_TODAY"] = shown.isoformat()
        serve(opened(door.workspace.folder), HOST, own["port"])


def _make(door: Door, recipe: Recipe) -> None:
    folder = Path(door.workspace.folder)
    held = _cleared(door, folder, recipe)
    set_up(door.lang)
    if held is Found.THIS:
        door.say(_("The sample company of {day} is there.").format(day=door.on))
        return
    if held is Found.OTHER:
        door.say(_("The sample company is made again for this day."))
    steps = {
        "rows": _("Telling three years of a company…"),
        "load": _("Loading the warehouse…"),
        "objectives": _("Setting the objectives…"),
        "evaluate": _("Evaluating them…"),
    }
    from jalon.demo.create import create  # noqa: PLC0415 - needs Django ready

    create(folder, recipe, progress=lambda step: door.say(steps[step]))


def _later(on: date, then: date | None) -> date | None:
    """Return the day to go on to, None where none is asked.

    Raises:
        UserError: If it is not between a month and half a year later.
    """
    if then is None:
        return None
    if not SOONEST <= (then - on).days <= LATEST:
        raise UserError(_NOT_LATER, then=then, on=on, example=on + timedelta(days=91))
    return then


def _go_on(door: Door, recipe: Recipe, later: date) -> None:
    from jalon.demo.create import go_on  # noqa: PLC0415 - needs Django ready

    steps = {
        "load": _("Telling what came until {day}…").format(day=later),
        "evaluate": _("Evaluating them…"),
    }
    workspace = opened(door.workspace.folder)
    go_on(workspace, recipe, later, progress=lambda step: door.say(steps[step]))


def _cleared(door: Door, folder: Path, recipe: Recipe) -> Found:
    try:
        return cleared(folder, recipe)
    except FolderTakenError as error:
        # Settings write their key in the workspace: they must not in this one.
        os.environ["JALON_WORKSPACE"] = str(folder / MARK)
        set_up(door.lang)
        message = _(
            "{folder} holds something else than the sample company. "
            "Expected a new or empty folder, e.g. jalon demo demo-workspace."
        )
        raise UserError(message.format(folder=folder)) from error


def _tell(door: Door, port: int | None) -> None:
    """Print the address and who can log in."""
    from jalon.demo.users import logins  # noqa: PLC0415 - needs Django ready

    address = None if port is None else f"http://{HOST}:{port}"
    if door.json:
        door.emit(
            {
                "workspace": str(door.workspace.folder),
                "address": address,
                "logins": [
                    {
                        "role": login.role,
                        "name": login.name,
                        "email": login.email,
                        "password": login.password,
                    }
                    for login in logins()
                ],
            }
        )
        return
    roles = {
        "director": _("director"),
        "manager": _("manager"),
        "salesperson": _("salesperson"),
    }
    if address:
        door.echo(address)
    for login in logins():
        door.echo(
            f"  {roles[login.role]:<12} {login.email:<34} {login.password:<16} "
            f"({login.name})"
        )
