"""Lines of objectives: their order, what is above, below, still to do."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from jalon.domain.objectives.graded import GRADED
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.queries.mine import carried
from jalon.queries.pages import (
    ActionLine,
    Filters,
    Line,
    ancestors,
    as_tree,
    branch,
    filtered,
    to_do,
)

ON = datetime.date(2026, 5, 4)


def line(
    name: str, owner: str = "person:bob", parent: str = "", **more: object
) -> Line:
    """Return a line of the second quarter of 2026."""
    told: dict[str, object] = {
        "statement": name,
        "kpi": "revenue",
        "kpi_label": {"fr": "CA"},
        "unit": "money",
        "currency": "EUR",
        "direction": "up",
        "flow": True,
        "owner_name": owner,
        "first": datetime.date(2026, 4, 1),
        "after": datetime.date(2026, 7, 1),
        "status": "on_track",
    } | more
    return Line(id=name, owner=owner, parent=parent, **told)  # type: ignore[arg-type]


TREE = (
    line("bob", parent="north"),
    line("calls", parent="north", kpi="calls", unit="count"),
    line("north", "team:north", parent="all"),
    line("all", "company"),
    line("zoe", "person:zoe", parent="north"),
)


def names(lines: tuple[Line, ...]) -> list[str]:
    return [one.id for one in lines]


def test_a_tree_goes_down_the_parents_own_kpi_first() -> None:
    assert [(one.id, one.depth) for one in as_tree(TREE)] == [
        ("all", 0), ("north", 1), ("bob", 2), ("zoe", 2), ("calls", 2),
    ]  # fmt: skip


def test_a_line_whose_parent_is_not_shown_is_a_root() -> None:
    assert [one.depth for one in as_tree(TREE[:1])] == [0]


def test_two_objectives_that_are_each_others_parents_are_not_lost() -> None:
    loop = (line("a", parent="b"), line("b", parent="a"))

    assert names(as_tree(loop)) == ["a", "b"]
    assert names(branch(loop, roots=["a"])) == ["a", "b"]


def test_above_and_below() -> None:
    assert names(ancestors(TREE, of=["bob"])) == ["all", "north", "bob"]
    assert names(branch(TREE, roots=["north"])) == ["north", "bob", "zoe", "calls"]


def test_what_is_to_do_comes_by_its_day_and_what_is_done_is_gone() -> None:
    late = ActionLine(text="late", due=datetime.date(2026, 5, 1))
    soon = ActionLine(text="soon", due=datetime.date(2026, 5, 9))
    someday, done = ActionLine(text="someday"), ActionLine(text="done", done=True)
    lines = (line("a", actions=(someday, soon)), line("b", actions=(done, late)))

    assert [action.text for action, _ in to_do(lines)] == ["late", "soon", "someday"]


@pytest.mark.parametrize(
    ("direction", "lead", "remaining"),
    [
        pytest.param("up", -10, 60, id="40 where 50 was expected and 100 wanted"),
        pytest.param("down", 10, -60, id="lower is better"),
    ],
)
def test_ahead_and_remaining_follow_what_is_better(
    direction: str, lead: int, remaining: int
) -> None:
    found = line(
        "a",
        direction=direction,
        actual=Decimal(40),
        expected=Decimal(50),
        target=Decimal(100),
        gap=Decimal(60),
    )

    assert (found.lead, found.remaining) == (lead, remaining)


@pytest.mark.parametrize(
    ("when", "day", "kept"),
    [
        ("now", "2026-04-01", True),
        ("now", "2026-06-30", True),
        ("now", "2026-07-01", False),
        ("past", "2026-07-01", True),
        ("coming", "2026-03-31", True),
        ("all", "2020-01-01", True),
    ],
)
def test_a_period_holds_its_first_day_and_not_the_day_after(
    when: str, day: str, kept: bool
) -> None:
    on = datetime.date.fromisoformat(day)

    assert bool(filtered(TREE[:1], Filters(when=when), on=on)) is kept


def test_each_role_carries_its_own() -> None:
    bob = Viewer(Role.SALESPERSON, "bob")
    mona = Viewer(Role.MANAGER, "mona", frozenset({"north"}))
    alice = Viewer(Role.DIRECTOR, "alice")

    assert names(carried(TREE, viewer=bob)) == ["bob", "calls"]
    assert names(carried(TREE, viewer=mona)) == ["north"]
    assert names(carried(TREE, viewer=alice)) == ["all"]
    assert carried(TREE, viewer=Viewer(Role.READER)) == ()


def test_a_graded_objective_is_called_by_what_it_states_others_by_their_kpi() -> None:
    label = {"fr": "Chiffre d’affaires", "en": "Revenue"}
    sold = replace(line("a"), kpi="revenue", kpi_label=label, statement="Vendre 10 k€")
    stated = replace(sold, kpi=GRADED, statement="accueil reconnu par nos clients.")
    assert [sold.aim("fr"), sold.aim("en")] == ["Chiffre d’affaires", "Revenue"]
    assert stated.aim("fr") == "Accueil reconnu par nos clients"
