"""What a fall at three events a week is told from: `python -m benchmarks.drift_limits`.

Poisson weeks that halve from the fourth week of a quarter, a threshold that one quiet
quarter in ten passes anew, drawn from other worlds of the same kind: the best that a
watch can do, all else known. By what its level is learnt from (a year, two, or a plan
that is known), by whether its sum begins at zero with the quarter or has always run,
and by statistic: Page's sum for a fall of four tenths or of a half, the likelihood
ratio of the fall that fits best (GLR), and the ratio averaged over what the level may
be (Gamma-Poisson).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MEAN, FALL, ALLOWED = 3.0, 0.5, 0.10
QUARTER, BEFORE_THE_FALL, WORLDS = 13, 3, 4000
LEARNT = {"a year": 52, "two years": 104, "known": 10**6}
RUNNING = {"from zero": 0, "always": 13}
LIKELY_FALLS = (0.1, 0.8)  # what is left of the level, for the GLR


def page(weeks: Floats, seen: Floats, past: int, *, left: float) -> Floats:
    """Return Page's sum for a fall that leaves that much of the level."""
    added = weeks * np.log(left) + seen / past * (1 - left)
    total, sofar = np.zeros_like(weeks), np.zeros(len(weeks))
    for week in range(weeks.shape[1]):
        sofar = np.maximum(0.0, sofar + added[:, week])
        total[:, week] = sofar
    return total


def best_fit(count: Floats, seen: Floats, past: int, length: int) -> Floats:
    """Return the log likelihood ratio of the fall that fits those weeks best."""
    usual = seen * length / past
    left = np.clip(count / usual, *LIKELY_FALLS)
    return np.asarray(count * np.log(left) + usual * (1 - left))


def averaged(count: Floats, seen: Floats, past: int, length: int) -> Floats:
    """Return the log ratio of .6 of the level, averaged over what the level may be."""
    wider = np.log((past + length) / (past + 0.6 * length))
    return np.asarray(count * np.log(0.6) + (seen + count) * wider)


def since_any(ratio: Callable[..., Floats]) -> Callable[..., Floats]:
    """Return the largest ratio over every week the fall may have begun."""

    def largest(weeks: Floats, seen: Floats, past: int) -> Floats:
        sums = np.cumsum(np.pad(weeks, ((0, 0), (1, 0))), axis=1)
        found = np.zeros_like(weeks)
        for after in range(1, weeks.shape[1] + 1):
            for first in range(max(0, after - QUARTER), after):
                count = sums[:, after] - sums[:, first]
                each = ratio(count, seen[:, 0], past, after - first)
                found[:, after - 1] = np.maximum(found[:, after - 1], each)
        return found

    return largest


STATISTICS: dict[str, Callable[[Floats, Floats, int], Floats]] = {
    "Page, .6": lambda *world: page(*world, left=0.6),
    "Page, .5": lambda *world: page(*world, left=0.5),
    "GLR": since_any(best_fit),
    "averaged": since_any(averaged),
}


def told(evidence: Floats, threshold: float, warm: int) -> float:
    """Return how many quarters pass the threshold anew."""
    before = evidence[:, warm - 1] > threshold if warm else np.zeros(len(evidence))
    passed = evidence[:, warm:].max(axis=1) > threshold
    return float((passed & (before == 0)).mean())


def found(statistic: str, past: int, warm: int, dice: np.random.Generator) -> float:
    """Return how many falls are told, one quiet quarter in ten being told too."""
    level = np.full(warm + QUARTER, MEAN)
    fallen = level.copy()
    fallen[warm + BEFORE_THE_FALL :] *= FALL
    quiet, bad = (
        STATISTICS[statistic](
            dice.poisson(mean, (WORLDS, len(mean))).astype(np.float64),
            dice.poisson(MEAN * past, (WORLDS, 1)).astype(np.float64),
            past,
        )
        for mean in (level, fallen)
    )
    tried = np.linspace(1.0, 8.0, 701)
    least = next(one for one in tried if told(quiet, one, warm) <= ALLOWED)
    return told(bad, least, warm)


def main() -> None:
    """Print the table."""
    print("sum | level | " + " | ".join(STATISTICS))
    for begins, warm in RUNNING.items():
        for learnt, past in LEARNT.items():
            dice = np.random.default_rng(past + warm)
            figures = [found(name, past, warm, dice) for name in STATISTICS]
            told_all = " | ".join(f"{one:.2f}" for one in figures)
            print(f"{begins} | {learnt} | {told_all}")


if __name__ == "__main__":
    main()
