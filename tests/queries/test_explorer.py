"""Each cell of an exploration is explained by rows that give the same value."""

from __future__ import annotations

from datetime import date

import pytest

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.queries.explorer import Exploration, explained_cell, explored
from jalon.workspace.folder import Workspace
from tests.worlds import small

pytestmark = pytest.mark.django_db
ALICE = Viewer(Role.DIRECTOR, "alice")
HALF = Period(date(2025, 1, 1), date(2025, 7, 1))
CUTS = [
    ("revenue", ("person", "segment")),
    ("revenue", ("team",)),
    ("win_rate", ("team",)),
    ("win_rate", ("person",)),
    ("win_rate", ("channel", "product")),
    ("sales_cycle_days", ("manager",)),
    ("new_customers", ("segment",)),
    ("lead_conversion_rate", ("person",)),
    ("average_basket", ("account",)),
    ("nps", ("account",)),
    ("calls", ("person",)),
    ("gross_margin_rate", ("line",)),
    ("retention_rate", ("segment",)),
    ("mrr", ("person",)),
    ("pipeline_value", ("team",)),
]


@pytest.mark.parametrize("grain", ["", "quarter"])
@pytest.mark.parametrize(
    ("kpi", "by"), CUTS, ids=[f"{k}-{'-'.join(b)}" for k, b in CUTS]
)
def test_the_rows_of_a_cell_give_its_value(
    company: Workspace, kpi: str, by: tuple[str, ...], grain: str
) -> None:
    asked = Exploration(kpi=kpi, period=HALF, by=by, grain=grain)
    found = explored(company, asked, viewer=ALICE, on=small.ON)
    assert found.cells

    for cell in found.cells:
        at = {
            name: cell.row.keys.get(f"{name}_id", label) or ""
            for name, label in cell.row.labels.items()
        }
        _kpi, told, _period = explained_cell(
            company, asked, at, viewer=ALICE, on=small.ON, limit=1000
        )
        assert told.value == cell.row.value, at


def test_a_group_met_before_only_is_kept_without_a_value(company: Workspace) -> None:
    second = Period(date(2025, 4, 1), date(2025, 7, 1))
    asked = Exploration(
        kpi="deals_won", period=second, by=("person",), against="previous"
    )

    found = explored(company, asked, viewer=ALICE, on=small.ON)

    # Emil won d14 in March, then left.
    (emil,) = [one for one in found.cells if one.row.keys["person_id"] == "emil"]
    assert (emil.row.value, emil.row.reason) == (None, "no_values")
    assert emil.before is not None
    assert emil.before.value == 1


def test_hidden_groups_never_show_in_the_compared_period(company: Workspace) -> None:
    bob = Viewer(Role.SALESPERSON, "bob")
    asked = Exploration(kpi="deals_won", period=HALF, by=("person",), against="N-1")

    found = explored(company, asked, viewer=bob, on=small.ON)

    assert {cell.row.keys["person_id"] for cell in found.cells} <= {"bob", None}
    assert found.hidden > 0
