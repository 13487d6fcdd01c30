"""How much of the target is done: one rule a kind of objective, never capped.

- up, a flow (revenue, even with an N-1 baseline) or no baseline: actual / target;
- from a baseline, for a level (rate, mean, score, stock) or for "down":
  (actual - baseline) / (target - baseline), so 200 to 0 at 100 is one half;
- down without a baseline: target / actual;
- maintain: the share of the period inside the band.

Without a denominator there is no figure but a reason, a code of `locale/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.objectives.objective import Bands, Direction


@dataclass(frozen=True, slots=True)
class Progress:
    """An attainment as a fraction of 1, or why there is none."""

    attainment: Decimal | None
    reason: str = ""


def progress(
    actual: Decimal | None,
    *,
    target: Decimal | None,
    baseline: Decimal | None,
    direction: Direction,
    flow: bool,
) -> Progress:
    """Return the attainment of an "up" or "down" objective."""
    if actual is None:
        return Progress(None, "reason.no_value")
    if target is None:
        return Progress(None, "reason.no_target")
    if from_baseline(baseline, direction=direction, flow=flow):
        return _ratio(
            actual - (baseline or 0),
            target - (baseline or 0),
            "reason.target_is_baseline",
        )
    if direction is Direction.DOWN:
        return _ratio(target, actual, "reason.actual_is_zero")
    return _ratio(actual, target, "reason.target_is_zero")


def from_baseline(
    baseline: Decimal | None, *, direction: Direction, flow: bool
) -> bool:
    """Return whether the way is counted from the baseline."""
    return baseline is not None and (direction is Direction.DOWN or not flow)


def inside_band(values: Sequence[Decimal | None], *, bands: Bands) -> Progress:
    """Return the share of the readings inside the band, both sides included."""
    known = [value for value in values if value is not None]
    if not known or bands.minimum is None or bands.excellent is None:
        return Progress(None, "reason.no_value")
    low, high = sorted((bands.minimum, bands.excellent))
    inside = sum(low <= value <= high for value in known)
    return Progress(Decimal(inside) / len(known))


def _ratio(numerator: Decimal, denominator: Decimal, reason: str) -> Progress:
    if denominator == 0:
        return Progress(None, reason)
    return Progress(numerator / denominator)
