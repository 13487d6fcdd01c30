"""What the pages of a workspace are made of at a moment, in a few letters."""

from __future__ import annotations

import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

import jalon
from jalon.queries.evaluations import current_snapshot
from jalon.queries.kpi_values import catalogue_stamp
from jalon.records.mark import shared_mark
from jalon.workspace.folder import Workspace


def standing(
    workspace: Workspace, *, on: datetime.date, at: datetime.datetime
) -> str | None:
    """Return letters that change with whatever a page can show, None where in doubt.

    That is: everything written in the database, the facts, the company's own KPIs and
    settings, the day, and the program itself.
    """
    written = shared_mark(at=at)
    if written is None:
        return None
    told = (
        written,
        current_snapshot(workspace),
        catalogue_stamp(workspace),
        workspace.settings,
        on,
        _program(),
    )
    return letters(told)


def letters(*told: object) -> str:
    """Return letters of what is told, others for anything else."""
    return blake2b(repr(told).encode(), digest_size=12).hexdigest()


@cache
def _program() -> str:
    """Return letters of the program's files, read once a process."""
    home = Path(jalon.__file__).parent
    found = sorted(one for one in home.rglob("*") if one.is_file() and _counts(one))
    return letters([(str(one), one.stat().st_mtime_ns) for one in found])


def _counts(file: Path) -> bool:
    return "__pycache__" not in file.parts
