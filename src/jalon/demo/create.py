"""Create the sample company in a folder, or find it there as it was left.

`demo.json` marks the folder as a sample: only such a folder is ever rebuilt. It says
`"complete": false` until the last step, so that a sample cut short is made again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from jalon.demo import company
from jalon.demo.load import load_rows
from jalon.demo.objectives import write_objectives
from jalon.demo.sample import SEED, sample
from jalon.demo.users import create_users
from jalon.demo.wishes import quarter, year
from jalon.usecases.create_workspace import create_workspace
from jalon.usecases.evaluate import evaluate
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Settings, Workspace, opened

MARK = "demo.json"
WEEKS_OF_HISTORY = 6


class FolderTakenError(Exception):
    """The folder holds something that is not a sample company."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds something else than the sample company. "
            "Expected a new or empty folder, e.g. jalon demo demo-workspace."
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes two samples the same."""

    on: date
    scale: int = 1
    seed: int = SEED


def is_there(folder: Path, recipe: Recipe) -> bool:
    """Return whether the folder already holds this very sample, complete.

    Raises:
        FolderTakenError: If it holds something else than a sample.
    """
    mark = folder / MARK
    if not mark.exists():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderTakenError(folder)
        return False
    try:
        return bool(json.loads(mark.read_text("utf-8")) == _told(recipe, complete=True))
    except ValueError:
        return False


def create(
    folder: Path, recipe: Recipe, *, progress: Callable[[str], None]
) -> Workspace:
    """Create the sample company; `progress` is told the code of each step begun.

    Django must be ready, with the folder as its workspace.

    Raises:
        FolderTakenError: If the folder holds something else than a sample.
    """
    if is_there(folder, recipe):
        return opened(folder)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    _mark(folder, recipe, complete=False)
    workspace = create_workspace(
        folder, Settings(company=company.NAME, revenue_basis="deals")
    )
    progress("rows")
    rows = sample(recipe.on, seed=recipe.seed)
    progress("load")
    warehouse = Generations(workspace.warehouse, workspace.settings.keep_generations)
    load_rows(warehouse, rows, on=recipe.on, scale=recipe.scale)
    progress("objectives")
    create_users()
    at = datetime.combine(recipe.on, time(8), tzinfo=UTC)
    write_objectives(workspace, on=recipe.on, at=at)
    progress("evaluate")
    for day in days_evaluated(recipe.on):
        evaluate(workspace, on=day)
    _mark(folder, recipe, complete=True)
    return workspace


def days_evaluated(on: date) -> tuple[date, ...]:
    """Return the days figures are kept for: closings, last Sundays, the day itself."""
    closings = {year(on).first, quarter(on).first}
    sunday = on - timedelta(days=on.isoweekday() % 7)
    weeks = {sunday - timedelta(days=7 * back) for back in range(WEEKS_OF_HISTORY)}
    return tuple(sorted(day for day in {*closings, *weeks, on} if day <= on))


def _mark(folder: Path, recipe: Recipe, *, complete: bool) -> None:
    text = json.dumps(_told(recipe, complete=complete), indent=1)
    (folder / MARK).write_text(text, "utf-8")


def _told(recipe: Recipe, *, complete: bool) -> dict[str, object]:
    return {**asdict(recipe), "on": recipe.on.isoformat(), "complete": complete}
