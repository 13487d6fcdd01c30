"""The point: what may be handed in, when it is due, how often it is asked for."""

from __future__ import annotations

import datetime

import pytest

from jalon.domain.feedback.checkins import (
    LONGEST,
    Answers,
    Kind,
    Rhythm,
    due_on,
    faults,
    period_of,
    reminder_due,
)

MONDAY, WEDNESDAY = datetime.date(2026, 11, 16), datetime.date(2026, 11, 18)
FRIDAY, SUNDAY = datetime.date(2026, 11, 20), datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers(confidence=4), ()),
        (Answers(confidence=4, field="Un rival", kind=Kind.COMPETITOR), ()),
        (Answers(blocks="Le juridique"), ("checkin.confidence_missing",)),
        (Answers(confidence=6), ("checkin.confidence_range",)),
        (Answers(confidence=0), ("checkin.confidence_range",)),
        (Answers(confidence=3, field="Un rival"), ("checkin.kind_missing",)),
        (Answers(confidence=3, blocks="x" * (LONGEST + 1)), ("checkin.too_long",)),
    ],
)
def test_what_keeps_a_point_from_being_handed_in(
    answers: Answers, said: tuple[str, ...]
) -> None:
    assert faults(answers) == said


def test_a_point_with_a_private_line_alone_says_something() -> None:
    assert Answers().says_nothing
    assert Answers(blocks="  ").says_nothing
    assert not Answers(private="À voir avec Mona").says_nothing


def test_a_week_begins_on_monday_and_its_point_is_due_on_friday() -> None:
    assert {period_of(day, Rhythm.WEEKLY) for day in (MONDAY, WEDNESDAY, SUNDAY)} == {
        MONDAY
    }
    assert due_on(MONDAY, Rhythm.WEEKLY) == FRIDAY


@pytest.mark.parametrize(
    ("first", "last_friday"),
    [((2026, 11, 1), 27), ((2026, 7, 1), 31), ((2026, 2, 1), 27), ((2026, 12, 1), 25)],
)
def test_the_point_of_a_month_is_due_on_its_last_friday(
    first: tuple[int, int, int], last_friday: int
) -> None:
    day = datetime.date(*first)
    assert due_on(day, Rhythm.MONTHLY) == day.replace(day=last_friday)


def test_two_reminders_at_most_the_first_not_before_the_day() -> None:
    asked = [
        reminder_due(day, sent=sent, rhythm=Rhythm.WEEKLY)
        for day, sent in [
            (WEDNESDAY, 0),
            (FRIDAY, 0),
            (FRIDAY, 1),
            (SUNDAY, 1),
            (SUNDAY, 2),
        ]
    ]
    assert asked == [False, True, False, True, False]
