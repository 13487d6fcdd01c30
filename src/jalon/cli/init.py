"""`jalon init DIR`: a new workspace, by flags, or by questions on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import LANGUAGES, opened_door, set_up, shared_options
from jalon.domain.periods.calendar import WEEK_STARTS
from jalon.usecases.create_workspace import create_workspace
from jalon.workspace.folder import Settings

FLAGS = {
    "company": "company",
    "currency": "currency",
    "country": "country",
    "language": "language",
    "timezone": "timezone",
    "fiscal_month": "fiscal_first_month",
    "week_start": "week_start",
    "revenue_basis": "revenue_basis",
}


@click.command("init")
@click.argument("folder", metavar="DIR", required=False)
@click.option("--company", metavar="NAME", help="Name of the company.")
@click.option("--currency", metavar="CODE", help="ISO 4217 code: EUR.")
@click.option("--country", metavar="CODE", help="ISO 3166 code: FR (public holidays).")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the pages.")
@click.option("--timezone", metavar="PLACE", help="Europe/Paris.")
@click.option("--fiscal-month", type=int, metavar="1-12", help="First fiscal month.")
@click.option(
    "--week-start", type=click.Choice(list(WEEK_STARTS)), help="First day of a week."
)
@click.option(
    "--revenue-basis",
    type=click.Choice(["deals", "orders"]),
    help="What revenue adds: won deals or order lines.",
)
@shared_options
@click.pass_context
def command(ctx: click.Context, /, folder: str | None, **options: Any) -> None:  # noqa: ANN401
    """Create a workspace: the folder of a company."""
    told = {FLAGS[name]: options.pop(name) for name in FLAGS}
    given = {name: value for name, value in options.items() if value is not None}
    shared = {**(ctx.obj or {}), **given}
    if folder:
        shared["workspace"] = folder
    door = opened_door(shared)
    lang = told["language"] or shared.get("lang") or _spoken(os.environ)
    set_up(lang)
    defaults = Settings(language=lang)
    if sys.stdin.isatty() and not door.json and not any(told.values()):
        told = _asked(defaults)
    settings = Settings(
        **{
            name: told.get(name) or getattr(defaults, name)
            for name in Settings.__slots__
        }
    )
    workspace = create_workspace(Path(door.workspace.folder), settings)
    if door.json:
        door.emit({"workspace": str(workspace.folder), "settings": _plain(settings)})
        return
    place = str(workspace.folder)
    door.echo(
        _("{company} is ready in {folder}.").format(
            company=settings.company, folder=place
        )
    )
    door.echo(_("Next: jalon --workspace {folder} import FILE").format(folder=place))


def _asked(defaults: Settings) -> dict[str, Any]:
    """Ask the first-run questions, each with its default."""
    questions = {
        "company": _("Name of the company"),
        "currency": _("Currency (ISO code)"),
        "country": _("Country, for its public holidays (ISO code)"),
        "timezone": _("Time zone"),
        "fiscal_first_month": _("First month of the fiscal year (1 to 12)"),
    }
    return {
        name: click.prompt(text, default=getattr(defaults, name), err=True)
        for name, text in questions.items()
    }


def _spoken(environment: Mapping[str, str]) -> str:
    """Return the language of the terminal where Jalon speaks it, else French."""
    named = environment.get("LC_ALL") or environment.get("LANG") or ""
    return named[:2] if named[:2] in LANGUAGES else "fr"


def _plain(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in Settings.__slots__}
