"""Create the sample company: facts, three users, objectives, their evaluations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from jalon.demo import company
from jalon.demo.load import load_rows
from jalon.demo.objectives import write_objectives
from jalon.demo.pay import write_pay
from jalon.demo.place import Recipe, mark
from jalon.demo.planning import write_planning
from jalon.demo.points import write_later_points, write_points
from jalon.demo.recognised import write_recognition
from jalon.demo.reviewed import write_reviewed
from jalon.demo.sample import sample
from jalon.demo.sequel import load_sequel
from jalon.demo.users import create_users
from jalon.demo.wishes import quarter, year
from jalon.usecases.create_workspace import create_workspace
from jalon.usecases.evaluate import evaluate
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Settings, Workspace

WEEKS_OF_HISTORY = 4


def create(
    folder: Path, recipe: Recipe, *, progress: Callable[[str], None]
) -> Workspace:
    """Fill a cleared folder; `progress` is told the code of each step begun.

    Django must be ready, with the folder as its workspace.
    """
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
    write_planning(workspace, on=recipe.on, at=at)
    write_pay(workspace, on=recipe.on, at=at)
    write_points(recipe.on, seed=recipe.seed)
    write_reviewed(workspace, on=recipe.on)
    write_recognition(workspace, on=recipe.on)
    mark(folder, recipe, complete=True)
    return workspace


def go_on(
    workspace: Workspace,
    recipe: Recipe,
    later: date,
    *,
    progress: Callable[[str], None],
) -> None:
    """Let the company live on to a later day: facts, points, figures.

    Django must be ready, with the folder as its workspace.
    """
    progress("load")
    warehouse = Generations(workspace.warehouse, workspace.settings.keep_generations)
    load_sequel(warehouse, on=recipe.on, later=later)
    write_later_points(recipe.on, later, seed=recipe.seed)
    progress("evaluate")
    evaluate(workspace, on=later)


def days_evaluated(on: date) -> tuple[date, ...]:
    """Return the days figures are kept for: closings, last Sundays, the day itself."""
    closings = {year(on).first, quarter(on).first}
    sunday = on - timedelta(days=on.isoweekday() % 7)
    weeks = {sunday - timedelta(days=7 * back) for back in range(WEEKS_OF_HISTORY)}
    return tuple(sorted(day for day in {*closings, *weeks, on} if day <= on))
