"""One family: a parent's figure shared out among its parts, whatever the KPI.

Additive figures are exact Decimals on whole steps; means are floats, their parent being
the mean weighted by volumes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from jalon.domain.cascade.bounds import INFINITE, Range
from jalon.domain.cascade.outcome import Amount, Bound, Cause, How
from jalon.domain.cascade.plan import WAYS, Measure, Method, Node
from jalon.domain.cascade.rates import Rates, Way, effort, headroom, points
from jalon.domain.cascade.rising import Floats, filled
from jalon.domain.cascade.split import split
from jalon.domain.refusals import Refusal

_TINY = 1e-9
_NO_BEST = (
    '{node} has no potential: the method "{method}" needs the best rate it may reach.'
    ' Example: {{"id": "{node}", "potential": 0.4}}.'
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What each part received, how, and why the family misses its parent, if it does.

    `shift` is the common amount for one unit of weight, or the effort of a rate.
    """

    amounts: tuple[Amount, ...]
    hows: tuple[How, ...]
    reached: Amount
    cause: Cause | None = None
    shift: float | None = None


def shared_out(
    total: Amount,
    parts: Sequence[Node],
    weighed: Sequence[tuple[Decimal, bool]],
    ranges: Mapping[str, Range],
    plan: tuple[Measure, Method],
) -> Shared:
    """Return an additive total shared by weights within the parts' ranges."""
    measure, method = plan
    free = [rank for rank, part in enumerate(parts) if part.locked is None]
    locked = [part.locked for part in parts if part.locked is not None]
    rest = Decimal(str(total)) - sum(locked, Decimal(0))
    weights = np.array([float(weighed[rank][0]) for rank in free])
    low = np.array([ranges[parts[rank].id].low for rank in free])
    high = np.array([ranges[parts[rank].id].high for rank in free])
    if measure.step is None:
        met = min(max(float(rest), low.sum()), high.sum())
        found, level = filled(met, np.zeros(len(free)), weights, low, high)
        figures: list[Amount] = [float(figure) for figure in found]
    else:
        figures, level = _on_steps(rest, weights, low, high, step=measure.step)
    amounts: list[Amount] = [part.locked or Decimal(0) for part in parts]
    for rank, figure in zip(free, figures, strict=True):
        amounts[rank] = figure
    reached = _sum(amounts)
    hows = tuple(
        How(
            method.value,
            float(weight),
            guessed,
            bound_of(ranges[part.id], amount, part),
        )
        for part, (weight, guessed), amount in zip(parts, weighed, amounts, strict=True)
    )
    cause = _cause(float(total), float(reached), parts, measure.step)
    return Shared(tuple(amounts), hows, reached, cause, level)


def _on_steps(
    rest: Decimal, weights: Floats, low: Floats, high: Floats, *, step: Decimal
) -> tuple[list[Amount], float]:
    """Return exact amounts: whole steps, and what is left to the largest with room."""
    steps = math.floor(rest / step)
    unit = float(step)
    found = split(steps, weights, np.round(low / unit, 6), np.round(high / unit, 6))
    amounts = [int(amount) * step for amount in found.amounts]
    left = rest - steps * step
    if left and not found.missing:
        order = sorted(range(len(amounts)), key=lambda rank: (-amounts[rank], rank))
        for rank in order:
            if float(amounts[rank] + left) <= high[rank] + _TINY:
                amounts[rank] += left
                break
    return list(amounts), found.level * unit


def rates_shared(
    target: float,
    parts: Sequence[Node],
    rates: Sequence[float],
    volumes: Sequence[float],
    ranges: Mapping[str, Range],
    plan: tuple[Measure, Method],
) -> Shared:
    """Return a mean shared out: the parts' mean weighted by volumes is the target.

    Raises:
        Refusal: If the method needs a potential that a part does not carry.
    """
    _measure, method = plan
    columns = (np.array(rates), np.array(volumes))
    low = np.array([ranges[part.id].low for part in parts])
    high = np.array([ranges[part.id].high for part in parts])
    found = _asked(target, parts, columns, (low, high), plan)
    amounts = tuple(float(rate) for rate in found.rates)
    way = WAYS[method].value
    hows = tuple(
        How(way, volume, bound=bound_of(ranges[part.id], amount, part))
        for part, volume, amount in zip(parts, volumes, amounts, strict=True)
    )
    cause = _cause(target, found.reached, parts, None)
    if cause is Cause.CEILINGS and WAYS[method] is Way.HEADROOM:
        cause = Cause.BEST
    return Shared(amounts, hows, found.reached, cause, found.shift)


def _asked(
    target: float,
    parts: Sequence[Node],
    columns: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    plan: tuple[Measure, Method],
) -> Rates:
    measure, method = plan
    match WAYS[method]:
        case Way.EFFORT:
            return effort(target, *columns, *bounds, measure.scale)
        case Way.POINTS:
            return points(target, *columns, *bounds)
    best = np.array([float(_best(part, method)) for part in parts])
    return headroom(target, *columns, best, *bounds)


def _best(part: Node, method: Method) -> Decimal:
    best = part.potential if part.potential is not None else part.ceiling
    if best is None:
        raise Refusal(_NO_BEST, node=part.id, method=method)
    return best


def bound_of(
    bounds: Range, amount: Amount, part: Node, *, step: Decimal | None = None
) -> Bound | None:
    """Return what stopped a part there, None where its plain share stands."""
    if part.locked is not None:
        return Bound.LOCKED
    figure = float(amount)
    near = _TINY * max(1.0, abs(figure))
    if bounds.high != INFINITE and figure >= bounds.own_high - near:
        return Bound.CEILING
    if bounds.high < bounds.own_high and figure > bounds.high - float(step or near):
        return Bound.BELOW
    if part.floor is not None and figure <= bounds.own_low + near:
        return Bound.FLOOR
    forced = bounds.low > bounds.own_low
    forced = forced and figure < bounds.low + float(step or near)
    return Bound.BELOW if forced else None


def _cause(
    asked: float, reached: float, parts: Sequence[Node], step: Decimal | None
) -> Cause | None:
    missing = asked - reached
    if abs(missing) <= _TINY * max(1.0, abs(asked)):
        return None
    if all(part.locked is not None for part in parts):
        return Cause.LOCKED
    if step is not None and 0 < missing < float(step):
        return Cause.REMAINDER
    return Cause.CEILINGS if missing > 0 else Cause.FLOORS


def _sum(amounts: Sequence[Amount]) -> Amount:
    exact = [amount for amount in amounts if isinstance(amount, Decimal)]
    if len(exact) == len(amounts):
        return sum(exact, Decimal(0))
    return math.fsum(float(amount) for amount in amounts)
