"""How little and how much each node of a tree can take, its parts considered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from jalon.domain.cascade.plan import Measure, Node
from jalon.domain.refusals import Refusal

INFINITE = math.inf
_TINY = 1e-9
_NO_STEP = (
    "{node} must be from {low} to {high}, where there is no whole step of {step}."
    " Expected wider bounds or a smaller step."
)


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most, in the KPI's unit; `own` bounds, not its parts'."""

    low: float
    high: float
    own_low: float
    own_high: float


def own_range(node: Node, measure: Measure) -> tuple[float, float]:
    """Return a node's own bounds, on whole steps; a locked figure is both.

    Raises:
        Refusal: If no whole step stands between them.
    """
    if node.locked is not None:
        return float(node.locked), float(node.locked)
    between = (0.0, INFINITE)
    if not measure.additive and measure.scale.between:
        between = measure.scale.between
    low = between[0] if node.floor is None else float(node.floor)
    high = between[1] if node.ceiling is None else float(node.ceiling)
    if measure.step is None:
        return low, high
    step = float(measure.step)
    first = math.ceil(low / step - _TINY) * step
    last = high if high == INFINITE else math.floor(high / step + _TINY) * step
    if last < first:
        raise Refusal(_NO_STEP, node=node.id, low=low, high=high, step=measure.step)
    return first, last


def combined(
    own: tuple[float, float], parts: list[tuple[float, float]], factor: float
) -> Range:
    """Return a node's range: its own, within what its parts together leave.

    Where the two do not meet, its parts win: they are people.
    """
    least = sum(low for low, _ in parts) / factor
    most = sum(high for _, high in parts) / factor
    low = min(max(own[0], least), most)
    return Range(low, max(min(own[1], most), low), *own)


def weighted(
    ranges: Mapping[str, Range], parts: tuple[Node, ...], volumes: Mapping[str, float]
) -> list[tuple[float, float]]:
    """Return the parts' ranges times their share of the volume: they add to a mean."""
    whole = sum(volumes[part.id] for part in parts)
    return [
        (
            _times(ranges[part.id].low, volumes[part.id] / whole),
            _times(ranges[part.id].high, volumes[part.id] / whole),
        )
        for part in parts
    ]


def _times(bound: float, share: float) -> float:
    return bound * share if share else 0.0
