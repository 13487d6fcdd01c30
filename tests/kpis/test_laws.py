"""Laws every figure keeps, whatever the period, the cut and the filter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.domain.kpis.question import Ask, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import measure, path, value
from jalon.queries.organisation import organisation
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

ADDITIVE = ("revenue", "deals_won", "leads", "calls", "units_sold", "meetings")
PERIODS = st.tuples(
    st.dates(date(2024, 1, 1), date(2025, 6, 30)), st.integers(1, 400)
).map(lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1])))
few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def company(small_company: Callable[..., Workspace]) -> Workspace:
    return small_company("")


def total(
    company: Workspace,
    kpi: str,
    period: Period,
    by: tuple[str, ...] = (),
    where: tuple[str, ...] = (),
) -> Decimal:
    rows = value(company, Question(kpi, period, by, where), on=ON).rows
    return sum((row.value or Decimal(0) for row in rows), Decimal(0))


@few
@given(
    kpi=st.sampled_from(ADDITIVE),
    period=PERIODS,
    by=st.sampled_from(
        [
            *("person", "manager", "team", "team:1", "team:2"),
            *("segment", "channel", "month", "week"),
        ]
    ),
)
def test_slices_add_up_to_the_whole(
    company: Workspace, kpi: str, period: Period, by: str
) -> None:
    assert total(company, kpi, period, (by,)) == total(company, kpi, period)


@few
@given(
    kpi=st.sampled_from(ADDITIVE),
    period=PERIODS,
    name=st.sampled_from(["segment", "channel", "region", "person", "team"]),
    data=st.data(),
)
def test_a_filter_and_its_opposite_share_the_rows(
    company: Workspace, kpi: str, period: Period, name: str, data: st.DataObject
) -> None:
    known = organisation(company, on=ON)
    values = {
        "person": [one.person_id for one in known.people],
        "team": [one.team_id for one in known.teams],
    }.get(name, ["PME", "web", "salon", "Nord", "Île-de-France"])
    chosen = data.draw(st.sampled_from(values))
    one = total(company, kpi, period, where=(f"{name}={chosen}",))
    other = total(company, kpi, period, where=(f"{name}!={chosen}",))

    if kpi in {"revenue", "deals_won"} and name in {"person", "team"}:
        assert one + other >= total(company, kpi, period)  # a share on each side
    else:
        assert one + other == total(company, kpi, period)


@few
@given(kpi=st.sampled_from(ADDITIVE), period=PERIODS)
def test_a_team_is_its_members_and_the_company_is_all_and_nobody(
    company: Workspace, kpi: str, period: Period
) -> None:
    found = {
        row.keys["person_id"]: row.value or Decimal(0)
        for row in value(company, Question(kpi, period, ("person",)), on=ON).rows
    }
    top = measure(company, kpi, [Ask("top", "team:commerce", period)], on=ON)["top"]
    everybody = sum(
        (number for key, number in found.items() if key is not None), Decimal(0)
    )

    assert (top.value or 0) == everybody


@few
@given(
    kpi=st.sampled_from(["revenue", "win_rate", "mrr", "nps", "sales_cycle_days"]),
    period=PERIODS,
)
def test_many_asks_are_as_many_single_ones(
    company: Workspace, kpi: str, period: Period
) -> None:
    owners = ["company", "team:nouveaux", "team:fidelite", "person:bob", "person:dora"]
    asks = [Ask(owner, owner, period) for owner in owners]
    together = measure(company, kpi, asks, on=ON)

    for ask in asks:
        assert measure(company, kpi, [ask], on=ON)[ask.id] == together[ask.id]


@few
@given(
    kpi=st.sampled_from(["revenue", "win_rate", "mrr", "leads"]),
    period=PERIODS,
    step=st.sampled_from(["week", "month"]),
)
def test_a_path_ends_where_the_figure_stands(
    company: Workspace, kpi: str, period: Period, step: str
) -> None:
    ask = Ask("a", "team:commerce", period)
    points = path(company, kpi, ask, on=ON, step=step)
    figure = measure(company, kpi, [ask], on=ON)["a"]

    if points:
        assert points[-1] == (min(period.after - timedelta(days=1), ON), figure.value)
        assert [day for day, _ in points] == sorted({day for day, _ in points})
    else:
        assert period.first > ON
