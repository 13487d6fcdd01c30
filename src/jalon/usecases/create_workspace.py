"""Create a workspace: its folder, its settings, its database.

A value that cannot be used is refused before anything is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from zoneinfo import available_timezones

import holidays

from jalon.domain.feedback.checkins import Rhythm
from jalon.domain.periods.calendar import WEEK_STARTS
from jalon.domain.refusals import Refusal
from jalon.workspace.folder import Settings, Workspace, opened

LANGUAGES = ("fr", "en")
BASES = ("", "deals", "orders")
_MONTHS = range(1, 13)
_CODE = 3


class WorkspaceExistsError(Refusal):
    """The folder already is a workspace."""


class BadSettingsError(Refusal, ValueError):
    """Some settings cannot be used; `issues` holds one sentence for each."""

    def __init__(self, issues: tuple[Refusal, ...]) -> None:
        named = {f"issue{rank}": issue for rank, issue in enumerate(issues)}
        super().__init__(" ".join(f"{{{name}}}" for name in named), **named)
        self.issues = issues


_EXPECTED: Mapping[str, tuple[Callable[[Settings], bool], str]] = {
    "company": (lambda told: bool(told.company.strip()), 'a name, e.g. "Dupont SA"'),
    "currency": (
        lambda told: len(told.currency) == _CODE and told.currency.isupper(),
        "an ISO 4217 code, e.g. EUR",
    ),
    "country": (
        lambda told: told.country in holidays.list_supported_countries(),
        "an ISO 3166 code, e.g. FR",
    ),
    "language": (lambda told: told.language in LANGUAGES, "fr or en"),
    "timezone": (
        lambda told: told.timezone in available_timezones(),
        "a place of the tz database, e.g. Europe/Paris",
    ),
    "fiscal_first_month": (
        lambda told: told.fiscal_first_month in _MONTHS,
        "a month from 1 to 12, e.g. 4 for April",
    ),
    "week_start": (
        lambda told: told.week_start in WEEK_STARTS,
        "monday, saturday or sunday",
    ),
    "revenue_basis": (lambda told: told.revenue_basis in BASES, "deals or orders"),
    "keep_generations": (lambda told: told.keep_generations >= 1, "1 or more, e.g. 5"),
    "points": (lambda told: told.points in list(Rhythm), "weekly or monthly"),
}


def issues(settings: Settings) -> tuple[Refusal, ...]:
    """Return one sentence for each setting that cannot be used."""
    return tuple(
        Refusal(
            "Cannot use {name} = {value}. Expected {expected}.",
            name=name,
            value=repr(getattr(settings, name)),
            expected=Refusal(expected),
        )
        for name, (usable, expected) in _EXPECTED.items()
        if not usable(settings)
    )


def create_workspace(folder: Path, settings: Settings) -> Workspace:
    """Write `jalon.toml`, make the folders and the database; return the workspace.

    Raises:
        WorkspaceExistsError: If the folder already is a workspace.
        BadSettingsError: If a setting cannot be used.
    """
    found = issues(settings)
    if found:
        raise BadSettingsError(found)
    if (folder / "jalon.toml").exists():
        message = (
            "{folder} already is a workspace. Expected a new folder; "
            "to change its settings, edit its jalon.toml."
        )
        raise WorkspaceExistsError(message, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_settings(folder / "jalon.toml", settings)
    workspace = opened(folder)
    for place in places(workspace):
        place.mkdir(exist_ok=True)
    prepare_database()
    return workspace


def places(workspace: Workspace) -> tuple[Path, ...]:
    """Return the folders every workspace has."""
    return (
        workspace.warehouse,
        workspace.inbox,
        workspace.mappings,
        workspace.kpis,
    )


def prepare_database() -> None:
    """Bring the database of the current workspace to the shape this version needs."""
    from django.core.management import call_command  # noqa: PLC0415 -- needs settings

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def write_settings(path: Path, settings: Settings) -> None:
    """Write TOML aside, then give it its name: a text in JSON is a text in TOML."""
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in asdict(settings).items()
    ]
    aside = path.with_suffix(f".{os.getpid()}.new")
    aside.write_text("".join(lines), "utf-8")
    aside.replace(path)
