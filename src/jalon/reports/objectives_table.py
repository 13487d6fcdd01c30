"""Objectives as a file: TOML, CSV or XLSX with the same columns.

What is written here, `jalon objectives import` reads back as the same objectives. In
CSV and XLSX, lists of words are separated by semicolons and lists of tables are JSON.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from jalon.domain.objectives.objective import (
    Action,
    Assessment,
    BaselineRule,
    Objective,
    Revision,
)
from jalon.domain.objectives.reading import COLUMNS
from jalon.domain.refusals import Refusal

FORMATS = (".toml", ".csv", ".xlsx")
Cell = object
LISTS = frozenset({"where", "weights"})
TABLES = frozenset({"targets", "actions", "revisions", "levels", "assessments"})
FRACTION = "0.############"
DAY = "yyyy-mm-dd"


class UnknownFormatError(Refusal, ValueError):
    """The file's ending is none of the three."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "Cannot write {file}: expected a name ending in {endings}, "
            "e.g. objectives.toml.",
            file=path.name,
            endings=", ".join(FORMATS),
        )


def written(objectives: Iterable[Objective], path: Path) -> None:
    """Write the objectives in the format of the file's ending.

    Raises:
        UnknownFormatError: If the ending is none of the three.
    """
    found = tuple(objectives)
    suffix = path.suffix.lower()
    if suffix == ".toml":
        path.write_text(toml(found), encoding="utf-8")
    elif suffix == ".csv":
        path.write_text(as_csv(found), encoding="utf-8", newline="")
    elif suffix == ".xlsx":
        _write_xlsx(found, path)
    else:
        raise UnknownFormatError(path)


def row(objective: Objective) -> dict[str, Cell]:
    """Return the cells of one objective that hold something."""
    rule = objective.baseline_rule
    measured = rule not in {BaselineRule.NONE, BaselineRule.NUMBER}
    baseline = rule.value if measured else objective.baseline
    cells: dict[str, Cell] = {
        "id": objective.id,
        "series": objective.series,
        "statement": objective.statement,
        "lang": objective.lang,
        "kpi": objective.kpi,
        "owner": objective.owner,
        "first": objective.period.first,
        "after": objective.period.after,
        "direction": objective.direction.value,
        "baseline": baseline,
        "baseline_value": objective.baseline if measured else None,
        "baseline_snapshot": objective.baseline_snapshot,
        "target": objective.original_target,
        "change": objective.change,
        "minimum": objective.bands.minimum,
        "excellent": objective.bands.excellent,
        "where": list(objective.where),
        "parent": objective.parent,
        "weight": objective.weight,
        "phasing": objective.phasing.kind.value,
        "weights": list(objective.phasing.weights),
        "nature": objective.nature,
        "state": objective.state.value,
        "closed_on": objective.closed_on,
        "closed_snapshot": objective.closed_snapshot,
        "targets": [{"from": d.first, "value": d.value} for d in objective.plan],
        "actions": [_action(action) for action in objective.actions],
        "revisions": [_revision(revision) for revision in objective.revisions],
        "model": objective.model,
        "levels": list(objective.levels),
        "assessments": [_assessment(one) for one in objective.assessments],
        "overruled": objective.overruled,
    }
    return {
        name: cells[name]
        for name in COLUMNS
        if name in cells and cells[name] not in ("", None, [])
    }


def toml(objectives: Iterable[Objective]) -> str:
    """Return the text of an objectives file."""
    blocks = []
    for objective in objectives:
        lines = [f"{name} = {_toml(value)}" for name, value in row(objective).items()]
        blocks.append("\n".join(["[[objective]]", *lines]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def as_csv(objectives: Iterable[Objective]) -> str:
    """Return the text of a CSV file, comma-separated, one objective a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for objective in objectives:
        cells = row(objective)
        writer.writerow([_text(name, cells.get(name)) for name in COLUMNS])
    return out.getvalue()


def _write_xlsx(objectives: Iterable[Objective], path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - only a spreadsheet pays for it

    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": DAY})
        head = book.add_format({"bold": True})
        sheet = book.add_worksheet("objectives")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, COLUMNS, head)
        for line, objective in enumerate(objectives, start=1):
            cells = row(objective)
            for rank, name in enumerate(COLUMNS):
                value = cells.get(name)
                if isinstance(value, datetime.date):
                    sheet.write_datetime(line, rank, value, day)
                elif isinstance(value, Decimal):
                    sheet.write_number(line, rank, float(value))
                elif value is not None:
                    sheet.write_string(line, rank, _text(name, value))


def _text(name: str, value: Cell) -> str:
    if value is None:
        return ""
    if name in LISTS and isinstance(value, list):
        return ";".join(_plain(item) for item in value)
    if name in TABLES:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value)


def _plain(value: Cell) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return str(value)


def _toml(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        items = [_toml(item) for item in value]
        if value and isinstance(value[0], dict):
            return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return _plain(value)


def _action(action: Action) -> dict[str, Cell]:
    return _filled(
        action=action.action,
        owner=action.owner,
        due=action.due,
        done=action.done,
        lever=action.lever,
        effect=action.effect,
        done_on=action.done_on,
        done_by=action.done_by,
        result=action.result,
    )


def _assessment(said: Assessment) -> dict[str, Cell]:
    return _filled(
        side=said.side, level=said.level, on=said.on, evidence=said.evidence, by=said.by
    )


def _revision(revision: Revision) -> dict[str, Cell]:
    return _filled(
        former=revision.former,
        new=revision.new,
        effective_on=revision.effective_on,
        reason=revision.reason,
        text=revision.text,
        by=revision.by,
        at=revision.at,
        effort_credited=revision.effort_credited,
        priorities=revision.priorities,
        message=revision.message,
    )


def _filled(**cells: Cell) -> dict[str, Cell]:
    return {name: value for name, value in cells.items() if value not in ("", None)}
