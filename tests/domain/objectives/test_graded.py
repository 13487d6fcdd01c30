"""Graded statements: whose word counts, until when, and what is refused."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.objectives.graded import (
    Grading,
    UnableToAssessError,
    assessed,
    grading,
    handed_in,
)
from jalon.domain.objectives.objective import Assessment, Direction, Objective
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period

FIRST = datetime.date(2026, 4, 1)
STATEMENT = Objective(
    id="g",
    kpi="graded_statement",
    owner="person:bob",
    period=Period(FIRST, datetime.date(2026, 7, 1)),
    direction=Direction.UP,
    original_target=Decimal(3),
    levels=("un", "deux", "trois", "quatre"),
)


def said(side: str, level: int, day: int = 1, evidence: str = "vu") -> Assessment:
    on = FIRST + datetime.timedelta(days=day)
    return Assessment(side=side, level=level, on=on, evidence=evidence)


def test_the_owner_s_word_counts_until_the_manager_has_spoken() -> None:
    alone = assessed(STATEMENT, said("owner", 4, day=1))
    both = assessed(alone, said("manager", 2, day=9))

    assert grading(alone, on=FIRST + datetime.timedelta(days=5)).level == 4
    assert handed_in(both, on=FIRST + datetime.timedelta(days=5)) == {"level": 4}
    assert handed_in(both, on=FIRST + datetime.timedelta(days=9)) == {"level": 2}


def test_the_difference_is_the_manager_s_less_the_owner_s() -> None:
    both = assessed(assessed(STATEMENT, said("owner", 4)), said("manager", 2))

    assert grading(both, on=both.period.after).difference == -2
    assert grading(STATEMENT, on=FIRST) == Grading(None, None)
    assert grading(STATEMENT, on=FIRST).difference is None
    assert handed_in(STATEMENT, on=FIRST) == {}


def test_a_word_of_the_same_day_is_amended_and_one_of_another_day_is_added() -> None:
    once = assessed(STATEMENT, said("owner", 1, day=3))
    amended = assessed(once, said("owner", 2, day=3))
    added = assessed(amended, said("owner", 3, day=4))

    assert [one.level for one in amended.assessments] == [2]
    assert [one.level for one in added.assessments] == [2, 3]


@pytest.mark.parametrize(
    ("objective", "word", "reason"),
    [
        pytest.param(
            replace(STATEMENT, kpi="revenue"),
            said("owner", 2),
            "assess.not_graded",
            id="a figure",
        ),
        pytest.param(
            replace(STATEMENT, state=State.MISSED),
            said("owner", 2),
            "assess.closed",
            id="closed",
        ),
        pytest.param(
            STATEMENT, said("owner", 2, day=-1), "assess.not_begun", id="early"
        ),
        pytest.param(STATEMENT, said("owner", 5), "assess.level", id="a fifth level"),
        pytest.param(STATEMENT, said("owner", 0), "assess.level", id="level nought"),
        pytest.param(
            STATEMENT, said("owner", 2, evidence="  "), "assess.evidence", id="no proof"
        ),
        pytest.param(STATEMENT, said("friend", 2), "assess.side", id="a friend"),
    ],
)
def test_what_is_no_assessment_is_refused(
    objective: Objective, word: Assessment, reason: str
) -> None:
    with pytest.raises(UnableToAssessError) as refused:
        assessed(objective, word)

    assert refused.value.reason == reason


words = st.builds(
    said, st.sampled_from(["owner", "manager"]), st.integers(1, 4), st.integers(0, 90)
)


@given(st.lists(words, max_size=12))
def test_whatever_is_said_the_level_is_the_last_word_of_one_side(
    spoken: list[Assessment],
) -> None:
    objective = STATEMENT
    for word in spoken:
        objective = assessed(objective, word)
    found = grading(objective, on=FIRST + datetime.timedelta(days=90))

    sides = {word.side for word in spoken}
    assert (found.owner is not None) == ("owner" in sides)
    assert (found.manager is not None) == ("manager" in sides)
    if found.manager:
        assert found.level == found.manager.level
