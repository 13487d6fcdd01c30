"""A planning of the small company: made from last year, edited, undone, shared anew."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from jalon.domain.cascade.grid import GridRow
from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.planning import page
from jalon.records import planning_rows
from jalon.records.audit import AuditLine
from jalon.usecases import cascade_grid
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db
ON = datetime.date(2025, 7, 15)
AT = datetime.datetime(2025, 7, 15, 9, tzinfo=datetime.UTC)
YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
MONA = Actor(
    Viewer(
        Role.MANAGER,
        "mona",
        frozenset({"nouveaux"}),
        frozenset({"mona", "bob", "ines", "emil"}),
    ),
    "mona@exemple.fr",
)
BOB = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
TARGET = Decimal(240_000)


@pytest.fixture
def planning(company: Workspace) -> str:
    """A planning of revenue for 2026, shared out by history and season."""
    return cascade_grid.create_planning(
        company,
        "Chiffre d'affaires 2026",
        "revenue",
        YEAR,
        TARGET,
        actor=OPERATOR,
        on=ON,
        at=AT,
    )


def _rows(planning: str) -> dict[str, GridRow]:
    return {row.owner: row for row in planning_rows.load(planning)}


def _cell(planning: str, owner: str, month: int, amount: object, actor: Actor) -> None:
    cells = {(owner, month): Decimal(str(amount))}
    cascade_grid.set_cells(planning, cells, actor=actor, at=AT)


def test_a_planning_adds_up_at_every_level_and_month(
    company: Workspace, planning: str
) -> None:
    found = page(company, planning)
    assert found is not None
    assert found.lines[0].row.total == TARGET
    for line in found.lines:
        assert sum(line.row.months) == line.row.total
        assert line.difference in {None, Decimal(0)}
    assert len(found.months) == 12


def test_who_never_signs_a_deal_is_given_no_revenue(planning: str) -> None:
    owners = _rows(planning)
    assert "person:bob" in owners
    assert "person:fanny" not in owners  # prospects, in a team that signs nothing
    assert "person:emil" not in owners  # left


def test_last_years_months_are_those_of_the_facts(
    company: Workspace, planning: str
) -> None:
    """The last twelve whole months, July 2024 to June 2025, as the KPI itself says."""
    from jalon.domain.kpis.question import Question

    before = Period(datetime.date(2024, 7, 1), datetime.date(2025, 7, 1))
    answer = kpi_values.value(
        company, Question("revenue", before, by=("person",)), on=ON
    )
    told = {line.keys["person_id"]: line.value for line in answer.rows}
    assert _rows(planning)["person:bob"].history == told["bob"]


def test_a_cell_is_written_and_leaves_a_line(planning: str) -> None:
    _cell(planning, "person:bob", 0, 12_345, OPERATOR)
    assert _rows(planning)["person:bob"].months[0] == 12_345
    line = AuditLine.objects.latest("id")
    assert (line.verb, line.noun, line.key) == ("cells", "planning", planning)


def test_a_manager_edits_their_people_only(planning: str) -> None:
    _cell(planning, "person:bob", 0, 1, MONA)
    with pytest.raises(ForbiddenError):
        _cell(planning, "person:charlie", 0, 1, MONA)
    with pytest.raises(ForbiddenError):
        _cell(planning, "person:bob", 0, 1, BOB)
    with pytest.raises(ForbiddenError):
        _cell(planning, "company", 0, 1, MONA)


def test_one_cell_refused_writes_none(planning: str) -> None:
    before = _rows(planning)
    cells = {("person:bob", 0): Decimal(5), ("person:bob", 1): Decimal(-5)}
    with pytest.raises(Refusal):
        cascade_grid.set_cells(planning, cells, actor=OPERATOR, at=AT)
    assert _rows(planning) == before


def test_a_locked_month_stays(planning: str) -> None:
    _cell(planning, "person:bob", 2, 7_000, OPERATOR)
    cascade_grid.set_lock(planning, "person:bob", 2, locked=True, actor=OPERATOR, at=AT)
    with pytest.raises(Refusal):
        _cell(planning, "person:bob", 2, 1, OPERATOR)
    cascade_grid.set_total(
        planning, "person:bob", Decimal(29_000), Spread.EVEN, actor=OPERATOR, at=AT
    )
    months = _rows(planning)["person:bob"].months
    assert months[2] == 7_000
    assert sum(months) == 29_000
    assert months[0] == 2_000  # 22,000 over eleven months


def test_a_locked_row_keeps_its_figure_when_the_target_is_shared_anew(
    company: Workspace, planning: str
) -> None:
    cascade_grid.set_lock(
        planning, "person:bob", None, locked=True, actor=OPERATOR, at=AT
    )
    before = _rows(planning)["person:bob"].months
    cascade_grid.share_out(
        company,
        planning,
        Decimal(300_000),
        Method.EQUAL,
        Spread.EVEN,
        actor=OPERATOR,
        at=AT,
    )
    found = page(company, planning)
    assert found is not None
    assert found.target == 300_000
    assert _rows(planning)["person:bob"].months == before
    assert all(line.difference in {None, 0} for line in found.lines)


def test_an_edit_is_undone_once_by_its_author(planning: str) -> None:
    before = _rows(planning)
    _cell(planning, "person:bob", 0, 1, OPERATOR)
    _cell(planning, "person:bob", 1, 2, OPERATOR)
    with pytest.raises(Refusal):
        cascade_grid.undo(planning, actor=MONA, at=AT)
    cascade_grid.undo(planning, actor=OPERATOR, at=AT)
    cascade_grid.undo(planning, actor=OPERATOR, at=AT)
    assert _rows(planning) == before
    with pytest.raises(Refusal):
        cascade_grid.undo(planning, actor=OPERATOR, at=AT)


def test_a_stock_has_no_grid(company: Workspace) -> None:
    with pytest.raises(Refusal):
        cascade_grid.create_planning(
            company,
            "Affaires ouvertes",
            "open_pipeline",
            YEAR,
            Decimal(300000),
            actor=OPERATOR,
            on=ON,
            at=AT,
        )


def test_two_plannings_of_one_title_have_two_names(
    company: Workspace, planning: str
) -> None:
    other = cascade_grid.create_planning(
        company,
        "Chiffre d'affaires 2026",
        "revenue",
        YEAR,
        TARGET,
        actor=OPERATOR,
        on=ON,
        at=AT,
    )
    assert (planning, other) == ("chiffre-d-affaires-2026", "chiffre-d-affaires-2026-2")
