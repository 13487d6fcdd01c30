"""Alice directs, Marc leads the north, Bob sells there, Charlie sells elsewhere."""

from __future__ import annotations

import pytest

from jalon.domain.people.permission import TABLE, Act, Subject, Viewer, may
from jalon.domain.people.roles import Role
from jalon.domain.people.teams import below

ALICE = Viewer(Role.DIRECTOR, "alice")
MARC = Viewer(
    Role.MANAGER, "marc", frozenset({"north", "lille"}), frozenset({"marc", "bob"})
)
BOB = Viewer(Role.SALESPERSON, "bob")
CHARLIE = Viewer(Role.SALESPERSON, "charlie")
ODILE = Viewer(Role.REVOPS, "odile")
RENE = Viewer(Role.READER)
OF_BOB = Subject("person:bob")
DRAFT_OF_BOB = Subject("person:bob", published=False)


@pytest.mark.parametrize("viewer", [ALICE, MARC, BOB, CHARLIE, ODILE, RENE])
def test_everybody_sees_a_published_result(viewer: Viewer) -> None:
    assert may(viewer, Act.SEE_RESULT, subject=OF_BOB)


@pytest.mark.parametrize(
    ("viewer", "allowed"),
    [
        (ALICE, True),
        (MARC, True),
        (BOB, True),
        (CHARLIE, False),
        (ODILE, True),
        (RENE, False),
    ],
)
def test_a_draft_is_seen_by_its_owner_and_those_above(
    viewer: Viewer, allowed: bool
) -> None:
    assert may(viewer, Act.SEE_RESULT, subject=DRAFT_OF_BOB) is allowed


@pytest.mark.parametrize(
    ("viewer", "allowed"),
    [
        (ALICE, True),
        (MARC, True),
        (BOB, True),
        (CHARLIE, False),
        (ODILE, True),
        (RENE, False),
    ],
)
def test_the_rows_behind_a_figure_are_not_public(viewer: Viewer, allowed: bool) -> None:
    assert may(viewer, Act.SEE_ROWS, subject=OF_BOB) is allowed


@pytest.mark.parametrize("act", [Act.SEE_NOTES, Act.SEE_PAY])
@pytest.mark.parametrize("viewer", [CHARLIE, ODILE, RENE])
def test_notes_and_pay_stay_between_a_person_and_those_above(
    viewer: Viewer, act: Act
) -> None:
    assert not may(viewer, act, subject=OF_BOB)
    assert may(BOB, act, subject=OF_BOB)
    assert may(MARC, act, subject=OF_BOB)


def test_a_salesperson_proposes_and_does_not_decide() -> None:
    assert may(BOB, Act.PROPOSE, subject=OF_BOB)
    assert not may(BOB, Act.DECIDE, subject=OF_BOB)


def test_a_manager_decides_in_the_teams_led_and_nowhere_else() -> None:
    assert may(MARC, Act.DECIDE, subject=Subject("team:lille"))
    assert not may(MARC, Act.DECIDE, subject=Subject("team:south"))
    assert not may(MARC, Act.DECIDE, subject=Subject("company"))
    assert not may(MARC, Act.SEE_ROWS, subject=Subject("person:charlie"))


def test_a_grant_opens_one_act_over_all() -> None:
    auditor = Viewer(Role.READER, grants=frozenset({Act.SEE_ROWS}))

    assert may(auditor, Act.SEE_ROWS, subject=OF_BOB)
    assert not may(auditor, Act.SEE_PAY, subject=OF_BOB)


def test_a_user_who_is_nobody_in_the_facts_owns_nothing() -> None:
    assert not may(Viewer(Role.SALESPERSON), Act.SEE_ROWS, subject=Subject("person:"))


def test_each_role_has_a_word_on_each_act() -> None:
    assert all(set(TABLE[role]) == set(Act) for role in Role)


def test_teams_below_are_led_too_and_a_loop_ends() -> None:
    tree = [("north", None), ("lille", "north"), ("roubaix", "lille"), ("south", None)]

    assert below(["north"], parents=tree) == {"north", "lille", "roubaix"}
    assert below(["a"], parents=[("a", "b"), ("b", "a")]) == {"a", "b"}
