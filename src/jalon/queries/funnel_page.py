"""Trends and bottlenecks: a scope's funnel, its segments, stuck deals and cohorts.

A scope is the company, a team or a person; a team's deals are those its people hold.
Money of several currencies is not added up here: a stuck deal keeps its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.gaps.shares import Share, apart_by_chance, discoveries
from jalon.domain.gaps.stages import (
    Cohort,
    Stage,
    closings,
    cohorts,
    funnel,
    stuck,
)
from jalon.domain.gaps.survival import Flags, Ints, kaplan_meier
from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.queries.deal_lives import CUTS, DealLives, deal_lives, number
from jalon.queries.organisation import Organisation, organisation
from jalon.workspace.folder import Workspace

ONE = datetime.timedelta(days=1)
MONTHS = (3, 6, 12, 24)
DEFAULT = 12
COHORTS = 12
LEAST = 8  # closings below which a group is not compared
STUCK = 12  # deals listed
KEPT = 64
_made: dict[tuple[object, ...], Funnel] = {}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose funnel: the company, a team, a person."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """One value of a dimension: its win rate, and whether it truly stands out.

    `chance` is that of a rate so far above, or below, the others' by luck.
    """

    cut: str
    name: str
    closed: Share
    rest: Share
    median: int | None  # days from opening to the end
    between: tuple[int | None, int | None]  # the interval of that median
    chance: float
    stands_out: bool

    @property
    def above(self) -> bool:
        """Return whether it wins more than the rest."""
        return (self.closed.value or 0.0) > (self.rest.value or 0.0)


@dataclass(frozen=True, slots=True)
class StuckDeal:
    """An open deal that stays longer in its stage than three in four do."""

    id: str
    name: str
    owner: str
    stage: str
    days: int
    usual: int
    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """What the page shows of one scope over one window."""

    stages: tuple[Stage, ...]
    before: tuple[Stage, ...]  # the same length of time, right before
    closed: Share
    closed_before: Share
    groups: tuple[Group, ...]
    compared: int
    stuck: tuple[StuckDeal, ...]
    stuck_in_all: int
    cohorts: tuple[tuple[datetime.date, Cohort], ...]

    @property
    def bottleneck(self) -> Stage | None:
        """Return the stage whose share moving on fell most, beyond its interval."""
        fallen = [
            (after.moved.value - was.moved.value, after)
            for was, after in zip(self.before, self.stages, strict=True)
            if after.moved.value is not None
            and was.moved.value is not None
            and after.moved.interval is not None
            and was.moved.value > after.moved.interval[1]
        ]
        worst = min(fallen, key=lambda one: one[0], default=None)
        return worst[1] if worst else None

    @property
    def over(self) -> tuple[Group, ...]:
        """Return the groups that win more than the rest beyond chance."""
        return tuple(one for one in self.groups if one.stands_out and one.above)


def scopes(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[Scope, ...]:
    """Return the funnels the viewer may read: the company's, their teams', people's."""
    people = organisation(workspace, on=on)
    found = []
    if may(viewer, Act.SEE_COURSE, subject=Subject(COMPANY)):
        found.append(Scope(COMPANY, workspace.settings.company))
    for team in people.teams:
        owner = f"team:{team.team_id}"
        if may(viewer, Act.SEE_ROWS, subject=Subject(owner)):
            found.append(Scope(owner, team.name))
    for one in sorted(people.people, key=lambda one: one.name):
        owner = f"person:{one.person_id}"
        here = one.left_on is None or one.left_on > on
        if here and may(viewer, Act.SEE_ROWS, subject=Subject(owner)):
            found.append(Scope(owner, one.name))
    return tuple(found)


def funnel_of(
    workspace: Workspace, owner: str, *, months: int, on: datetime.date
) -> Funnel:
    """Return the funnel of a scope over the last months.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    found = deal_lives(workspace, on=on)
    key = (id(found), owner, months, on)
    if key not in _made:
        people = organisation(workspace, on=on)
        while len(_made) >= KEPT:
            _made.pop(next(iter(_made)))
        held = found.of(people_of(people, owner, on))
        _made[key] = _funnel(found, held, people, months=months, on=on)
    return _made[key]


def people_of(
    people: Organisation, owner: str, on: datetime.date
) -> frozenset[str] | None:
    """Return whose deals count for an owner; None for everybody's."""
    kind, _, key = owner.partition(":")
    if kind == COMPANY:
        return None
    if kind == "person":
        return frozenset({key})
    teams = people.within(key)
    return frozenset(
        one.person_id
        for one in people.people
        if people.team_of(one.person_id, on) in teams
    )


