"""Everything asked of an engine about one KPI: its cases, many owners, its rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jalon.domain.kpis.question import Ask, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import explain, measure, value
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

CASES = Path(__file__).parents[2] / "kpis" / "cases"
HALF = Period(date(2025, 1, 1), date(2025, 7, 1))
OWNERS = ("company", "team:nouveaux", "team:commerce", "person:bob", "person:charlie")


@cache
def cases() -> dict[str, list[dict[str, Any]]]:
    """Return the cases of each KPI, which have SQL written by hand of their own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            found.setdefault(case["kpi"], []).append(case)
    return found


def figures(company: Workspace, kpi: str) -> Iterator[tuple[str, object]]:
    """Yield what was asked of a KPI, and every figure of the answer."""
    for case in cases()[kpi]:
        settings = tomllib.loads(case.get("settings", ""))
        under = replace(company, settings=replace(company.settings, **settings))
        question = Question(
            kpi=kpi,
            period=Period(case["from"], case["to"]),
            by=tuple(case.get("by", ())),
            where=tuple(case.get("where", ())),
            basis=case.get("basis", ""),
        )
        yield case["name"], tuple(value(under, question, on=case.get("on", ON)).rows)
    asks = [Ask(owner, owner, HALF) for owner in OWNERS]
    yield "owners", measure(company, kpi, asks, on=ON)
    yield "rows", explain(company, kpi, asks[0], on=ON)
