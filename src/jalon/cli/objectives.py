"""`jalon objectives import | list | status | explain | export`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, UserError, door, reason
from jalon.cli.objectives_text import (
    explanation_lines,
    fault_line,
    list_lines,
    report_lines,
    status_lines,
)
from jalon.queries.formula_words import formula_said
from jalon.queries.kpi_values import catalogue
from jalon.queries.objective_document import document as status_document
from jalon.queries.objectives import (
    UnknownObjectiveError,
    every,
    explained,
    status,
)
from jalon.queries.sources import trusted
from jalon.reports.objectives_table import row as table_row
from jalon.reports.objectives_table import toml, written
from jalon.usecases.acting import OPERATOR
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_objectives import (
    ObjectivesReport,
    import_objectives,
)
from jalon.usecases.prepare_database import prepare_database

FINDINGS = 1
Document = dict[str, Any]


@click.group("objectives")
def group() -> None:
    """Import, follow, explain objectives."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@door
def import_(found: Door, file: Path) -> None:
    """Import objectives from a TOML, CSV or XLSX file."""
    prepare_database(found.workspace)
    now = datetime.datetime.now().astimezone()
    report = import_objectives(
        found.workspace, file, actor=OPERATOR, on=found.on, at=now
    )
    if found.json:
        found.emit(_report(report))
    else:
        _print(found, report_lines(report, lang=found.lang))
    if report.faults:
        sys.exit(FINDINGS)


@group.command("list")
@door
def list_(found: Door) -> None:
    """List the objectives as they are defined."""
    prepare_database(found.workspace)
    objectives = every(found.workspace)
    if found.json:
        found.emit(
            [
                {
                    **table_row(one),
                    "horizon": one.horizon,
                    "target_in_force": one.target,
                }
                for one in objectives
            ]
        )
    else:
        _print(found, list_lines(objectives))


@group.command("status")
@click.argument("ids", nargs=-1)
@door
def status_(found: Door, ids: tuple[str, ...]) -> None:
    """Say where each objective stands; past their end, objectives close.

    A look at a day to come (`--on`) closes nothing.

    Raises:
        UnknownObjectiveError: If an id fits no objective.
    """
    prepare_database(found.workspace)
    wanted = ids or None
    today = datetime.datetime.now().astimezone().date()
    evaluate(found.workspace, on=found.on, ids=wanted, closing=found.on <= today)
    lines = status(found.workspace, on=found.on, ids=wanted)
    lost = [one for one in ids if one not in {line.id for line in lines}]
    if lost:
        raise UnknownObjectiveError(lost[0], ())
    if found.json:
        at = datetime.datetime.now(datetime.UTC)
        known = {} if not lines else trusted({}, at=at)
        found.emit([_with_late(status_document(line), known) for line in lines])
    else:
        _print(found, status_lines(lines, lang=found.lang))


@group.command("explain")
@click.argument("wanted", metavar="ID")
@click.option("--limit", type=int, default=1000, help="Rows a component, at most.")
@door
def explain(found: Door, wanted: str, limit: int) -> None:
    """List the rows counted in an objective's figure, and how each entered."""
    prepare_database(found.workspace)
    line, explanation = explained(found.workspace, wanted, on=found.on, limit=limit)
    if found.json:
        document = asdict(explanation)
        found.emit({"objective": status_document(line), **document})
    else:
        kpis = catalogue(found.workspace)
        formula = formula_said(kpis[line.kpi], kpis) if line.kpi in kpis else ""
        told = explanation_lines(line, explanation, formula=formula, lang=found.lang)
        _print(found, told)


@group.command("export")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Write this file."
)
@door
def export(found: Door, to: Path | None) -> None:
    """Write the objectives as a file that `import` reads back (TOML by default).

    Raises:
        UserError: If the file cannot be written.
    """
    prepare_database(found.workspace)
    objectives = every(found.workspace)
    if to is None:
        if found.json:
            found.emit([table_row(one) for one in objectives])
        else:
            found.echo(toml(objectives).rstrip("\n"))
        return
    try:
        written(objectives, to)
    except OSError as error:
        message = "Cannot write {file}: {why}."
        raise UserError(message, file=to, why=reason(error)) from error
    if found.json:
        found.emit({"file": str(to), "objectives": len(objectives)})
    else:
        told = _("{count} objectives written to {file}.")
        found.say(told.format(count=len(objectives), file=to))


def _with_late(document: Document, known: Mapping[str, object]) -> Document:
    return document | {"trust": {**document["trust"], **known}}


def _report(report: ObjectivesReport) -> Document:
    return {
        "read": report.read,
        "added": list(report.added),
        "changed": list(report.changed),
        "retargeted": list(report.retargeted),
        "unchanged": list(report.unchanged),
        "unknown_owners": list(report.unknown_owners),
        "faults": [
            {
                "file": one.file,
                "row": one.row,
                "id": one.id or None,
                "field": one.fault.field,
                "code": one.fault.code,
                "found": one.fault.found,
                "example": one.fault.example,
                "message": fault_line(one),
            }
            for one in report.faults
        ],
        "imbalances": [
            {
                "parent": one.parent,
                "target": one.check.parent,
                "children": one.check.children,
                "difference": one.check.difference,
            }
            for one in report.imbalances
        ],
        "overloads": [
            {
                "owner": one.owner,
                "code": one.finding.value,
                "count": one.count,
                "most": one.most,
                "give_up": list(one.give_up),
            }
            for one in report.overloads
        ],
        "without_plan": list(report.without_plan),
    }


def _print(found: Door, lines: Sequence[str]) -> None:
    for line in lines:
        found.echo(line)
