"""`jalon payout PLAN.toml RESULTS.csv`: what a plan pays, each line with its rule."""

from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, UserError, door, reason
from jalon.domain.incentives.checking import Finding, check
from jalon.domain.incentives.plan import Plan
from jalon.domain.incentives.reading import read_plan
from jalon.domain.incentives.results import Row, read_row
from jalon.domain.incentives.sentences import Figure, Kind, Step
from jalon.domain.incentives.statement import Line, Statement, statement
from jalon.locale.figures import exact, percent

FINDINGS = 1
_UNREADABLE = "Cannot use {file}: {why}."
_NOT_TOML = "{file}, the plan, is no TOML: {why}. Expected e.g. [plan] on a line."
_NO_ROWS = (
    "{file} holds no results. Expected a header and lines, e.g. person;actual;target."
)
_NOT_TEXT = "{file} is no text in UTF-8. Expected a CSV file."


@click.command("payout")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("results", type=click.Path(path_type=Path), required=False)
@door
def command(door: Door, plan: Path, results: Path | None) -> None:
    """Compute what PLAN.toml pays on RESULTS.csv; without results, check the plan.

    Raises:
        UserError: If a file cannot be read; each refusal is one line.
    """
    read = read_plan(_toml(plan))
    checked = check(read)
    if results is None:
        _write_check(door, read, checked)
    else:
        paid = statement(read, _rows(results))
        _write(door, read, paid, checked)
        checked = ()
        if paid.findings:
            click.get_current_context().exit(FINDINGS)
    if checked:
        click.get_current_context().exit(FINDINGS)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UserError(_NOT_TOML, file=path.name, why=error) from None


def _rows(path: Path) -> list[Row]:
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        found = [
            read_row(
                {k: v for k, v in cells.items() if k and isinstance(v, str)}, line=line
            )
            for line, cells in enumerate(reader, start=2)
        ]
    except csv.Error as error:
        raise UserError(_UNREADABLE, file=path.name, why=error) from None
    if not found:
        raise UserError(_NO_ROWS, file=path.name)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(_UNREADABLE, file=path.name, why=reason(error)) from None
    except UnicodeDecodeError:
        raise UserError(_NOT_TEXT, file=path.name) from None


def _write(
    door: Door, plan: Plan, paid: Statement, checked: tuple[Finding, ...]
) -> None:
    told = _teller(door, plan)
    totals = paid.by_person()
    if door.json:
        door.emit(
            {
                "plan": plan.name,
                "currency": plan.currency,
                "lines": [_line(line, told) for line in paid.lines],
                "sum": paid.sum,
                "totals": totals,
                "people": [
                    {
                        "person": one.person,
                        "period": one.period,
                        "earned": one.earned,
                        "paid": one.paid,
                        "owed": one.owed,
                    }
                    for one in paid.balances
                ],
                "payments": _due(paid),
                "findings": [told(each) for each in paid.findings],
                "checks": [_finding(each, told) for each in checked],
            }
        )
        return
    for line in paid.lines:
        amount = exact(line.amount, "money", lang=door.lang, currency=plan.currency)
        door.echo(f"{line.person}  {line.period}  {line.label}  {amount}".strip())
        for each in line.steps:
            door.echo(f"    {told(each)}")
    for person, total in totals.items():
        written = exact(total, "money", lang=door.lang, currency=plan.currency)
        door.echo(_("{person}: {total} in all").format(person=person, total=written))
    for each in paid.findings:
        door.say(told(each))


def _write_check(door: Door, plan: Plan, checked: tuple[Finding, ...]) -> None:
    told = _teller(door, plan)
    if door.json:
        listed = [_finding(each, told) for each in checked]
        door.emit({"plan": plan.name, "checks": listed})
        return
    for each in checked:
        door.echo(f"{each.component}: {told(each.step)}")
    if not checked:
        door.echo(_("The plan has no hole, overlap, cliff or perverse point."))


def _line(line: Line, told: Any) -> dict[str, Any]:  # noqa: ANN401 - a closure
    return {
        "person": line.person,
        "period": line.period or None,
        "rule": line.rule,
        "label": line.label,
        "mode": line.mode or None,
        "row": line.row or None,
        "actual": line.actual,
        "target": line.target,
        "attainment": line.attainment,
        "amount": line.amount,
        "payments": [
            {"when": part.when, "amount": part.amount, "due": part.due}
            for part in line.parts
        ],
        "explanation": [told(each) for each in line.steps],
    }


def _finding(found: Finding, told: Any) -> dict[str, Any]:  # noqa: ANN401 - a closure
    return {
        "component": found.component,
        "code": found.code,
        "at": found.at,
        "message": told(found.step),
    }


def _due(paid: Statement) -> dict[str, Any]:
    """Return, by what it waits for, what is earned and what is due now."""
    sums: dict[str, dict[str, Decimal]] = {}
    for line in paid.lines:
        for part in line.parts:
            one = sums.setdefault(part.when, {"amount": Decimal(0), "due": Decimal(0)})
            one["amount"] += part.amount
            one["due"] += part.due
    return sums


def _teller(door: Door, plan: Plan) -> Any:  # noqa: ANN401 - a closure
    def written(figure: Figure) -> str:
        if figure.kind is Kind.MONEY:
            return exact(figure.number, "money", lang=door.lang, currency=plan.currency)
        if figure.kind is Kind.SHARE:
            return percent(figure.number, lang=door.lang, digits=2)
        return exact(figure.number, "number", lang=door.lang)

    def told(one: Step) -> str:
        return one.told(_, written)

    return told
