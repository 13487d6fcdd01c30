"""The planning grid of a rate and of a mean: parents are means weighted by volumes.

In 2024 the small company closed few deals: Bob won 3 of 4 in 2024 (d01, d04 won, d10
lost, and d12 came in 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from jalon.domain.cascade.agreement import Said
from jalon.domain.cascade.grid import GridRow
from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.planning import page, reconciliation
from jalon.records import planning_rows
from jalon.usecases.acting import SYSTEM
from jalon.usecases.agree import answer, propose, publish
from jalon.usecases.cascade_grid import (
    create_planning,
    set_cells,
    set_lock,
    set_total,
    share_out,
    undo,
)
from jalon.workspace.folder import Workspace
from tests.worlds.followed import AT, ON, YEAR

pytestmark = pytest.mark.django_db
NEXT = Period(YEAR.after, YEAR.after.replace(year=YEAR.after.year + 1))
RATE = "closing"


def _made(
    company: Workspace,
    kpi: str = "win_rate",
    target: str = "0.6",
    method: Method = Method.HISTORY,
    spread: Spread = Spread.SEASON,
) -> str:
    return create_planning(
        company,
        RATE,
        kpi,
        NEXT,
        Decimal(target),
        method=method,
        spread=spread,
        actor=SYSTEM,
        on=ON,
        at=AT,
    )


def _rows(planning: str) -> dict[str, GridRow]:
    return {row.owner: row for row in planning_rows.load(planning)}


def _mean(rows: Iterable[GridRow]) -> Decimal:
    """Return the mean of people's months, weighted, reckoned anew."""
    pairs = [
        (value, volume)
        for row in rows
        for value, volume in zip(row.months, row.volumes, strict=True)
    ]
    whole = sum(volume for _, volume in pairs)
    return sum((value * volume for value, volume in pairs), Decimal(0)) / whole


def _people(planning: str, team: str = "") -> list[GridRow]:
    return [
        row
        for row in planning_rows.load(planning)
        if row.owner.startswith("person:") and row.parent.endswith(team)
    ]


@pytest.mark.parametrize("method", [Method.HISTORY, Method.EQUAL])
@pytest.mark.parametrize("spread", list(Spread))
def test_the_target_is_the_mean_of_everybody_s_months(
    company: Workspace, method: Method, spread: Spread
) -> None:
    planning = _made(company, method=method, spread=spread)
    found = _rows(planning)
    assert found["company"].total == Decimal("0.6")
    assert _mean(_people(planning)) == pytest.approx(
        Decimal("0.6"), abs=Decimal("0.001")
    )
    assert all(0 <= value <= 1 for row in found.values() for value in row.months)


def test_a_team_is_the_mean_of_its_members_and_not_their_sum(
    company: Workspace,
) -> None:
    planning = _made(company)
    members = _people(planning, "team:nouveaux")
    team = _rows(planning)["team:nouveaux"]
    assert len(members) > 1
    assert team.total == pytest.approx(_mean(members), abs=Decimal("0.001"))
    assert sum(row.total for row in members) > team.total
    assert sum(row.volumes[0] for row in members) == team.volumes[0]


def test_a_cell_changed_moves_the_mean_shown_and_can_be_undone(
    company: Workspace,
) -> None:
    planning = _made(company)
    before = _rows(planning)
    set_cells(planning, {("person:bob", 0): Decimal("0.9")}, actor=SYSTEM, at=AT)
    shown = page(company, planning)
    assert shown is not None
    line = shown.line("team:nouveaux")
    assert line is not None
    assert line.below is not None
    members = _people(planning, "team:nouveaux")
    assert line.below.total == pytest.approx(_mean(members), abs=Decimal("0.001"))
    assert line.below.total != before["team:nouveaux"].total
    undo(planning, actor=SYSTEM, at=AT)
    assert _rows(planning) == before


def test_a_total_brings_the_months_to_that_mean_and_leaves_locked_ones(
    company: Workspace,
) -> None:
    planning = _made(company)
    kept = _rows(planning)["person:bob"].months[2]
    set_lock(planning, "person:bob", 2, locked=True, actor=SYSTEM, at=AT)
    set_total(planning, "person:bob", Decimal("0.55"), Spread.EVEN, actor=SYSTEM, at=AT)
    row = _rows(planning)["person:bob"]
    assert row.months[2] == kept
    assert _mean([row]) == pytest.approx(Decimal("0.55"), abs=Decimal("0.001"))
    free = {value for rank, value in enumerate(row.months) if rank != 2}
    assert len(free) == 1


def test_a_locked_person_keeps_their_rate_and_the_others_carry_the_rest(
    company: Workspace,
) -> None:
    planning = _made(company)
    kept = _rows(planning)["person:bob"]
    set_lock(planning, "person:bob", None, locked=True, actor=SYSTEM, at=AT)
    share_out(
        company,
        planning,
        Decimal("0.65"),
        Method.HISTORY,
        Spread.SEASON,
        actor=SYSTEM,
        at=AT,
    )
    assert _rows(planning)["person:bob"].months == kept.months
    assert _mean(_people(planning)) == pytest.approx(
        Decimal("0.65"), abs=Decimal("0.001")
    )


def test_a_basket_is_planned_in_money_and_cents(company: Workspace) -> None:
    planning = _made(company, "average_basket", "9000")
    assert _mean(_people(planning)) == pytest.approx(Decimal(9000), abs=Decimal("0.1"))
    assert _rows(planning)["company"].total == pytest.approx(
        Decimal(9000), abs=Decimal("0.1")
    )


def test_an_offer_is_met_half_way_and_the_mean_stays_the_target(
    company: Workspace,
) -> None:
    planning = _made(company)
    propose(planning, actor=SYSTEM, on=ON, at=AT)
    answer(
        planning,
        "person:bob",
        Said.OFFERED,
        actor=SYSTEM,
        on=ON,
        at=AT,
        figure=Decimal("0.5"),
        confidence=Decimal("0.8"),
    )
    shown = page(company, planning)
    assert shown is not None
    found = reconciliation(company, shown)
    people = _people(planning)
    weighted = sum(
        found.sides[row.owner].compromise * sum(row.volumes) for row in people
    )
    whole = sum(volume for row in people for volume in row.volumes)
    assert weighted / whole == pytest.approx(Decimal("0.6"), abs=Decimal("0.001"))
    assert found.sides["person:bob"].compromise < found.sides["person:bob"].asked


def test_published_each_has_a_rate_to_reach_from_last_year_s(
    company: Workspace,
) -> None:
    planning = _made(company)
    propose(planning, actor=SYSTEM, on=ON, at=AT)
    written = publish(
        company, planning, actor=SYSTEM, on=ON, at=AT, in_spite="Décidé en comité"
    )
    bob = next(one for one in written if one.owner == "person:bob")
    row = _rows(planning)["person:bob"]
    assert (bob.target, bob.baseline) == (row.total, row.history)
    assert bob.plan == ()
    assert bob.kpi == "win_rate"


def test_what_nobody_did_cannot_be_planned_from_its_past(company: Workspace) -> None:
    with pytest.raises(Refusal):
        _made(company, "nps", "40")
    with pytest.raises(Refusal):
        _made(company, "open_pipeline", "100000")
