"""Every KPI explains its figure down to rows that add up to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from jalon.domain.kpis.algebra import Measure
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.queries.kpi_values import explain, measure
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

FIRST_QUARTER = Period(date(2025, 1, 1), date(2025, 4, 1))
ADDED = {Measure.SUM, Measure.COUNT}


@pytest.mark.parametrize("key", sorted(delivered()))
def test_an_explanation_gives_the_figure_and_all_its_rows(
    key: str, small_company: Callable[..., Workspace]
) -> None:
    company = small_company()
    ask = Ask("figure", "team:nouveaux", FIRST_QUARTER)
    figure = measure(company, key, [ask], on=ON)["figure"]
    explanation = explain(company, key, ask, on=ON)
    assert (explanation.value, explanation.reason) == (figure.value, figure.reason)
    for component in explanation.components:
        assert component.total_rows == len(component.rows), component.name


@pytest.mark.parametrize("owner", ["company", "team:nouveaux", "person:bob"])
@pytest.mark.parametrize(
    "key", ["revenue", "win_rate", "cac", "nrr", "crm_adoption", "average_basket"]
)
def test_the_amounts_counted_add_up_to_each_component(
    key: str, owner: str, small_company: Callable[..., Workspace]
) -> None:
    explanation = explain(
        small_company(), key, Ask("figure", owner, FIRST_QUARTER), on=ON
    )
    kpi = delivered()[key]
    for component in explanation.components:
        definition = kpi.components_on("deals").get(component.name)
        if definition is None or definition.measure not in ADDED:
            continue
        if definition.source is not None and definition.source.having is not None:
            continue  # a threshold: the rows show what was summed, not who reached it
        counted = sum((row.counted or Decimal(0) for row in component.rows), Decimal(0))
        assert counted == pytest.approx(component.value, abs=Decimal("1e-9"))


def test_a_shared_deal_shows_its_share(small_company: Callable[..., Workspace]) -> None:
    """Bob has 60 % of d17, worth 30,000; the deal is whole for his team."""
    entered = {}
    for owner in ("person:bob", "team:nouveaux", "company"):
        (component,) = explain(
            small_company(), "revenue", Ask("figure", owner, FIRST_QUARTER), on=ON
        ).components
        (row,) = [row for row in component.rows if row.facts["deal_id"] == "d17"]
        entered[owner] = (row.share, row.counted)
    assert entered == {
        "person:bob": (Decimal("0.6"), Decimal(18000)),
        "team:nouveaux": (Decimal(1), Decimal(30000)),
        "company": (Decimal(1), Decimal(30000)),
    }


def test_nobody_owns_the_spend(small_company: Callable[..., Workspace]) -> None:
    explanation = explain(
        small_company(), "cac", Ask("figure", "person:bob", FIRST_QUARTER), on=ON
    )
    assert (explanation.value, explanation.reason) == (None, "not_carried")
    assert explanation.components == ()


def test_the_formula_is_said_in_both_languages(
    small_company: Callable[..., Workspace],
) -> None:
    explanation = explain(
        small_company(), "win_rate", Ask("figure", "company", FIRST_QUARTER), on=ON
    )
    assert set(explanation.formula_words) == {"fr", "en"}
    assert all(
        set(component.words) == {"fr", "en"} for component in explanation.components
    )
