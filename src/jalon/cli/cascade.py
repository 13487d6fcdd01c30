"""`jalon cascade FILE.json`: a target shared out along a tree, and why each figure."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from jalon.cli.cascade_text import how_text, lines, unmet_text
from jalon.cli.door import Door, UserError, light_door, reason
from jalon.domain.cascade.cases import (
    Checked,
    checked,
    document_of,
    figures_of,
    is_examples,
    is_tree,
    tree_of,
)
from jalon.domain.cascade.descent import cascaded
from jalon.domain.cascade.outcome import Amount, Cascade, Given
from jalon.domain.cascade.plan import Measure, Node, Plan
from jalon.domain.cascade.reading import plan_of
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.refusals import Refusal

FINDINGS = 1
_NO_JSON = (
    "{file} is no JSON: {why}, line {line}, column {column}. Expected an object such"
    ' as {{"kpi": "revenue", "target": 1000000, "nodes": [{{"id": "Alice"}}]}}.'
)
_NO_TEXT = "{file} is no UTF-8 text. Expected a JSON file."
_IN_EXAMPLE = 'Example "{name}": {why}'


@click.command("cascade")
@click.argument("file", metavar="FILE.json")
@light_door
def command(door: Door, file: str) -> None:
    """Share a target out along a tree of teams and people, exactly.

    FILE.json says the target, the method and the nodes; - reads standard input. Exit 1
    where a target could not be handed out as asked: what is missing, and why, is told.
    """
    document = _read(file)
    if is_examples(document):
        _examples(door, document)
        return
    plan, cascade = _cascaded(document)
    if door.json:
        door.emit(answer(plan, cascade))
    else:
        for line in lines(cascade, lang=door.lang):
            door.echo(line)
    if cascade.unmet:
        sys.exit(FINDINGS)


def _cascaded(document: object) -> tuple[Plan, Cascade]:
    plan, levers = plan_of(document, delivered())

    def measure_of(node: Node) -> Measure:
        return levers.get(node.id, plan.measure)

    return plan, cascaded(plan, measure_of)


def _examples(door: Door, document: Mapping[str, Any]) -> None:
    """Work bare examples out, and say which differ from what they expect."""
    found = [_example(case) for case in document["examples"]]
    if door.json:
        door.emit({"examples": [_worked(case, told) for case, told in found]})
    else:
        for case, _ in found:
            sign = "=" if case.agrees else "≠"
            door.echo(f"{case.name}: {' '.join(map(_short, case.found))} {sign}")
    if not all(case.agrees for case, _ in found):
        sys.exit(FINDINGS)


def _worked(case: Checked, told: dict[str, object] | None) -> dict[str, object]:
    return {
        "name": case.name,
        "found": [plain(each) for each in case.found],
        "expected": list(case.expected) or None,
        "agrees": case.agrees,
        "answer": told,
    }


def _example(case: object) -> tuple[Checked, dict[str, object] | None]:
    """Return an example beside what it expects, and its whole answer."""
    given = case if isinstance(case, Mapping) else {}
    try:
        if is_tree(given):
            return checked(given, tree_of(given)), None
        plan, cascade = _cascaded(document_of(given))
    except Refusal as error:
        name = given.get("name") or ""
        raise UserError(_IN_EXAMPLE, name=name, why=error) from error
    return checked(given, figures_of(cascade)), answer(plan, cascade)


def _short(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.000001')).normalize():f}"


def _read(file: str) -> Any:  # noqa: ANN401 - a document is checked by its reader
    """Return a JSON document, its numbers as Decimals.

    Raises:
        UserError: If there is no such file, or it is no JSON.
    """
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        why = reason(error)
        raise UserError("Cannot use {file}: {why}.", file=file, why=why) from error
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=Decimal,
        )
    except UnicodeDecodeError as error:
        raise UserError(_NO_TEXT, file=file) from error
    except json.JSONDecodeError as error:
        raise UserError(
            _NO_JSON, file=file, why=error.msg, line=error.lineno, column=error.colno
        ) from error


def answer(plan: Plan, cascade: Cascade) -> dict[str, object]:
    """Return the JSON document of DOORS.md: targets, how, and what was not met."""
    return {
        "kpi": plan.measure.kpi,
        "unit": plan.measure.unit or None,
        "target": plain(plan.target),
        "method": plan.method.value,
        "step": plan.measure.step,
        "additive": plan.measure.additive,
        "cushion": plain(cascade.top.cushion),
        "assigned": plain(cascade.top.assigned),
        "shift": cascade.top.shift,
        "met": not cascade.unmet,
        "nodes": [_node(each) for each in cascade.given],
        "unmet": [
            {
                "id": each.id or None,
                "cause": each.cause.value,
                "asked": plain(each.asked),
                "reached": plain(each.reached),
                "missing": plain(each.missing),
                "message": unmet_text(each),
            }
            for each in cascade.unmet
        ],
    }


def _node(given: Given) -> dict[str, object]:
    found: dict[str, object] = {
        "id": given.id,
        "parent": given.parent or None,
        "kpi": given.kpi or None,
        "target": plain(given.target),
        "share": given.share,
        "volume": given.volume,
        "assigned": plain(given.assigned),
        "how": {
            "rule": given.how.rule,
            "weight": given.how.weight,
            "guessed": given.how.guessed,
            "bound": given.how.bound.value if given.how.bound else None,
            "text": how_text(given),
        },
    }
    if given.cushion:
        found["cushion"] = given.cushion
    if given.shift is not None:
        found["shift"] = given.shift
    if given.proposed is not None:
        found["proposed"] = given.proposed
        found["gap"] = given.gap
        found["split"] = plain(given.split)
    return found


def plain(number: Amount | None) -> Amount | None:
    """Return a whole float as an integer would be written, others as they are."""
    if isinstance(number, float) and number.is_integer():
        return Decimal(int(number))
    return number
