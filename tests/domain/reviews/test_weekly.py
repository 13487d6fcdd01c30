"""Three decisions: the heaviest, of different kinds, each about one thing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jalon.domain.reviews.weekly import (
    AGENDA,
    Kind,
    Standing,
    decisions,
    late,
    stalled,
    subjects,
)

LOST = Standing("lost", "off_track", False, True, Decimal("0.1"))
TURNED = Standing("turned", "watch", True, True, Decimal("0.6"))
BARE = Standing("bare", "watch", False, False, Decimal("0.5"))
WELL = Standing("well", "on_track", False, True, Decimal("0.97"))
CALM = Standing("calm", "on_track", False, False, Decimal("0.7"))


def kinds(*standings: Standing) -> list[Kind]:
    """Return the kinds of the decisions these ask for."""
    return [one.kind for one in decisions(subjects(standings))]


def test_the_meeting_lasts_fifteen_minutes() -> None:
    assert sum(minutes for minutes, _part in AGENDA) == 15


def test_what_is_out_of_reach_comes_first() -> None:
    assert kinds(WELL, BARE, TURNED, LOST) == [
        Kind.UNLIKELY,
        Kind.DRIFTED,
        Kind.NO_PLAN,
    ]


def test_what_goes_its_way_asks_for_nothing() -> None:
    assert kinds(CALM) == []


def test_a_kind_comes_again_only_where_there_is_nothing_else() -> None:
    again = replace(LOST, id="again")
    assert kinds(LOST, again, BARE, WELL) == [Kind.UNLIKELY, Kind.NO_PLAN, Kind.SHARE]
    assert kinds(LOST, again) == [Kind.UNLIKELY, Kind.UNLIKELY]


def test_a_team_decides_on_its_own_before_a_person_s() -> None:
    hers = replace(LOST, id="hers", of_one=True)
    first, *_ = decisions(subjects([hers, replace(LOST, probability=Decimal("0.29"))]))
    assert first.about == "lost"


def test_a_long_delay_presses_more_than_a_short_one() -> None:
    found = decisions([late("short", days=2), late("long", days=20), stalled("deal")])
    assert [one.about for one in found] == ["long", "short", "deal"]
