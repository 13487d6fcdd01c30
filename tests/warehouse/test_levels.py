"""Each team is gathered under the team above it at a level of the tree."""

from __future__ import annotations

import pytest

from jalon.queries.exploring_rules import group_bounds
from jalon.queries.organisation import Organisation
from jalon.warehouse.compile.links import level_of
from jalon.warehouse.compile.world import World

PARENTS = {
    "france": None,
    "nord": "france",
    "lille": "nord",
    "sud": "france",
    "export": None,
    "lost": "unknown",
    "ring": "gnir",
    "gnir": "ring",
}


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, {"lille": "france", "nord": "france", "france": "france", "lost": "lost"}),
        (2, {"lille": "nord", "nord": "nord", "sud": "sud", "export": "export"}),
        (3, {"lille": "lille", "nord": "nord", "france": "france"}),
        (9, {"lille": "lille", "france": "france"}),
    ],
)
def test_a_team_stands_under_its_ancestor_of_the_level(
    level: int, expected: dict[str, str]
) -> None:
    above = World({}, {}, "EUR", parents=PARENTS).above(level)
    assert set(above) == set(PARENTS)
    assert {team: above[team] for team in expected} == expected


def test_teams_in_a_ring_are_gathered_somewhere() -> None:
    above = World({}, {}, "EUR", parents=PARENTS).above(1)
    assert above["ring"] in {"ring", "gnir"}


@pytest.mark.parametrize(
    ("name", "level"),
    [("team:1", 1), ("team:12", 12), ("team", None), ("team:0", None), ("team:", None)],
)
def test_a_level_is_named_by_its_number(name: str, level: int | None) -> None:
    assert level_of(name) == level


def test_a_group_of_a_level_belongs_to_its_team() -> None:
    """Who may not see the team does not see the group."""
    nobody = Organisation((), ())
    assert group_bounds({"team:1_id": "france"}, nobody) == [frozenset({"team:france"})]
    assert group_bounds({"segment_id": "PME", "team:2_id": None}, nobody) == []