def window(months: int, on: datetime.date) -> tuple[int, int, int]:
    """Return the first day before, the first day, the day after the last."""
    asof = number(on) + 1
    length = round(months * 30.4375)
    return asof - 2 * length, asof - length, asof


def _funnel(
    found: DealLives,
    held: Flags,
    people: Organisation,
    *,
    months: int,
    on: datetime.date,
) -> Funnel:
    former, since, asof = window(months, on)
    lives = found.lives.only(held)
    stages = funnel(lives, since=since, asof=asof)
    groups = _groups(found, held, since=since, asof=asof)
    ranks = np.flatnonzero(held)
    late = stuck(lives, stages, asof=asof)
    listed = [
        StuckDeal(
            id=found.ids[ranks[rank]],
            name=found.names[ranks[rank]],
            owner=_named(people, found.owners[ranks[rank]]),
            stage=lives.stages[place],
            days=days,
            usual=usual,
            amount=found.amounts[ranks[rank]],
            currency=found.currencies[ranks[rank]],
        )
        for rank, place, days, usual in late
    ]
    listed.sort(key=lambda one: (-one.amount, one.id))
    starts = _months_back(on, COHORTS)
    made = cohorts(lives, tuple(number(day) for day in starts), asof=asof)
    return Funnel(
        stages=stages,
        before=funnel(lives, since=former, asof=since),
        closed=closings(lives, since=since, asof=asof),
        closed_before=closings(lives, since=former, asof=since),
        groups=groups,
        compared=len(groups),
        stuck=tuple(listed[:STUCK]),
        stuck_in_all=len(listed),
        cohorts=tuple(zip(starts, made, strict=True)),
    )


def _groups(
    found: DealLives, held: Flags, *, since: int, asof: int
) -> tuple[Group, ...]:
    """Return each channel, segment… with enough closings, compared with the rest."""
    lives = found.lives
    won, lost = lives.entered[:, -1], lives.lost
    inside = held & (found.closed >= since) & (found.closed < asof)
    wins = inside & (won < asof)
    whole = Share(int(wins.sum()), int(inside.sum()))
    took = np.where(won < lost, won, lost) - lives.created
    rows = []
    for cut in CUTS:
        names = np.array(found.cuts[cut], object)
        for name in sorted({str(one) for one in names[inside]} - {""}):
            these = inside & (names == name)
            own = Share(int((these & wins).sum()), int(these.sum()))
            rest = Share(whole.won - own.won, whole.tried - own.tried)
            if own.tried >= LEAST and rest.tried >= LEAST:
                rows.append((cut, name, own, rest, *_median(took[these])))
    chances = [apart_by_chance(own, rest) for _, _, own, rest, *_ in rows]
    stand = discoveries(chances)
    return tuple(
        Group(*row, chance, stands)
        for row, chance, stands in zip(rows, chances, stand, strict=True)
    )


def _median(took: Ints) -> tuple[int, tuple[int | None, int | None]]:
    """Return the median of durations that are all over, and its interval."""
    curve = kaplan_meier(took, np.ones(len(took), bool))
    return int(np.median(took)), curve.median_interval


def _months_back(on: datetime.date, count: int) -> tuple[datetime.date, ...]:
    """Return the first days of the last months, the oldest first."""
    day, found = on.replace(day=1), []
    for _ in range(count):
        found.append(day)
        day = (day - ONE).replace(day=1)
    return tuple(reversed(found))


def _named(people: Organisation, person: str) -> str:
    known = people.person.get(person)
    return known.name if known else person


def next_month(day: datetime.date) -> datetime.date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def groups_by_cut(groups: Sequence[Group]) -> list[tuple[str, list[Group]]]:
    """Return the groups dimension by dimension, the best win rate first."""
    return [
        (cut, sorted(some, key=lambda one: -(one.closed.value or 0.0)))
        for cut in CUTS
        if len(some := [one for one in groups if one.cut == cut]) > 1
    ]
