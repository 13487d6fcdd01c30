"""What every command receives: workspace, language, the day, and how to answer.

Standard output carries one JSON document with `--json`, else text; everything else
goes to standard error. A user's fault is one line there and exit 2.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from gettext import gettext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from jalon.domain.refusals import Refusal
from jalon.workspace.folder import DEFAULT_FOLDER, Workspace, opened

LANGUAGES = ("fr", "en")
_NO_WORKSPACE = (
    "There is no workspace in {folder}. Expected a folder made by jalon init {folder}."
)
_NOT_A_FOLDER = "{folder} is a file. Expected the folder of a workspace."
SHARED = ("workspace", "json", "lang", "on")


def reason(error: OSError) -> Refusal:
    """Return why a file cannot be read or written, in words."""
    match error:
        case FileNotFoundError():
            return Refusal("there is no such file or folder")
        case PermissionError():
            return Refusal("access is denied")
        case IsADirectoryError():
            return Refusal("it is a folder")
        case NotADirectoryError() | FileExistsError():
            return Refusal("a file stands where a folder is expected")
    return Refusal("{why}", why=error.strerror or error)


class UserError(Refusal):
    """A person's fault: what happened, what was expected, an example."""


@dataclass(frozen=True, slots=True)
class Door:
    """The options every command shares, resolved. `on` is the only clock."""

    workspace: Workspace
    json: bool
    lang: str
    on: date

    def echo(self, text: str = "") -> None:
        """Write a line for a person on standard output."""
        click.echo(text)

    def say(self, text: str) -> None:
        """Write a line of progress or warning on standard error."""
        click.echo(text, err=True)

    def emit(self, document: object) -> None:
        """Write the one JSON document of the command on standard output."""
        click.echo(json.dumps(document, ensure_ascii=False, default=_plain))


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--workspace --json --lang --on` to a click command."""
    options = (
        click.option("--workspace", metavar="DIR", help="Folder of the company."),
        click.option("--json", "json", is_flag=True, default=None, help="Answer JSON."),
        click.option("--lang", type=click.Choice(LANGUAGES), help="Language of texts."),
        click.option("--on", type=Day(), metavar="DATE", help="The day, else today."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def door(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the shared options and a `Door` as first argument.

    The options may stand before or after the sub-command; the nearest one wins.
    Django is set up and the language active before the command runs.
    """
    return _door(command, framework=True)


def making_door(command: Callable[..., Any]) -> Callable[..., Any]:
    """Do as `door`, where the folder need not be there yet."""
    return _door(command, framework=True, makes=True)


def light_door(command: Callable[..., Any]) -> Callable[..., Any]:
    """Do as `door`, but set Django up only to write for people, not for `--json`."""
    return _door(command, framework=False)


def _door(
    command: Callable[..., Any], *, framework: bool, makes: bool = False
) -> Callable[..., Any]:
    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - click's own shape
        here = {name: options.pop(name) for name in SHARED}
        given = {name: value for name, value in here.items() if value is not None}
        here_now = click.get_current_context()
        found = opened_door({**(here_now.obj or {}), **given})
        needed = framework and not makes and not here_now.invoked_subcommand
        if needed and not found.workspace.folder.is_dir():
            raise UserError(_NO_WORKSPACE, folder=found.workspace.folder)
        if framework or not found.json:
            set_up(found.lang)
        return command(found, *args, **options)

    return shared_options(run)


def opened_door(options: dict[str, Any]) -> Door:
    """Return the door of the options given; the environment is told the workspace."""
    folder = options.get("workspace") or os.environ.get("JALON_WORKSPACE")
    folder = str(folder or DEFAULT_FOLDER)
    os.environ["JALON_WORKSPACE"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    workspace = opened(Path(folder))
    if workspace.folder.exists() and not workspace.folder.is_dir():
        raise UserError(_NOT_A_FOLDER, folder=folder)
    zone = ZoneInfo(workspace.settings.timezone)
    return Door(
        workspace=workspace,
        json=bool(options.get("json")),
        lang=options.get("lang") or workspace.settings.language,
        on=options.get("on") or datetime.now(zone).date(),
    )


def set_up(lang: str) -> None:
    """Make Django ready and its sentences speak the language."""
    import django  # noqa: PLC0415 - only commands that need it pay for it
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    translation.activate(lang)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A calendar date written 2017-04-01."""

    name = "date"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own shape
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """Return the date, or refuse with an example."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            sentence = gettext("{value} is no date; expected e.g. 2017-04-01.")
            self.fail(sentence.format(value=value), param, ctx)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    message = f"cannot write {type(value).__name__} as JSON"
    raise TypeError(message)
