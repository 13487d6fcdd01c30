"""Evaluations of a whole tree: one measure a KPI, and the season of former years."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from jalon.domain.kpis.question import Ask
from jalon.domain.objectives.objective import (
    BaselineRule,
    Direction,
    Objective,
)
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.calendar import presences, working_days
from jalon.queries.evaluations import base_period, computed, week_ends
from jalon.queries.trust import trust
from jalon.queries.ways import months_of
from jalon.workspace.folder import Workspace

QUARTER = Period(datetime.date(2025, 4, 1), datetime.date(2025, 7, 1))
ON = datetime.date(2025, 6, 30)


def objective(name: str, *, kpi: str = "revenue", owner: str = "company") -> Objective:
    return Objective(
        id=name,
        kpi=kpi,
        owner=owner,
        period=QUARTER,
        direction=Direction.UP,
        original_target=Decimal(1000),
    )


def test_a_whole_tree_on_one_kpi_is_one_measure(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    real = kpi_values.measure

    def counted(workspace: Workspace, kpi: str, asks: Sequence[Ask], **how: Any) -> Any:
        calls.append(kpi)
        return real(workspace, kpi, asks, **how)

    monkeypatch.setattr(kpi_values, "measure", counted)
    people = ("bob", "dora", "charlie", "hugo", "ines")
    tree = [objective("c"), objective("t", owner="team:nouveaux")]
    tree += [objective(one, owner=f"person:{one}") for one in people]

    found = computed(company, [*tree, objective("d", kpi="deals_won")], on=ON)

    assert calls == ["revenue", "deals_won"]
    assert len(found) == 8


def test_without_any_import_every_figure_has_its_reason(workspace: Workspace) -> None:
    found = computed(workspace, [objective("c")], on=ON)

    assert found["c"].status == "no_data"
    assert found["c"].reason == "reason.no_facts_yet"


def test_a_kpi_that_left_the_catalogue_is_told(company: Workspace) -> None:
    found = computed(company, [objective("c", kpi="gone")], on=ON)

    assert (found["c"].status, found["c"].reason) == ("no_data", "reason.unknown_kpi")


@pytest.mark.parametrize(
    ("rule", "first", "after", "expected"),
    [
        pytest.param(BaselineRule.LAST_YEAR, "2025-04-01", "2025-07-01", ("2024-04-01", "2024-07-01"), id="a year earlier"),
        pytest.param(BaselineRule.PREVIOUS, "2025-04-01", "2025-07-01", ("2025-01-01", "2025-04-01"), id="the quarter before"),
        pytest.param(BaselineRule.PREVIOUS, "2025-03-10", "2025-03-20", ("2025-02-28", "2025-03-10"), id="ten days before"),
        pytest.param(BaselineRule.LAST_YEAR, "2024-02-29", "2024-03-31", ("2023-02-28", "2023-03-31"), id="29 February"),
    ],
)  # fmt: skip
def test_the_period_of_a_baseline(
    rule: BaselineRule, first: str, after: str, expected: tuple[str, str]
) -> None:
    from dataclasses import replace

    day = datetime.date.fromisoformat
    asked = replace(
        objective("x"), period=Period(day(first), day(after)), baseline_rule=rule
    )

    assert base_period(asked) == Period(day(expected[0]), day(expected[1]))


def test_the_months_of_a_period_across_two_years() -> None:
    period = Period(datetime.date(2025, 11, 15), datetime.date(2026, 2, 1))

    assert months_of(period) == (11, 12, 1)


@pytest.mark.parametrize(
    ("week_start", "ends"),
    [
        pytest.param(0, [7, 14, 16], id="from Monday: on Sundays"),
        pytest.param(6, [6, 13, 16], id="from Sunday: on Saturdays"),
        pytest.param(5, [5, 12, 16], id="from Saturday: on Fridays"),
    ],
)
def test_weeks_end_on_their_last_day_and_on_the_period_s(
    week_start: int, ends: list[int]
) -> None:
    period = Period(datetime.date(2026, 6, 1), datetime.date(2026, 6, 17))

    assert [day.day for day in week_ends(period, week_start)] == ends


def test_holidays_are_the_country_s(company: Workspace) -> None:
    may = Period(datetime.date(2025, 5, 1), datetime.date(2025, 6, 1))

    assert working_days(company, may).count(may) == 19  # 22 less 1, 8 and 29 May


def test_absences_and_stays_come_from_the_facts(company: Workspace) -> None:
    found = presences(company, on=ON)

    assert found["bob"].share(datetime.date(2025, 2, 18)) == 0
    assert found["bob"].share(datetime.date(2025, 2, 24)) == 1
    assert found["emil"].share(datetime.date(2025, 3, 15)) == 0
    assert found["ines"].share(datetime.date(2025, 5, 5)) == Decimal(1) / 90


def test_freshness_counts_from_the_last_dated_fact(company: Workspace) -> None:
    found = trust(company, on=datetime.date(2026, 1, 31))

    assert found["last_fact_on"] == "2025-07-22"
    assert found["freshness_days"] == 193


@pytest.mark.django_db
def test_a_collective_attainment_adds_actuals_and_targets_up(
    company: Workspace,
) -> None:
    """Second quarter: Bob 9,000 + 70 % of 10,000, Dora 7,000, for 20,000 each."""
    from dataclasses import replace

    from jalon.records import objective_rows

    rate = replace(
        objective("rate", kpi="attainment_rate", owner="team:commerce"),
        original_target=Decimal("0.95"),
    )
    people = [
        replace(
            objective(one, owner=f"person:{one}"),
            original_target=Decimal(20000),
            parent="rate",
        )
        for one in ("bob", "dora")
    ]
    objective_rows.save([rate, *people])

    found = computed(company, [rate], on=ON)["rate"]

    assert found.actual == Decimal("0.575")
    assert found.status == "off_track"
