"""A graded statement: two sides, their difference, the evidence; a survey's margin."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from jalon.domain.objectives.objective import BaselineRule, Direction, Objective
from jalon.queries.objectives import status
from jalon.records import objective_rows
from jalon.usecases.acting import OPERATOR
from jalon.usecases.evaluate import evaluate
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace
from tests.worlds import followed, small

Reader = Callable[[str], Client]
PAGE = "/objectives/ecoute-bob/assess/"
HEARD = Objective(
    id="ecoute-bob",
    kpi="graded_statement",
    owner="person:bob",
    period=followed.QUARTER,
    direction=Direction.UP,
    original_target=Decimal(3),
    statement="Bob écoute avant de proposer",
    baseline_rule=BaselineRule.NUMBER,
    baseline=Decimal(1),
    nature="qualitative",
    levels=("Il présente", "Il questionne", "Il reformule", "Le client le dit"),
)


@pytest.fixture
def graded(company: Workspace) -> Workspace:
    """The followed company with a statement to grade."""
    set_objectives(company, [HEARD], actor=OPERATOR, on=followed.ON, at=followed.AT)
    evaluate(company, on=followed.ON, ids=[HEARD.id])
    return company


def _said(company: Workspace, on: datetime.date = followed.ON) -> tuple[object, ...]:
    (line,) = status(company, on=on, ids=[HEARD.id])
    return line.status.value, line.actual, line.attainment


def test_nobody_spoke_so_there_is_no_value_and_it_says_why(graded: Workspace) -> None:
    (line,) = status(graded, on=followed.ON, ids=[HEARD.id])

    assert (line.actual, line.reason) == (None, "kpi.reason.needs_level")


def test_the_owner_then_the_manager_and_the_difference_is_shown(
    graded: Workspace, reader: Reader
) -> None:
    """Bob says 3, Mona says 2: (2 − 1) ÷ (3 − 1) of the way, one level apart."""
    bob, mona = reader("bob"), reader("mona")
    bob.post(PAGE, {"side": "owner", "level": 3, "evidence": "Compte rendu du 3 juin"})
    assert _said(graded) == ("reached", 3, 1) or _said(graded) == ("on_track", 3, 1)

    mona.post(PAGE, {"side": "manager", "level": 2, "evidence": "Deux rendez-vous"})

    assert _said(graded)[1:] == (2, Decimal("0.5"))
    page = mona.get(PAGE).content.decode()
    assert "Le manager est 1 niveau au-dessous du porteur" in page
    assert "Compte rendu du 3 juin" in page


def test_each_speaks_for_their_own_side_only(graded: Workspace, reader: Reader) -> None:
    word = {"level": 4, "evidence": "Je le dis"}

    assert reader("bob").post(PAGE, {**word, "side": "manager"}).status_code == 403
    assert reader("charlie").post(PAGE, {**word, "side": "owner"}).status_code == 403
    assert objective_rows.load([HEARD.id])[HEARD.id].assessments == ()


def test_a_team_mate_sees_the_level_and_not_the_evidence(
    graded: Workspace, reader: Reader
) -> None:
    reader("bob").post(
        PAGE, {"side": "owner", "level": 2, "evidence": "Une confidence"}
    )
    page = reader("ines").get(PAGE).content.decode()

    assert "niveau 2" in page
    assert "Une confidence" not in page


def test_a_word_without_evidence_is_not_taken(
    graded: Workspace, reader: Reader
) -> None:
    answer = reader("bob").post(PAGE, {"side": "owner", "level": 2, "evidence": " "})

    assert answer.status_code == 422
    assert "La preuve manque" in answer.content.decode()


def test_past_its_end_it_closes_on_the_last_word_and_takes_no_other(
    graded: Workspace, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader("mona").post(PAGE, {"side": "manager", "level": 3, "evidence": "Vu"})
    after = datetime.date(2025, 7, 2)
    evaluate(graded, on=after)
    monkeypatch.setenv("JALON_TODAY", after.isoformat())

    answer = reader("mona").post(
        PAGE, {"side": "manager", "level": 1, "evidence": "Finalement non"}
    )

    assert _said(graded, after) == ("reached", 3, 1)
    assert answer.status_code == 422
    assert "son niveau est figé" in answer.content.decode()


def test_mona_writes_a_statement_for_bob(graded: Workspace, reader: Reader) -> None:
    told = {
        "owner": "person:bob",
        "statement": "Ses comptes rendus servent à l'équipe",
        "first": "2025-07-01",
        "last": "2025-09-30",
        "target": "3",
        "reason": "Il le demande lui-même",
        **{f"level{n}": f"Niveau décrit {n}" for n in range(1, 5)},
    }
    answer = reader("mona").post("/statements/new/", told)

    assert answer.status_code == 302
    (written,) = [
        one
        for one in objective_rows.load().values()
        if one.statement.startswith("Ses comptes")
    ]
    assert written.period.after == datetime.date(2025, 10, 1)
    assert written.levels[3] == "Niveau décrit 4"
    assert written.baseline == 1


def test_a_fourth_objective_asks_why_and_keeps_the_answer(
    graded: Workspace, reader: Reader
) -> None:
    """Bob carries revenue, win rate and one statement in the second quarter: three."""
    told = {
        "owner": "person:bob",
        "statement": "Il parle au comité",
        "first": "2025-06-01",
        "last": "2025-06-30",
        "target": "3",
        **{f"level{n}": f"Niveau décrit {n}" for n in range(1, 5)},
    }
    mona = reader("mona")
    asked = mona.post("/statements/new/", told)
    mona.post("/statements/new/", {**told, "reason": "Le comité a lieu en juin"})

    assert asked.status_code == 422
    page = asked.content.decode()
    assert "porterait 4 objectifs à la fois" in page
    assert "À quoi renoncer à la place" in page
    (written,) = [
        one
        for one in objective_rows.load().values()
        if one.statement == "Il parle au comité"
    ]
    assert written.overruled == "Le comité a lieu en juin"
    read = reader("rene").get(f"/objectives/{written.id}/").content.decode()
    assert "Le comité a lieu en juin" in read


def test_the_answers_of_an_engagement_survey_are_never_listed(
    company: Workspace,
) -> None:
    from jalon.domain.kpis.question import Ask
    from jalon.queries import kpi_values

    ask = Ask("x", "company", followed.YEAR)
    told = kpi_values.explain(company, "team_engagement", ask, on=followed.ON)

    assert all(part.rows == () for part in told.components)


def test_a_survey_says_its_interval(company: Workspace) -> None:
    """Of the small company's NPS answers; the interval by hand from the variance."""
    nps = replace(
        HEARD,
        id="nps",
        kpi="nps",
        owner="company",
        levels=(),
        baseline=None,
        baseline_rule=BaselineRule.NONE,
        period=followed.YEAR,
        original_target=Decimal(50),
    )
    set_objectives(company, [nps], actor=OPERATOR, on=followed.ON, at=followed.AT)
    evaluate(company, on=followed.ON, ids=["nps"])
    (line,) = status(company, on=followed.ON, ids=["nps"])

    scores = [
        float(str(row["score"]))
        for row in small.ROWS["answers"]
        if row["survey"] == "nps"
        and row["score"] is not None
        and datetime.date(2025, 1, 1) <= _day(row["answered_at"]) <= followed.ON
    ]
    n = len(scores)
    p, d = sum(s >= 9 for s in scores) / n, sum(s <= 6 for s in scores) / n
    assert float(line.actual) == pytest.approx(100 * (p - d))  # type: ignore[arg-type]
    half = 1.96 * (10_000 * (p + d - (p - d) ** 2) / n) ** 0.5
    assert float(line.margin) == pytest.approx(half)  # type: ignore[arg-type]


def _day(moment: object) -> datetime.date:
    return datetime.date.fromisoformat(str(moment)[:10])
