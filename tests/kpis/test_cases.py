"""Every KPI answers as SQL written by hand from its definition does.

A case of `cases/*.toml` is a question and the rows expected: the columns named after a
dimension (`person_id`, `segment`, `month`) identify a row; `value`, `numerator`,
`denominator`, `beside_…` are compared where the SQL gives them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.question import Answer, AnswerRow, Ask, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import catalogue, measure, value
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

HERE = Path(__file__).parent
Case = dict[str, Any]
Figures = dict[str, Decimal | float | None]
FIGURES = ("value", "numerator", "denominator")
CLOSE_ENOUGH = Decimal("1e-12")


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{case['kpi']}: {case['name']}")
        for path in sorted((HERE / "cases").glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


@pytest.mark.parametrize("case", _cases())
def test_a_kpi_answers_as_sql_written_by_hand(
    case: Case, small_company: Callable[[str], Workspace]
) -> None:
    company = small_company(case.get("settings", ""))
    answer = _answer(company, case)
    if case.get("no_value"):
        assert [(row.value, bool(row.reason)) for row in answer.rows] == [(None, True)]
        return
    expected = _expected(company, case)
    found = {_key(row, case): row for row in answer.rows if _says_something(row)}
    assert sorted(found, key=str) == sorted(expected, key=str)
    for key, figures in expected.items():
        for name, figure in figures.items():
            _same(_figure(found[key], name), figure, case, f"{key} {name}")


def test_every_kpi_of_the_catalogue_has_a_case(
    small_company: Callable[[str], Workspace],
) -> None:
    asked = {param.values[0]["kpi"] for param in _cases()}
    assert set(catalogue(small_company(""))) - asked == set()


def _answer(company: Workspace, case: Case) -> Answer:
    question = Question(
        kpi=case["kpi"],
        period=Period(case["from"], case["to"]),
        by=tuple(case.get("by", ())),
        where=tuple(case.get("where", ())),
        basis=case.get("basis", ""),
    )
    return value(company, question, on=case.get("on", ON))


def _expected(company: Workspace, case: Case) -> dict[tuple[object, ...], Figures]:
    generations = Generations(company.warehouse)
    with duckdb.connect(
        str(generations.path(str(generations.current()))), read_only=True
    ) as connection:
        connection.execute((HERE / "prelude.sql").read_text("utf-8"))
        result = connection.execute(case["sql"])
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {
        tuple(row[name] for name in names if not _is_figure(name)): _with_value(row)
        for row in rows
    }


def _with_value(row: dict[str, Any]) -> Figures:
    figures = {name: cell for name, cell in row.items() if _is_figure(name)}
    if "value" not in figures and "denominator" in figures:
        below = Decimal(figures["denominator"])
        figures["value"] = Decimal(figures["numerator"] or 0) / below if below else None
    return figures


def _is_figure(name: str) -> bool:
    return name in FIGURES or name.startswith("beside_")


def _key(row: AnswerRow, case: Case) -> tuple[object, ...]:
    return tuple(
        row.keys[f"{name}_id"] if f"{name}_id" in row.keys else row.labels[name]
        for name in case.get("by", ())
    )


def _says_something(row: AnswerRow) -> bool:
    """A period or a person without any fact may be listed or not."""
    return (
        not row.labels or row.value not in {None, Decimal(0)} or bool(row.denominator)
    )


def _figure(row: AnswerRow, name: str) -> Decimal | None:
    if name.startswith("beside_"):
        return row.beside[name.removeprefix("beside_")]
    found: Decimal | None = getattr(row, name)
    return found


def _same(
    found: Decimal | None, expected: Decimal | float | None, case: Case, what: str
) -> None:
    if expected is None or found is None:
        assert found == expected, what
        return
    near = Decimal(case.get("tolerance", "0"))
    if isinstance(expected, float):
        near = max(near, abs(Decimal(expected)) * CLOSE_ENOUGH)
    assert abs(found - Decimal(expected)) <= max(near, CLOSE_ENOUGH), (
        f"{what}: found {found}, by hand {expected}"
    )


@pytest.mark.parametrize("key", sorted(delivered()))
def test_a_kpi_of_a_company_with_no_such_facts_says_so(
    key: str, small_company: Callable[..., Workspace]
) -> None:
    company = small_company(only=("people", "teams"))
    question = Question(kpi=key, period=Period(date(2025, 4, 1), date(2025, 7, 1)))
    (row,) = value(company, question, on=ON).rows
    if key == "rep_retention_rate":
        assert row.value == 1
        return
    assert row.value is None
    assert row.reason in {
        "no_facts",
        "needs_actual",
        "needs_remaining",
        "needs_forecast",
        "needs_level",
    }


@pytest.mark.parametrize("key", sorted(delivered()))
def test_a_figure_asked_for_an_owner_is_the_one_asked_of_the_question(
    key: str, small_company: Callable[..., Workspace]
) -> None:
    company = small_company()
    period = Period(date(2025, 1, 1), date(2025, 4, 1))
    asks = [
        Ask("all", "company", period),
        Ask("later", "company", Period(period.after, ON)),
    ]
    measured = measure(company, key, asks, on=ON)["all"]
    (row,) = value(company, Question(kpi=key, period=period), on=ON).rows
    assert (measured.value, measured.reason) == (row.value, row.reason)


ADDITIVE = [
    "revenue",
    "gross_margin",
    "deals_won",
    "leads",
    "calls",
    "meetings",
    "units_sold",
    "mrr",
]


CUTS = [(key, by) for key in ADDITIVE for by in ("person", "team", "segment", "month")]


# A stock does not add up over time.
@pytest.mark.parametrize(
    ("key", "by"), [cut for cut in CUTS if cut != ("mrr", "month")]
)
def test_slices_of_an_additive_kpi_add_up_to_the_whole(
    key: str, by: str, small_company: Callable[..., Workspace]
) -> None:
    company = small_company()
    period = Period(date(2025, 1, 1), date(2025, 7, 1))
    (whole,) = value(company, Question(kpi=key, period=period), on=ON).rows
    slices = value(company, Question(kpi=key, period=period, by=(by,)), on=ON).rows
    assert sum(row.value or 0 for row in slices) == whole.value
