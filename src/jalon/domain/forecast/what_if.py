"""What if: the landing again, had a deal been lost, more deals been won, people hired.

The samples kept with an evaluation are the pool's; beside them stand draws of the
pipeline model alone, in parts (deals still open, deals to come, the biggest deals one
by one). A supposition changes the draws; the pool moves by what it does to each of
their quantiles, so that nothing is simulated again and the answer is immediate. What
is won already is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jalon.domain.forecast.hazards import fitted
from jalon.domain.forecast.history import LOST, OPEN, Floats, History
from jalon.domain.forecast.pipeline import simulated_parts

DRAWS = 200
RAMP = 0.5  # of a colleague's new deals, what somebody hired today brings at first
SEED = 11


@dataclass(frozen=True, slots=True)
class Deal:
    """One big open deal: its worth, its chance, and the draws in which it is won."""

    id: str
    name: str
    worth: float
    chance: float
    won: Floats  # 0 or 1, one a draw


@dataclass(frozen=True, slots=True)
class Basis:
    """What was kept: the final figure's samples, and the draws of the pipeline.

    `win_rate` is the share won of recent closings, 0 where there are none; `heads` how
    many people bring the deals to come.
    """

    actual: float
    samples: Floats
    still_open: Floats  # big deals left out
    to_come: Floats
    deals: tuple[Deal, ...]
    win_rate: float
    heads: int


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed: deals by id, `points` as a share of 1."""

    lost: str = ""
    slipped: str = ""
    won: str = ""
    points: float = 0.0
    hires: int = 0

    @property
    def anything(self) -> bool:
        """Return whether anything is supposed at all."""
        return self != Supposed()


def supposed(basis: Basis, what: Supposed) -> Floats:
    """Return the samples of the final figure under the supposition, sorted.

    A deal that slips leaves the period as a lost one does: it is only not lost.
    """
    gone = {what.lost, what.slipped} - {""}
    before = _draws(basis, Supposed(), set(), 1.0, 0.0)
    times = 1.0
    if basis.win_rate > 0:
        times = min(max(basis.win_rate + what.points, 0.0), 1.0) / basis.win_rate
    hired = RAMP * what.hires / max(basis.heads, 1)
    after = _draws(basis, what, gone, times, max(hired, -1.0))
    shares = (np.arange(len(basis.samples)) + 0.5) / len(basis.samples)
    moved = np.quantile(after, shares) - np.quantile(before, shares)
    return np.sort(np.maximum(np.sort(basis.samples) + moved, basis.actual))


def parts(history: History, after: int) -> tuple[Floats, Floats]:
    """Return what open deals and deals to come bring, in the draws kept: by leaf."""
    return simulated_parts(history, after, DRAWS, SEED)


def chances(history: History, after: int) -> Floats:
    """Return the chance of each deal to be won before `after`; 0 for closed ones."""
    found = np.zeros(len(history.created))
    horizon = max(after - history.asof, 0)
    still = np.flatnonzero(history.outcome == OPEN)
    if horizon and len(still):
        ages, place = np.unique(
            history.asof - history.created[still], return_inverse=True
        )
        hazards = fitted(history)
        found[still] = hazards.incidence(history.asof, horizon, ages)[place, -1]
    return found


def without(history: History, deals: list[int]) -> History:
    """Return the history with some open deals said to be lost on the last day."""
    outcome, closed = history.outcome.copy(), history.closed.copy()
    outcome[deals], closed[deals] = LOST, history.asof
    return replace(history, outcome=outcome, closed=closed)


def draws_of(chance: float, rank: int) -> Floats:
    """Return in which draws a deal of that chance is won; the same ones each time."""
    dice = np.random.default_rng([SEED, rank])
    found: Floats = (dice.random(DRAWS) < chance).astype(np.float64)
    return found


def _draws(
    basis: Basis, what: Supposed, gone: set[str], times: float, hired: float
) -> Floats:
    """Return what is still to come in each draw."""
    big, sure = np.zeros(len(basis.to_come)), 0.0
    for deal in basis.deals:
        if deal.id in gone:
            continue
        if deal.id == what.won:
            sure += deal.worth
        else:
            big = big + deal.worth * deal.won
    to_come = basis.to_come * (1 + hired)
    found: Floats = sure + (basis.still_open + big + to_come) * times
    return found
