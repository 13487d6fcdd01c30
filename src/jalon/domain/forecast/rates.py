"""Where a rate will land: Beta-binomial over what is closed and what will close.

The rate to come is drawn from Beta(k·m + won, k·(1 - m) + lost): m is the owner's rate
of the last ninety days, itself shrunk to the level's; k is worth eight closings only,
since a longer memory is worse than the period's own figures. The closings to come are
Poisson around the owner's recent pace, that pace being uncertain too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.forecast.history import Floats

MEMORY = 8.0  # closings the recent rate is worth
SHRUNK = 20.0  # closings of the level that pull an owner's recent rate
RECENT = 90  # days
LEAST = 10  # closings in the recent past below which a rate is not forecast


@dataclass(frozen=True, slots=True)
class Closings:
    """An owner's closings: of the period to date, and of the ninety days before."""

    id: str
    level: str
    won: float
    tried: float
    recent_won: float
    recent_tried: float


def rate_samples(
    owners: Sequence[Closings], days_left: int, *, draws: int = 400, seed: int = 0
) -> dict[str, Floats | None]:
    """Return samples of each owner's rate at the end; None with too little history."""
    dice = np.random.default_rng(seed)
    levels = {owner.level: _level_rate(owners, owner.level) for owner in owners}
    return {
        owner.id: _samples(owner, levels[owner.level], days_left, draws, dice)
        for owner in owners
    }


def _samples(
    owner: Closings,
    level: float,
    days_left: int,
    draws: int,
    dice: np.random.Generator,
) -> Floats | None:
    if owner.recent_tried + owner.tried < LEAST:
        return None
    mean = (owner.recent_won + SHRUNK * level) / (owner.recent_tried + SHRUNK)
    mean = min(max(mean, 1e-3), 1 - 1e-3)
    rate = dice.beta(
        MEMORY * mean + owner.won,
        MEMORY * (1 - mean) + max(owner.tried - owner.won, 0),
        draws,
    )
    pace = dice.gamma(owner.recent_tried + 0.5, 1 / RECENT, draws)
    coming = dice.poisson(pace * days_left)
    won = owner.won + dice.binomial(coming, rate)
    tried = owner.tried + coming
    found: Floats = np.where(tried > 0, won / np.maximum(tried, 1), rate)
    return found


def _level_rate(owners: Sequence[Closings], level: str) -> float:
    won = sum(one.recent_won for one in owners if one.level == level)
    tried = sum(one.recent_tried for one in owners if one.level == level)
    return won / tried if tried else 0.5
