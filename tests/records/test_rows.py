"""What is written about an objective is what is read back."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from jalon.domain.objectives.objective import (
    Action,
    Assessment,
    Bands,
    DatedTarget,
    Direction,
    Objective,
    Phasing,
    PhasingKind,
    Revision,
)
from jalon.domain.periods import Period
from jalon.records import objective_rows
from jalon.records.objectives import Objective as Row

pytestmark = pytest.mark.django_db

YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
WHOLE = Objective(
    id="année-ca",
    statement="Vendre « plus »",
    kpi="revenue",
    owner="team:centre",
    period=YEAR,
    where=("segment=PME", "amount<10000"),
    direction=Direction.UP,
    baseline=Decimal("1150000.55"),
    original_target=Decimal("1322500.125"),
    plan=(
        DatedTarget(datetime.date(2026, 1, 1), Decimal("600000.125")),
        DatedTarget(datetime.date(2026, 7, 1), Decimal(722500)),
    ),
    bands=Bands(Decimal(1250000), Decimal(1400000)),
    phasing=Phasing(PhasingKind.WEIGHTS, (Decimal(1), Decimal("2.5"))),
    weight=Decimal("0.5"),
    actions=(
        Action(
            action="Rappeler",
            owner="person:bob",
            done=True,
            lever="Le délai de rappel",
            effect="+2 pt de closing",
            done_on=datetime.date(2026, 3, 2),
            done_by="bob",
            result="Trois rendez-vous",
        ),
    ),
    model="revenue_growth",
    levels=("Rien d'écrit", "Écrit ; relu", "Tenu", "Tenu sans nous"),
    assessments=(
        Assessment(
            side="owner",
            level=3,
            on=datetime.date(2026, 4, 1),
            evidence="Compte rendu du 30 mars",
            by="bob",
        ),
    ),
    overruled="Un lancement demande un quatrième objectif",
    revisions=(
        Revision(
            former=Decimal("1322500.125"),
            new=Decimal(1200000),
            effective_on=datetime.date(2026, 5, 1),
            reason="market",
            text="Marché en contraction",
            at=datetime.datetime(2026, 4, 28, 9, 30, tzinfo=datetime.UTC),
            effort_credited=Decimal(1000),
        ),
    ),
)


def test_an_objective_comes_back_whole() -> None:
    objective_rows.save([WHOLE])

    assert objective_rows.load() == {"année-ca": WHOLE}


def test_saving_again_replaces_without_twins() -> None:
    objective_rows.save([WHOLE])
    objective_rows.save([WHOLE])

    assert objective_rows.load(["année-ca"]) == {"année-ca": WHOLE}


def test_reading_takes_four_queries_whatever_the_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    from dataclasses import replace

    objective_rows.save([replace(WHOLE, id=f"o{rank:03}") for rank in range(100)])
    objective_rows.load()  # what is new is read once more, in batches, then kept

    with django_assert_num_queries(4):
        assert len(objective_rows.load()) == 100


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"after": YEAR.first}, id="a period without a day"),
        pytest.param({"state": "forgotten"}, id="an unknown state"),
        pytest.param({"weight": -1}, id="a negative weight"),
        pytest.param({"parent": "x"}, id="its own parent"),
        pytest.param({"state": "reached"}, id="closed without a day"),
    ],
)
def test_the_database_itself_refuses(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "id": "x",
        "kpi": "revenue",
        "owner": "company",
        "first": YEAR.first,
        "after": YEAR.after,
        "direction": "up",
        "weight": 1,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.create(**(right | wrong))


def test_an_objective_is_held_for_its_change_and_nobody_is_not() -> None:
    objective_rows.save([WHOLE])

    with transaction.atomic():
        assert objective_rows.locked(WHOLE.id) == WHOLE
        with pytest.raises(LookupError):
            objective_rows.locked("personne")
