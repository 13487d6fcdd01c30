"""A funnel by stages: who moved on, who left, how long each stage takes, who is stuck.

A deal enters a stage on the first day it is there; a stage that was skipped is entered
with the next one, moves backwards do not count. It leaves a stage when it enters the
next or is lost; until then it is still there. Days are counted from 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jalon.domain.gaps.shares import Share
from jalon.domain.gaps.survival import Curve, Flags, Ints, kaplan_meier

NEVER = np.iinfo(np.int64).max // 4
LONG = 0.25  # of deals that stay longer in a stage: beyond, a deal is stalled
FEWEST = 10  # deals out of a stage before it says what is long
AGES = (30, 60, 90, 120, 180)


@dataclass(frozen=True, slots=True)
class Lives:
    """Deals and the day each entered each stage; arrays, one row a deal.

    `entered` is deals by stages, NEVER where a stage was not reached; the last stage is
    the win. `lost` is the day a deal was lost, NEVER otherwise.
    """

    stages: tuple[str, ...]
    created: Ints
    entered: Ints
    lost: Ints

    def only(self, which: Flags) -> Lives:
        """Return some of the deals."""
        return replace(
            self,
            created=self.created[which],
            entered=self.entered[which],
            lost=self.lost[which],
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage over a window: who entered, who moved on, who left, who is there.

    `moved` is of those who came out of the stage; `curve` of the days spent in it.
    """

    name: str
    entered: int
    moved: Share
    still: int
    curve: Curve

    @property
    def median(self) -> int | None:
        """Return the days after which half have left."""
        return self.curve.when(0.5)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Deals opened together: how many, and the share won within each age, in days.

    None where some of them are not that old yet.
    """

    first: int
    opened: int
    won: tuple[float | None, ...]

    @property
    def intervals(self) -> tuple[tuple[float, float] | None, ...]:
        """Return Wilson's interval at 95 % of each share."""
        return tuple(
            None
            if one is None
            else Share(round(one * self.opened), self.opened).interval
            for one in self.won
        )


def funnel(lives: Lives, *, since: int, asof: int) -> tuple[Stage, ...]:
    """Return the stages before the win, of deals that entered them in the window."""
    return tuple(
        _stage(lives, rank, since=since, asof=asof)
        for rank in range(len(lives.stages) - 1)
    )


def stuck(
    lives: Lives, stages: tuple[Stage, ...], *, asof: int
) -> list[tuple[int, int, int, int]]:
    """Return deals that stay long: rank of the deal, of its stage, days, usual days.

    Long is beyond what three deals in four take to leave the stage; the usual is the
    median. Stages few deals have left say nothing.
    """
    found = []
    reached = (lives.entered < asof).sum(axis=1)
    lost = lives.lost < asof
    for rank in np.flatnonzero((reached > 0) & (reached < len(lives.stages)) & ~lost):
        place = int(reached[rank]) - 1
        stage = stages[place]
        long, usual = stage.curve.when(LONG), stage.median
        days = int(asof - 1 - lives.entered[rank, place])
        if stage.moved.tried >= FEWEST and long is not None and days > long:
            found.append((int(rank), place, days, usual or 0))
    return found


def closings(lives: Lives, *, since: int, asof: int) -> Share:
    """Return the win rate of deals closed in the window."""
    won, lost = lives.entered[:, -1], lives.lost
    wins = int(((won >= since) & (won < asof)).sum())
    losses = int(((lost >= since) & (lost < asof)).sum())
    return Share(wins, wins + losses)


def cohorts(lives: Lives, starts: tuple[int, ...], *, asof: int) -> tuple[Cohort, ...]:
    """Return cohorts of deals opened from each start until before the next."""
    found = []
    for first, after in zip(starts, (*starts[1:], asof), strict=True):
        these = (lives.created >= first) & (lives.created < after)
        opened = int(these.sum())
        took = lives.entered[these, -1] - lives.created[these]
        done = lives.entered[these, -1] < asof
        won = tuple(
            float((done & (took <= age)).sum() / opened)
            if opened and after + age <= asof
            else None
            for age in AGES
        )
        found.append(Cohort(first, opened, won))
    return tuple(found)


def _stage(lives: Lives, rank: int, *, since: int, asof: int) -> Stage:
    entered = lives.entered[:, rank]
    these = (entered >= since) & (entered < asof)
    begin = entered[these]
    following, lost = lives.entered[these, rank + 1], lives.lost[these]
    moved = following < asof
    gone = ~moved & (lost < asof)
    end = np.where(moved, following, np.where(gone, lost, asof - 1))
    return Stage(
        name=lives.stages[rank],
        entered=int(these.sum()),
        moved=Share(int(moved.sum()), int(moved.sum() + gone.sum())),
        still=int((~moved & ~gone).sum()),
        curve=kaplan_meier(np.maximum(end - begin, 0), moved | gone),
    )
