"""One workspace is one folder: `jalon.toml`, the application database, `warehouse/`.

Dates in settings are calendar dates of the company's time zone.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jalon.domain.periods.calendar import MONDAY, WEEK_STARTS
from jalon.domain.refusals import Refusal

DEFAULT_FOLDER = "jalon-workspace"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `jalon.toml` says; every field has a default.

    `fiscal_first_month` is 1 to 12; `country` an ISO 3166 code for public holidays;
    `revenue_basis` is "deals", "orders" or "" (deals where there are any); `engine` is
    what answers KPIs: "duckdb", "postgresql", "chdb", "spark", "sail" or an address;
    `points` is how often each person takes theirs, "weekly" or "monthly"; `week_start`
    is "monday", "saturday" or "sunday".
    """

    company: str = "Mon entreprise"
    currency: str = "EUR"
    country: str = "FR"
    language: str = "fr"
    timezone: str = "Europe/Paris"
    fiscal_first_month: int = 1
    revenue_basis: str = ""
    keep_generations: int = 5
    engine: str = "duckdb"
    points: str = "weekly"
    week_start: str = "monday"

    @property
    def first_weekday(self) -> int:
        """Return the weekday that weeks begin on, Monday being 0."""
        return WEEK_STARTS.get(self.week_start, MONDAY)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one company and the places in it."""

    folder: Path
    settings: Settings

    @property
    def warehouse(self) -> Path:
        """Return the folder of the generations."""
        return self.folder / "warehouse"

    @property
    def inbox(self) -> Path:
        """Return the watched folder."""
        return self.folder / "inbox"

    @property
    def uploads(self) -> Path:
        """Return the folder of the files given from the pages, one folder each time."""
        return self.folder / "uploads"

    @property
    def scratch(self) -> Path:
        """Return where work under way is put aside, a folder each piece of it."""
        return self.folder / "scratch"

    @property
    def mappings(self) -> Path:
        """Return the folder of saved mapping files."""
        return self.folder / "mappings"

    @property
    def kpis(self) -> Path:
        """Return the folder of the company's own KPI files."""
        return self.folder / "kpis"

    @property
    def models(self) -> Path:
        """Return the folder of the company's own models of objectives."""
        return self.folder / "models"

    @property
    def database(self) -> Path:
        """Return the SQLite file used when `DATABASE_URL` is not set."""
        return self.folder / "jalon.sqlite3"


class UnknownSettingError(Refusal, ValueError):
    """`jalon.toml` names a setting that does not exist, or gives a bad value."""


def opened(folder: Path) -> Workspace:
    """Return the workspace of a folder, with defaults where `jalon.toml` is silent.

    Raises:
        UnknownSettingError: If `jalon.toml` holds an unknown name or a bad value.
    """
    path = folder / "jalon.toml"
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        found = tomllib.loads(text)
    except OSError as error:
        raise UnknownSettingError("{path}: cannot be read.", path=path) from error
    except UnicodeDecodeError as error:
        message = "{path}: this is no UTF-8 text. Save it as UTF-8, then try again."
        raise UnknownSettingError(message, path=path) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        message = '{path}: line {line} is not TOML. Expected e.g. currency = "EUR".'
        raise UnknownSettingError(message, path=path, line=line) from error
    return Workspace(folder, _settings(found, path))


def current() -> Workspace:
    """Return the workspace named by `JALON_WORKSPACE`, else the default folder."""
    return opened(Path(os.environ.get("JALON_WORKSPACE", DEFAULT_FOLDER)))


def _settings(found: dict[str, object], path: Path) -> Settings:
    defaults = Settings()
    for name, value in found.items():
        known = getattr(defaults, name, None) if name in Settings.__slots__ else None
        if known is None or type(value) is not type(known):
            names = ", ".join(Settings.__slots__)
            message = "{path}: cannot use {name} = {value}. Expected one of: {names}."
            raise UnknownSettingError(
                message, path=path, name=name, value=repr(value), names=names
            )
    settings = Settings(**found)  # type: ignore[arg-type]
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = (
            "{path}: there is no time zone {value}. "
            'Expected e.g. timezone = "Europe/Paris".'
        )
        value = repr(settings.timezone)
        raise UnknownSettingError(message, path=path, value=value) from error
    return settings
