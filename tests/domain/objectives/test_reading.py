"""Rows of an objectives file, as people write them."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from jalon.domain.objectives.objective import BaselineRule, Direction, Horizon
from jalon.domain.objectives.reading import Reading, read


@dataclass(frozen=True)
class Known:
    key: str
    unit: str
    better: str
    kind: str


KPIS = {
    kpi.key: kpi
    for kpi in (
        Known("revenue", "money", "up", "sum"),
        Known("win_rate", "share", "up", "ratio"),
        Known("sales_cycle_days", "day", "down", "mean"),
        Known("nps", "point", "up", "score"),
        Known("retention_rate", "share", "up", "cohort"),
    )
}
DOORS = """
id = "T3-ca-central"
statement = "Augmenter de 15 % le chiffre d'affaires sur les PME d'ici la fin du trimestre"
kpi = "revenue"
owner = "team:central"
first = 2017-07-01
after = 2017-10-01
baseline = 1150000
target = 1322500
bands = { minimum = 1250000, excellent = 1400000 }
where = ["segment=PME"]
parent = "T3-ca"
weight = 0.5
"""


def reading(toml: str) -> Reading:
    return read(tomllib.loads(toml, parse_float=Decimal), kpis=KPIS)


def row(**changed: Any) -> dict[str, object]:
    base: dict[str, object] = {
        "id": "x",
        "kpi": "revenue",
        "owner": "company",
        "first": "2026-01-01",
        "after": "2026-04-01",
        "target": "100",
    }
    return {**base, **changed}


def test_the_example_of_the_doors_is_read_whole() -> None:
    (found,) = reading(DOORS).objectives

    assert found.id == "T3-ca-central"
    assert found.owner == "team:central"
    assert found.original_target == Decimal(1322500)
    assert found.baseline == Decimal(1150000)
    assert found.bands.minimum == Decimal(1250000)
    assert found.bands.excellent == Decimal(1400000)
    assert found.where == ("segment=PME",)
    assert found.parent == "T3-ca"
    assert found.weight == Decimal("0.5")
    assert found.direction is Direction.UP
    assert found.horizon is Horizon.SHORT


def test_a_row_of_a_spreadsheet_says_the_same_in_text() -> None:
    written = row(first="01/07/2017", after="2017-10-01", target="1 322 500,50")

    (found,) = read(written, kpis=KPIS).objectives

    assert found.period.first == datetime.date(2017, 7, 1)
    assert found.original_target == Decimal("1322500.50")


def test_a_change_on_a_number_gives_the_target_at_once() -> None:
    written = row(target="", baseline="1150000", change="+15 %")

    (found,) = read(written, kpis=KPIS).objectives

    assert found.original_target == Decimal(1322500)


def test_a_change_on_last_year_waits_for_the_measure() -> None:
    (found,) = read(
        row(target="", baseline="n-1", change="+12 %"), kpis=KPIS
    ).objectives

    assert found.baseline_rule is BaselineRule.LAST_YEAR
    assert found.original_target is None


def test_a_bare_percentage_on_a_rate_says_both_readings() -> None:
    written = row(kpi="win_rate", target="", baseline="0.22", change="+15 %")

    (fault,) = read(written, kpis=KPIS).faults

    assert fault.code == "fault.percent_of_rate"
    assert fault.details == {"points": "+15 pt", "relative": "x1.15"}


def test_all_the_faults_of_a_row_are_told_at_once() -> None:
    written = row(kpi="revenu", owner="", first="soon", weight="-1")

    found = read(written, kpis=KPIS)

    assert {fault.field for fault in found.faults} >= {"kpi", "owner", "first"}
    assert found.objectives == ()


@pytest.mark.parametrize(
    ("wrong", "meant"), [("revenu", "revenue"), ("win rate", "win_rate")]
)
def test_a_wrong_key_names_the_one_spelt_most_like_it(wrong: str, meant: str) -> None:
    (fault,) = read(row(kpi=wrong), kpis=KPIS).faults
    assert (fault.field, fault.found, fault.example) == ("kpi", wrong, meant)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        pytest.param({"after": "2026-01-01"}, "after", "fault.after", id="no day"),
        pytest.param({"target": ""}, "target", "fault.target_missing", id="no target"),
        pytest.param({"target": "a lot"}, "target", "fault.number", id="no number"),
        pytest.param({"kpi": "win_rate", "target": "28"}, "target", "fault.rate", id="28 for 28 %"),
        pytest.param({"target": "28 %"}, "target", "fault.percent_of_amount", id="a part of what"),
        pytest.param({"change": "+5 %", "target": ""}, "baseline", "fault.change_without_baseline", id="more than what"),
        pytest.param({"direction": "sideways"}, "direction", "fault.choice", id="a direction"),
        pytest.param({"direction": "maintain"}, "bands", "fault.maintain", id="no band"),
        pytest.param({"every": "fortnight"}, "every", "fault.choice", id="an unknown rhythm"),
        pytest.param({"tagret": "3"}, "tagret", "fault.unknown_column", id="a typing slip"),
        pytest.param({"phasing": "weights"}, "weights", "fault.weights", id="no weights"),
        pytest.param({"kpi": "sales_cycle_days", "baseline": "35", "target": "45"}, "direction", "fault.direction", id="the wrong way"),
    ],
)  # fmt: skip
def test_a_fault_names_its_field(
    changed: dict[str, str], field: str, code: str
) -> None:
    faults = read(row(**changed), kpis=KPIS).faults

    assert (field, code) in {(fault.field, fault.code) for fault in faults}


def test_a_rate_may_be_written_with_its_percent_sign() -> None:
    (found,) = read(row(kpi="win_rate", target="28 %"), kpis=KPIS).objectives

    assert found.original_target == Decimal("0.28")


def test_every_month_of_a_year_makes_twelve_objectives() -> None:
    written = row(every="month", after="2027-01-01", target="30")

    found = read(written, kpis=KPIS).objectives

    assert len(found) == 12
    assert found[1].id == "x-2026-02"
    assert found[1].period.first == datetime.date(2026, 2, 1)
    assert found[1].period.after == datetime.date(2026, 3, 1)
    assert {objective.series for objective in found} == {"x"}


def test_a_monthly_list_of_a_flow_adds_up_to_the_target() -> None:
    toml = """
    id = "x"
    kpi = "revenue"
    owner = "company"
    first = 2026-01-01
    after = 2026-04-01
    targets = [
      { from = 2026-01-01, value = 100 },
      { from = 2026-02-01, value = 150 },
      { from = 2026-03-01, value = 250 },
    ]
    """

    (found,) = reading(toml).objectives

    assert found.original_target == Decimal(500)
    assert len(found.plan) == 3


def test_an_id_is_made_when_none_is_given_and_it_is_always_the_same() -> None:
    first = read(row(id="", owner="person:Léa"), kpis=KPIS).objectives[0].id

    assert first == read(row(id="", owner="person:Léa"), kpis=KPIS).objectives[0].id
    assert first.endswith("2026-01-01")


@pytest.mark.parametrize(
    ("after", "horizon"),
    [
        pytest.param("2026-04-01", Horizon.SHORT, id="a quarter"),
        pytest.param("2026-04-02", Horizon.MEDIUM, id="a day more"),
        pytest.param("2027-01-01", Horizon.MEDIUM, id="a year"),
        pytest.param("2027-01-02", Horizon.LONG, id="a year and a day"),
    ],
)
def test_the_horizon_follows_from_the_dates(after: str, horizon: Horizon) -> None:
    (found,) = read(row(after=after), kpis=KPIS).objectives

    assert found.horizon is horizon
