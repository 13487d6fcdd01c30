"""A rate, a mean or a score shared out: the parent is the mean weighted by volumes.

Rates are not added: going from 22 % to 28 % asks something else of who closes 18 % than
of who closes 27 %. Three ways to ask:

- *effort*: the same shift for all on the scale where the rate is unbounded. For a share
  it is the logit (same odds ratio), so nobody is asked for more than 100 %; for a mean
  of amounts or days it is the logarithm (same percentage); for a score, the logit
  between its bounds.
- *headroom*: all close the same share of what separates them from their best.
- *points*: the same number of points for all; it may leave the scale, bounds hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from jalon.domain.cascade.rising import Floats, filled

_EDGE = 1e-9
_FARTHEST = 80.0
_HALVINGS = 200
_CLOSE = 1e-15


class Way(StrEnum):
    """How an improvement of a rate is asked of several."""

    EFFORT = "effort"
    HEADROOM = "headroom"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a rate may be: a share in (0, 1), a score in (-100, 100), a mean above 0.

    `between` is None for a mean of amounts or days, which has no upper end.
    """

    between: tuple[float, float] | None

    def stretched(self, rates: Floats) -> Floats:
        """Return the rates on a line without ends: logit, or logarithm."""
        if self.between is None:
            return np.log(np.maximum(rates, _EDGE))
        low, high = self.between
        shares = np.clip((rates - low) / (high - low), _EDGE, 1 - _EDGE)
        return np.asarray(np.log(shares / (1 - shares)))

    def back(self, line: Floats) -> Floats:
        """Return the rates of places on the line without ends."""
        if self.between is None:
            return np.exp(np.minimum(line, _FARTHEST))
        low, high = self.between
        return np.asarray(low + (high - low) / (1 + np.exp(-line)))


SHARE = Scale((0.0, 1.0))
SCORE = Scale((-100.0, 100.0))
AMOUNT = Scale(None)


@dataclass(frozen=True, slots=True)
class Rates:
    """What each has to reach; `shift` is the common effort, share of headroom, points.

    `reached` is their mean weighted by volumes: the target, unless bounds forbid it.
    """

    rates: Floats
    shift: float
    reached: float


def mean(rates: Floats, volumes: Floats) -> float:
    """Return the mean weighted by volumes."""
    return float((rates * volumes).sum() / volumes.sum())


def effort(
    target: float,
    rates: Floats,
    volumes: Floats,
    low: Floats,
    high: Floats,
    scale: Scale = SHARE,
) -> Rates:
    """Return the same effort for all, by bisection: the mean rises with the shift."""
    line = scale.stretched(rates)

    def asked(shift: float) -> Floats:
        return np.clip(scale.back(line + shift), low, high)

    below, above = -_FARTHEST, _FARTHEST
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        if mean(asked(middle), volumes) < target:
            below = middle
        else:
            above = middle
        if above - below < _CLOSE * max(1.0, abs(middle)):
            break
    return _answer(asked((below + above) / 2), (below + above) / 2, volumes)


def headroom(
    target: float,
    rates: Floats,
    volumes: Floats,
    best: Floats,
    low: Floats,
    high: Floats,
) -> Rates:
    """Return the same share of each one's way to its best, closed form but for bounds.

    The way may lead down (days, complaints). Who is already past its best stays.
    """
    if target < mean(rates, volumes):
        found = headroom(-target, -rates, volumes, -best, -high, -low)
        return Rates(-found.rates, found.shift, -found.reached)
    room = np.maximum(best - rates, 0.0)
    bottom = np.clip(rates, low, high)
    top = np.clip(np.maximum(best, rates), bottom, np.maximum(high, bottom))
    amounts, share = filled(
        target * float(volumes.sum()),
        rates * volumes,
        room * volumes,
        _amounts(bottom, volumes),
        _amounts(top, volumes),
    )
    return _answer(_quotient(amounts, volumes, bottom), share, volumes)


def points(
    target: float, rates: Floats, volumes: Floats, low: Floats, high: Floats
) -> Rates:
    """Return the same number of points for all, held within the bounds."""
    amounts, shift = filled(
        target * float(volumes.sum()),
        rates * volumes,
        volumes,
        _amounts(low, volumes),
        _amounts(high, volumes),
    )
    otherwise = np.clip(rates + shift, low, high)
    return _answer(_quotient(amounts, volumes, otherwise), shift, volumes)


def _amounts(bounds: Floats, volumes: Floats) -> Floats:
    """Return bounds in amounts; without volume there is no amount, even unbounded."""
    found = np.zeros(len(volumes))
    np.multiply(bounds, volumes, out=found, where=volumes > 0)
    return found


def _quotient(amounts: Floats, volumes: Floats, otherwise: Floats) -> Floats:
    return np.divide(amounts, volumes, out=otherwise.copy(), where=volumes > 0)


def _answer(rates: Floats, shift: float, volumes: Floats) -> Rates:
    return Rates(rates, shift, mean(rates, volumes))
