"""Laws every figure keeps, whatever the period, the cut and the filter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.domain.kpis.question import Answer, AnswerRow, Ask, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import (
    measure,
    path,
    value,
    values,
)
from jalon.queries.organisation import organisation
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.bindings import Bindings
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


OF_DEALS = ("revenue", "deals_won", "win_rate", "average_basket", "sales_cycle_days")
OTHERS = ("gross_margin", "units_sold", "calls", "meetings", "leads", "coverage", "nps")


@pytest.mark.parametrize(
    ("by", "where"),
    [(("month", "person"), ()), (("team:1", "segment"), ("amount>4000",))],
    ids=str,
)
def test_kpis_asked_together_answer_as_each_alone(
    company: Workspace, by: tuple[str, ...], where: tuple[str, ...]
) -> None:
    period = Period(date(2024, 1, 1), date(2025, 7, 1))
    keys = OF_DEALS + ("revenue_per_customer",) * (not where) + OTHERS * (not where)
    asked = [Question(key, period, by, where) for key in (*keys, "coverage")]
    together = values(company, asked, on=ON)
    for one, found in zip(asked, together, strict=True):
        alone = value(company, one, on=ON)
        assert _said(found) == _said(alone), one.kpi
        assert (found.unit, found.basis) == (alone.unit, alone.basis)
    assert {row.reason for row in together[-1].rows} == {"needs_remaining"}


def test_a_team_filtered_at_a_level_is_that_team(company: Workspace) -> None:
    half = Period(date(2025, 1, 1), date(2025, 7, 1))
    told = {
        level: total(company, "revenue", half, where=(f"{level}=commerce",))
        for level in ("team", "team:1")
    }
    assert told["team"] == told["team:1"] > 0


def _said(answer: Answer) -> list[AnswerRow]:
    """Return the rows but those of a group without anything, listed or not."""
    return [
        row
        for row in answer.rows
        if not row.labels or row.value not in {None, Decimal(0)} or row.denominator
    ]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries run from now on."""
    found: list[str] = []
    for name in ("run", "run_columns"):
        plain = getattr(Snapshot, name)

        def noting(
            self: Snapshot,
            query: exp.Query,
            bindings: Bindings,
            plain: Callable[..., Any] = plain,
            **options: int,
        ) -> object:
            found.append(query.sql())
            return plain(self, query, bindings, **options)

        monkeypatch.setattr(Snapshot, name, noting)
    return found


@pytest.mark.parametrize(
    "kpi",
    ["lead_conversion_rate", "stage_conversion_rate", "nrr", "retention_rate", "nps"],
)
def test_a_path_takes_no_more_queries_than_its_last_figure(
    company: Workspace, kpi: str, read: list[str]
) -> None:
    ask = Ask("year", "company", Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert len(path(company, kpi, ask, on=ON, step="month")) == 7
    steps = len(read)
    measure(company, kpi, [ask], on=ON)
    assert 0 < steps == len(read) - steps


def test_questions_on_the_same_rows_read_them_once(
    company: Workspace, read: list[str]
) -> None:
    period = Period(date(2024, 1, 1), date(2025, 7, 1))
    kpis = ("revenue", "calls", "deals_won", "meetings", "average_basket", "win_rate")
    asked = [Question(kpi, period, ("month", "person")) for kpi in kpis]
    values(company, asked, on=ON)
    assert len(read) == 3  # won deals, decided deals, activities
