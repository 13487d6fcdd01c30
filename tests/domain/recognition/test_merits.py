"""What deserves a word, counted by hand on five people and four quarters."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.recognition.merits import Deed, Kind, Merit, Result, merits
from jalon.domain.recognition.standing import Badge, Said, badges, neighbours

ON = datetime.date(2026, 1, 5)
QUARTERS = [datetime.date(2025, month, 1) for month in (1, 4, 7, 10)] + [
    datetime.date(2026, 1, 1)
]
TEAMS = {"ann": "north", "bo": "north", "cy": "north", "dan": "south", "eve": "south"}


def year(person: str, attainments: list[str], *, higher: bool = True) -> list[Result]:
    """Four closed quarters of 100 each: the attainment is the figure in hundredths."""
    return [
        Result(
            objective=f"{person}-{rank}",
            person=person,
            kpi="revenue",
            first=QUARTERS[rank],
            after=QUARTERS[rank + 1],
            reached=Decimal(told) >= 1,
            closed=True,
            settled_on=QUARTERS[rank + 1],
            attainment=Decimal(told),
            actual=Decimal(told) * 100,
            higher=higher,
        )
        for rank, told in enumerate(attainments)
    ]


def told(found: tuple[Merit, ...]) -> set[tuple[str, str]]:
    """Kind and person of each merit."""
    return {(one.kind.value, one.person) for one in found}


def test_an_objective_reached_is_told_for_three_weeks() -> None:
    results = year("ann", ["0.9", "0.9", "0.9", "1.0"])

    at_first = merits(results, (), teams=TEAMS, on=ON)
    later = merits(results, (), teams=TEAMS, on=ON + datetime.timedelta(days=30))

    assert ("reached", "ann") in told(at_first)
    assert later == ()


def test_a_personal_best_needs_three_former_periods() -> None:
    fourth = merits(year("ann", ["0.5", "0.6", "0.7", "0.8"]), (), teams={}, on=ON)
    third = merits(year("ann", ["0.5", "0.6", "0.8"]), (), teams={}, on=QUARTERS[3])
    lower = merits(year("ann", ["0.5", "0.9", "0.7", "0.8"]), (), teams={}, on=ON)

    assert told(fourth) == {("best", "ann")}
    assert fourth[0].facts == {"periods": "3"}
    assert third == ()
    assert lower == ()


def test_where_less_is_better_the_best_is_the_lowest() -> None:
    found = merits(
        year("ann", ["0.9", "0.8", "0.7", "0.6"], higher=False), (), teams={}, on=ON
    )
    assert told(found) == {("best", "ann")}


def test_three_periods_in_a_row_are_told_a_fourth_is_not_told_again() -> None:
    three = merits(year("ann", ["0.5", "1", "1.2", "1.1"]), (), teams={}, on=ON)
    four = merits(year("ann", ["1", "1.3", "1.2", "1.1"]), (), teams={}, on=ON)

    assert ("streak", "ann") in told(three)
    assert ("streak", "ann") not in told(four)


def test_the_best_progress_of_a_team_names_one_person_and_no_other() -> None:
    results = [
        *year("ann", ["0.5", "0.5", "0.5", "0.9"]),
        *year("bo", ["0.5", "0.5", "0.5", "0.7"]),
        *year("cy", ["0.9", "0.9", "0.9", "0.6"]),
    ]
    found = [
        one
        for one in merits(results, (), teams=TEAMS, on=ON)
        if one.kind is Kind.PROGRESS
    ]

    assert [(one.person, one.facts["rise"]) for one in found] == [("ann", "0.4")]


def test_two_people_are_not_compared() -> None:
    results = [
        *year("dan", ["0.5", "0.5", "0.5", "0.9"]),
        *year("eve", ["0.5", "0.5", "0.5", "0.5"]),
    ]
    found = merits(results, (), teams=TEAMS, on=ON)
    assert ("progress", "dan") not in told(found)


def test_deeds_for_others_are_told_with_what_they_are_about() -> None:
    deed = Deed(kind=Kind.PRACTICE, person="bo", key="7", on=ON, about="Rappel à J+2")
    assert merits((), [deed], teams={}, on=ON) == (
        Merit(
            key="practice:7",
            kind=Kind.PRACTICE,
            person="bo",
            on=ON,
            facts={"about": "Rappel à J+2"},
        ),
    )


def test_badges_are_worn_from_words_said() -> None:
    words = [
        Said(Kind.REACHED, "marc"),
        Said(Kind.PRACTICE, "marc"),
        Said(Kind.HELP, "marc"),
        Said(Kind.LESSON, "marc"),
        Said(Kind.THANKS, "ann"),
        Said(Kind.THANKS, "ann"),
        Said(Kind.THANKS, "cy"),
    ]
    assert badges(words) == (Badge.FIRST, Badge.SHARER)
    assert badges([*words, Said(Kind.THANKS, "dan")]) == (
        Badge.FIRST,
        Badge.SHARER,
        Badge.THANKED,
    )


def test_neighbours_are_the_one_ahead_and_the_one_behind_who_is_not_last() -> None:
    held = {
        name: Decimal(value)
        for name, value in (
            ("ann", "1.2"),
            ("bo", "1.0"),
            ("cy", "0.8"),
            ("dan", "0.6"),
            ("eve", "0.4"),
        )
    }

    ahead, behind = neighbours(held, "cy")
    assert ahead is not None
    assert (ahead.person, ahead.ahead) == ("bo", Decimal("0.2"))
    assert behind is not None
    assert behind.person == "dan"
    assert neighbours(held, "dan")[1] is None  # Eve is last
    assert neighbours(held, "eve")[0] is not None
    assert neighbours(held, "ann")[0] is None
    assert neighbours({"ann": Decimal(1), "bo": Decimal(2)}, "ann") == (None, None)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=4),
        st.decimals(0, 3, places=2),
        min_size=5,
        max_size=12,
    )
)
def test_whoever_is_last_is_never_shown_to_anybody_as_behind(
    held: dict[str, Decimal],
) -> None:
    last = min(held.values())
    for me, mine in held.items():
        ahead, behind = neighbours(held, me)
        assert behind is None or last < behind.attainment < mine
        assert ahead is None or ahead.attainment > mine
