"""Several people at once on one objective and one grid: nothing written is lost.

Whoever writes over somebody else's figure is told who changed it and both figures.
"""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from jalon.domain.refusals import Refusal
from jalon.records import objective_rows, planning_rows
from jalon.records.audit import AuditLine
from jalon.usecases import cascade_grid
from jalon.usecases.acting import OPERATOR, Actor
from jalon.usecases.cascade_grid import CellMovedError
from jalon.usecases.retarget import (
    Retarget,
    TargetMovedError,
    retarget_with_those_below,
)
from jalon.workspace.folder import Workspace
from tests.usecases.test_cascade_grid import AT, ON, TARGET, YEAR
from tests.worlds import followed

MONA = Actor(OPERATOR.viewer, "mona@exemple.fr")
ALICE = Actor(OPERATOR.viewer, "alice@exemple.fr")
WRITERS = 8
BOB = "person:bob"


def _planning(company: Workspace) -> str:
    return cascade_grid.create_planning(
        company, "2026", "revenue", YEAR, TARGET, actor=OPERATOR, on=ON, at=AT
    )


def _months(planning: str) -> list[Decimal]:
    (row,) = planning_rows.load(planning, owners={BOB})
    return list(row.months)


def _aim(company: Workspace, target: int, seen: int | None, who: Actor) -> None:
    asked = Retarget(
        new=Decimal(target),
        effective_on=followed.ON,
        reason="market",
        text="Les budgets sont gelés",
        seen=None if seen is None else Decimal(seen),
    )
    at = datetime.datetime(2025, 6, 16, 8, 42, tzinfo=datetime.UTC)
    retarget_with_those_below(
        company, "ca-t2-bob", asked, actor=who, on=followed.ON, at=at
    )


@pytest.mark.django_db
def test_a_cell_both_typed_says_who_when_and_both_figures(company: Workspace) -> None:
    planning = _planning(company)
    seen = planning_rows.last_number(planning)
    was = _months(planning)[0]
    one, other = {(BOB, 0): Decimal(111)}, {(BOB, 0): Decimal(222)}
    cascade_grid.set_cells(planning, one, actor=MONA, at=AT, seen=seen)

    with pytest.raises(CellMovedError) as told:
        cascade_grid.set_cells(planning, other, actor=ALICE, at=AT, seen=seen)

    said = told.value.parameters
    assert (said["who"], said["month"], said["at"]) == ("mona@exemple.fr", 0, AT)
    assert (said["seen"], said["present"], said["asked"]) == (was, 111, 222)
    assert _months(planning)[0] == 111
    again = planning_rows.last_number(planning)
    cascade_grid.set_cells(planning, other, actor=ALICE, at=AT, seen=again)
    assert _months(planning)[0] == 222


@pytest.mark.django_db
def test_a_whole_grid_saved_keeps_what_others_typed_meanwhile(
    company: Workspace,
) -> None:
    planning = _planning(company)
    seen, read = planning_rows.last_number(planning), _months(planning)
    cascade_grid.set_cells(
        planning, {(BOB, 3): Decimal(333)}, actor=MONA, at=AT, seen=seen
    )
    whole = {(BOB, rank): value for rank, value in enumerate(read)}
    whole[BOB, 7] = Decimal(777)

    cascade_grid.set_cells(planning, whole, actor=ALICE, at=AT, seen=seen)

    after = _months(planning)
    assert (after[3], after[7]) == (333, 777)


@pytest.mark.django_db
def test_a_target_moved_since_it_was_read_is_not_written_over(
    company: Workspace,
) -> None:
    followed.people(company)
    _aim(company, 41_000, 45_000, MONA)

    with pytest.raises(TargetMovedError) as told:
        _aim(company, 42_000, 45_000, ALICE)

    figures = (f"{one}\u202f000,00\u202f€" for one in (45, 41, 42))
    day = ("mona@exemple.fr", "Bob Durand, Chiffre d'affaires", "16 juin 2025", "10:42")
    for word in (*day, *figures):
        assert word in told.value.told(str)
    assert objective_rows.load(["ca-t2-bob"])["ca-t2-bob"].target == 41_000


@pytest.mark.django_db(transaction=True)
def test_eight_writers_lose_no_update(company: Workspace) -> None:
    followed.people(company)
    planning = _planning(company)

    def write(rank: int) -> tuple[str, bool]:
        who = Actor(OPERATOR.viewer, f"writer-{rank}@exemple.fr")
        try:
            cells = {(BOB, rank): Decimal(1000 + rank)}
            cascade_grid.set_cells(planning, cells, actor=who, at=AT, seen=0)
            try:
                _aim(company, 50_000 + rank, None, who)
            except Refusal:
                return who.name, False
            return who.name, True
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        told = dict(pool.map(write, range(WRITERS)))

    assert _months(planning)[:WRITERS] == [1000 + rank for rank in range(WRITERS)]
    lines = AuditLine.objects.filter(verb="retarget", key="ca-t2-bob")
    written = {name for name, done in told.items() if done}
    assert written
    assert {line.by for line in lines} == written
    revisions = objective_rows.load(["ca-t2-bob"])["ca-t2-bob"].revisions
    assert {one.by for one in revisions} == written
    aims = [Decimal(45_000), *(one.new for one in revisions)]
    assert [one.former for one in revisions] == aims[:-1]
