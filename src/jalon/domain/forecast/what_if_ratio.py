"""What if, on a ratio of deals: the win rate, the average basket.

As for sums, what was kept are the landing's samples and draws of the pipeline in parts;
here both parts of the ratio are drawn together, deal by deal. A supposition moves the
numerator and the denominator of each draw, and the landing by what that does to each
quantile of the ratio. What is closed already is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jalon.domain.forecast.hazards import fitted
from jalon.domain.forecast.history import LOST, OPEN, WON, Floats, History
from jalon.domain.forecast.what_if import DRAWS, RAMP, SEED, Deal, Supposed

PRIOR = 1.0  # closing of each kind, that an unknown win rate is worth


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio's parts so far, the draws of what is to come, its landing's samples.

    `wins_open` and `wins_new` are deals won of those open (big ones left out) and of
    those to come. `losses` are deals lost for one won, in each draw; `basket` is what
    a won deal brings. `closings` where the ratio is of deals won over deals closed;
    else it is of money over deals won.
    """

    above: float
    below: float
    samples: Floats
    wins_open: Floats
    wins_new: Floats
    losses: Floats
    basket: Floats
    deals: tuple[Deal, ...]
    lost: tuple[Floats, ...]  # draws in which each of the deals is lost: 0 or 1
    win_rate: float
    heads: int
    closings: bool


def supposed_ratio(basis: Ratio, what: Supposed) -> Floats:
    """Return the samples of the final ratio under the supposition, sorted."""
    before, after = _drawn(basis, Supposed()), _drawn(basis, what)
    shares = (np.arange(len(basis.samples)) + 0.5) / len(basis.samples)
    moved = np.quantile(after, shares) - np.quantile(before, shares)
    found = np.sort(np.maximum(np.sort(basis.samples) + moved, 0))
    return np.minimum(found, 1) if basis.closings else found


def ends_of(history: History, after: int) -> tuple[Floats, Floats]:
    """Return the chance of each open deal to be won, and to be lost, before `after`."""
    won, lost = np.zeros((2, len(history.created)))
    horizon = max(after - history.asof, 0)
    still = np.flatnonzero(history.outcome == OPEN)
    if horizon and len(still):
        ages, place = np.unique(
            history.asof - history.created[still], return_inverse=True
        )
        hazards = fitted(history)
        other = replace(hazards, rates=hazards.rates[::-1])
        won[still] = hazards.incidence(history.asof, horizon, ages)[place, -1]
        lost[still] = other.incidence(history.asof, horizon, ages)[place, -1]
    return won, lost


def ending(won: float, lost: float, rank: int) -> tuple[Floats, Floats]:
    """Return in which draws a deal is won, and lost; the same ones each time."""
    dice = np.random.default_rng([SEED, rank]).random(DRAWS)
    return (
        (dice < won).astype(np.float64),
        ((dice >= won) & (dice < won + lost)).astype(np.float64),
    )


def losses_for_one_won(won: int, lost: int) -> Floats:
    """Return how many deals are lost for one won, in each draw, from recent ones."""
    dice = np.random.default_rng(SEED)
    rate = dice.beta(won + PRIOR, lost + PRIOR, DRAWS)
    found: Floats = (1 - rate) / rate
    return found


def baskets(history: History, members: list[int], wins: Floats) -> Floats:
    """Return the mean amount of as many deals as are won in each draw."""
    dice = np.random.default_rng(SEED + 1)
    own = history.won & np.isin(history.leaf, members) & (history.value > 0)
    seen = history.value[own]
    if not len(seen):
        return np.zeros(DRAWS)
    counts = np.maximum(np.rint(wins), 1).astype(np.int64)
    drawn = seen[dice.integers(0, len(seen), int(counts.sum()))]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    found: Floats = np.add.reduceat(drawn, starts) / counts
    return found


def closed_lately(history: History, members: list[int], days: int) -> tuple[int, int]:
    """Return how many deals of some leaves were won, and lost, in the last days."""
    recent = (history.closed >= history.asof - days) & (history.outcome != OPEN)
    own = recent & np.isin(history.leaf, members)
    won, lost = history.outcome == WON, history.outcome == LOST
    return int((own & won).sum()), int((own & lost).sum())


def _drawn(basis: Ratio, what: Supposed) -> Floats:
    """Return the final ratio in each draw."""
    times = 1.0
    if basis.win_rate > 0:
        times = min(max(basis.win_rate + what.points, 0.0), 1.0) / basis.win_rate
    hired = 1 + RAMP * what.hires / max(basis.heads, 1)
    wins = basis.wins_open + basis.wins_new * hired
    closed = wins * (1 + basis.losses)
    wins = np.minimum(wins * times, closed)
    money = wins * basis.basket
    for deal, lost in zip(basis.deals, basis.lost, strict=True):
        won, ended = _end(deal, lost, what, times)
        wins, closed = wins + won, closed + ended
        money = money + won * deal.worth
    above = basis.above + (wins if basis.closings else money)
    below = basis.below + (closed if basis.closings else wins)
    usual = basis.above / basis.below if basis.below else float(basis.samples.mean())
    found: Floats = np.where(below > 0, above / np.where(below > 0, below, 1), usual)
    return found


def _end(
    deal: Deal, lost: Floats, what: Supposed, times: float
) -> tuple[Floats, Floats]:
    """Return in which draws a big deal is won, and closed: in parts of one."""
    one, none = np.ones_like(deal.won), np.zeros_like(deal.won)
    if deal.id == what.lost:
        return none, one
    if deal.id == what.slipped:
        return none, none
    if deal.id == what.won:
        return one, one
    closed = deal.won + lost
    if times <= 1 or not lost.any():
        return deal.won * min(times, 1.0), closed
    turned = min((times - 1) * deal.won.mean() / lost.mean(), 1.0)
    return deal.won + lost * turned, closed  # a part of what was lost is won
