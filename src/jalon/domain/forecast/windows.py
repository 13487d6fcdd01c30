"""Where any figure will land, from how past periods ended after the same days.

For what does not add up day by day: averages, ratios of money, stocks, cohorts, things
counted once. Each past period of the same length tells what its parts still gained from
the same day on; one is drawn, the recent ones more often, and added to today's parts in
proportion to today's size. Draws are smoothed by a kernel, since periods are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.forecast.history import Floats

DRAWS = 400
LEAST = 4  # past periods below which nothing is forecast
HALF_LIFE = 365.0  # days after which a past period weighs half
LIMITS = (0.25, 4.0)  # of today's size over a past period's
PRIOR = 0.25  # of a whole period, that pulls the sizes together early on
SEED = 23


@dataclass(frozen=True, slots=True)
class Parts:
    """A figure on a day: numerator and denominator, or itself over 1."""

    above: float
    below: float = 1.0


@dataclass(frozen=True, slots=True)
class Window:
    """A past period: its parts after the same days, its parts at its end, its age."""

    begun: Parts
    ended: Parts
    age: float  # days since its end


def landing_samples(
    now: Parts,
    past: Sequence[Window],
    *,
    divided: bool,
    scaled: bool = True,
    growing: bool = False,
    seed: int = SEED,
) -> Floats | None:
    """Return samples of the figure at the end; None with too few past periods.

    `divided` where the figure is its parts' quotient; `scaled` where a larger figure
    moves by more; `growing` where it cannot fall (things counted once).
    """
    if len(past) < LEAST:
        return None
    dice = np.random.default_rng(seed)
    weights = np.array([0.5 ** (one.age / HALF_LIFE) for one in past])
    drawn = dice.choice(len(past), DRAWS, p=weights / weights.sum())
    ends = np.array(
        [_ended(now, one, past, divided=divided, scaled=scaled) for one in past]
    )
    sd = float(np.sqrt(np.cov(ends, aweights=weights)))
    enough = float(weights.sum() ** 2 / np.square(weights).sum())
    kernel = sd * 1.06 * enough**-0.2
    samples = ends[drawn] + kernel * dice.standard_normal(DRAWS)
    if growing:
        samples = np.maximum(samples, now.above)
    found: Floats = samples
    return found


def _ended(
    now: Parts, one: Window, past: Sequence[Window], *, divided: bool, scaled: bool
) -> float:
    """Return where today's figure ends if it goes on as that past period did."""
    size = _size(now, one, past, divided=divided) if scaled else 1.0
    above = now.above + size * (one.ended.above - one.begun.above)
    if not divided:
        return above
    below = now.below + size * (one.ended.below - one.begun.below)
    if below <= 0:
        return now.above / now.below if now.below else one.ended.above
    return above / below


def _size(now: Parts, one: Window, past: Sequence[Window], *, divided: bool) -> float:
    """Return today's size over that of the past period, both pulled together."""
    usual = float(
        np.mean(
            [abs(each.ended.below if divided else each.ended.above) for each in past]
        )
    )
    mine = abs(now.below if divided else now.above) + PRIOR * usual
    theirs = abs(one.begun.below if divided else one.begun.above) + PRIOR * usual
    return float(np.clip(mine / theirs, *LIMITS)) if theirs else 1.0
