"""Both ways: Mona proposes to Bob, who contests; a compromise; publication."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.cascade.agreement import (
    Offer,
    Said,
    Standing,
    UnableToSayError,
    reconciled,
)
from jalon.domain.objectives.states import State
from jalon.queries.kpi_values import catalogue
from jalon.queries.planning import measure_of, page
from jalon.records import objective_rows, planning_rows
from jalon.usecases import agree, cascade_grid
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.workspace.folder import Workspace
from tests.usecases.test_cascade_grid import AT, BOB, MONA, ON, TARGET, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def planning(company: Workspace) -> str:
    return cascade_grid.create_planning(
        company, "CA 2026", "revenue", YEAR, TARGET, actor=OPERATOR, on=ON, at=AT
    )


def _answer(planning: str, said: Said, actor: Actor, **more: object) -> Standing:
    return agree.answer(
        planning,
        "person:bob",
        said,
        actor=actor,
        on=ON,
        at=AT,
        **more,  # type: ignore[arg-type]
    )


def _propose(planning: str, actor: Actor = OPERATOR) -> int:
    return agree.propose(planning, actor=actor, on=ON, at=AT)


def _all_but_bob(planning: str) -> None:
    for owner, standing in planning_rows.standings(planning).items():
        if owner not in {"person:bob", "company"} and standing == "proposed":
            agree.answer(planning, owner, Said.ACCEPTED, actor=OPERATOR, on=ON, at=AT)


def test_everybody_in_draft_is_asked(planning: str) -> None:
    rows = planning_rows.load(planning)
    assert _propose(planning) == len(rows) - 1
    assert _propose(planning) == 0


def test_a_contest_needs_a_reason_and_keeps_its_date(planning: str) -> None:
    _propose(planning)
    with pytest.raises(UnableToSayError):
        _answer(planning, Said.CONTESTED, BOB)
    standing = _answer(
        planning,
        Said.CONTESTED,
        BOB,
        text="Acme ferme son site en mars",
        figure=Decimal(50_000),
        confidence=Decimal("0.9"),
    )
    assert standing is Standing.CONTESTED
    word = planning_rows.words(planning)["person:bob"][-1]
    assert (word.by, word.on, word.figure) == ("bob@exemple.fr", ON, 50_000)


def test_bob_answers_for_himself_only(planning: str) -> None:
    _propose(planning)
    with pytest.raises(ForbiddenError):
        agree.answer(planning, "person:ines", Said.ACCEPTED, actor=BOB, on=ON, at=AT)
    with pytest.raises(ForbiddenError):
        _answer(planning, Said.OVERRULED, BOB, text="parce que")


def test_nothing_is_published_while_a_contest_is_silent(
    company: Workspace, planning: str
) -> None:
    _propose(planning)
    _answer(planning, Said.CONTESTED, BOB, text="Trop haut")
    _all_but_bob(planning)
    with pytest.raises(UnableToSayError, match="Bob Durand"):
        agree.publish(
            company, planning, actor=OPERATOR, on=ON, at=AT, in_spite="Il faut avancer"
        )
    assert not objective_rows.load()


def test_a_compromise_is_proposed_again_then_agreed_then_published(
    company: Workspace, planning: str
) -> None:
    _propose(planning)
    _answer(planning, Said.CONTESTED, BOB, text="Trop haut", figure=Decimal(50_000))
    standing = _answer(
        planning, Said.COMPROMISE, MONA, figure=Decimal(60_000), text="À mi-chemin"
    )
    assert standing is Standing.PROPOSED
    row = {r.owner: r for r in planning_rows.load(planning)}["person:bob"]
    assert row.total == 60_000
    _answer(planning, Said.ACCEPTED, BOB)
    _all_but_bob(planning)

    agree.publish(company, planning, actor=OPERATOR, on=ON, at=AT)

    found = objective_rows.load()
    bob = found["ca-2026-person-bob"]
    assert (bob.target, bob.owner, bob.state) == (60_000, "person:bob", State.AGREED)
    assert bob.parent == "ca-2026-team-nouveaux"
    assert sum(dated.value for dated in bob.plan) == 60_000
    assert "60" in bob.statement
    assert found["ca-2026-company"].target == TARGET


def test_who_did_not_answer_is_published_with_a_reason_only(
    company: Workspace, planning: str
) -> None:
    _propose(planning)
    _all_but_bob(planning)
    with pytest.raises(UnableToSayError, match="Bob Durand"):
        agree.publish(company, planning, actor=OPERATOR, on=ON, at=AT)
    agree.publish(
        company, planning, actor=OPERATOR, on=ON, at=AT, in_spite="Absent en juillet"
    )
    word = planning_rows.words(planning)["person:bob"][-1]
    assert (word.word, word.text) == ("overruled", "Absent en juillet")


def test_publishing_again_revises_and_keeps_the_former_target(
    company: Workspace, planning: str
) -> None:
    _propose(planning)
    agree.publish(company, planning, actor=OPERATOR, on=ON, at=AT, in_spite="Urgence")
    former = objective_rows.load()["ca-2026-person-bob"].target
    cells = {("person:bob", 0): Decimal(99_000)}
    cascade_grid.set_cells(planning, cells, actor=OPERATOR, at=AT)
    assert planning_rows.standings(planning)["person:bob"] == "draft"
    _propose(planning)
    _answer(planning, Said.ACCEPTED, BOB)
    agree.publish(company, planning, actor=OPERATOR, on=ON, at=AT)

    bob = objective_rows.load()["ca-2026-person-bob"]
    (revision,) = bob.revisions
    assert (bob.original_target, revision.former) == (former, former)
    assert bob.target == revision.new != former


def test_the_compromise_keeps_the_sum_and_moves_the_unsure_most(
    company: Workspace, planning: str
) -> None:
    found = page(company, planning)
    assert found is not None
    rows = [line.row for line in found.lines]
    measure = measure_of(catalogue(company)["revenue"], found.step)
    bob = next(row for row in rows if row.owner == "person:bob")
    offers = {"person:bob": Offer(bob.total - 10_000, Decimal("0.9"))}

    told = reconciled(rows, offers, {}, TARGET, measure=measure)

    assert told.gap == 10_000
    people = [side for side in told.sides.values() if "person" in side.owner]
    assert sum(side.compromise for side in people) == TARGET
    side = told.sides["person:bob"]
    assert side.offered is not None
    assert side.offered < side.compromise < side.asked
    settled = {"person:charlie": True}
    kept = reconciled(rows, offers, settled, TARGET, measure=measure)
    charlie = kept.sides["person:charlie"]
    assert charlie.compromise == charlie.asked
