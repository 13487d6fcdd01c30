"""The funnel: a target of revenue told as targets of leads, win rate and basket.

A funnel is a product: revenue = leads x win rate x average basket; what is installed =
base x retention x (1 + upsell). Its growth, in logarithms, is a sum, which is shared
out by the effort asked of each lever, within bounds. The product of the targets is
the target; a lever counted in whole units is rounded and the others make up for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jalon.domain.cascade.rising import filled

# A KPI whose factor is not itself: a rate of upsell of 8 % multiplies by 1.08.
ADDED = {"upsell_rate": 1, "revenue_growth": 1}
TAKEN_OFF = {"churn_rate": 1, "mrr_churn": 1}


@dataclass(frozen=True, slots=True)
class Lever:
    """One factor: its present value, the effort asked of it, its bounds, its step.

    An effort of 0 leaves it as it is.
    """

    kpi: str
    value: float
    effort: float = 1.0
    low: float = 0.0
    high: float = math.inf
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """What each lever has to reach, and the product they give together."""

    values: tuple[float, ...]
    product: float


def factor(kpi: str, value: float) -> float:
    """Return what a KPI multiplies by."""
    if kpi in ADDED:
        return 1 + value
    return 1 - value if kpi in TAKEN_OFF else value


def value_of(kpi: str, multiplied: float) -> float:
    """Return the KPI that multiplies by this."""
    if kpi in ADDED:
        return multiplied - 1
    return 1 - multiplied if kpi in TAKEN_OFF else multiplied


def levers_for(target: float, levers: Sequence[Lever], constant: float) -> Funnel:
    """Return the levers whose product, times the constant, is the target.

    Where bounds forbid it the product is the nearest one, and tells.
    """
    values = _shared(target, levers, constant)
    counted = [
        replace(lever, value=whole, effort=0.0)
        if lever.step and lever.effort and lever.low <= whole <= lever.high
        else lever
        for lever, value in zip(levers, values, strict=True)
        for whole in [_on_step(value, lever.step)]
    ]
    if any(lever.effort for lever in counted):
        values = _shared(target, counted, constant)
    factors = (
        factor(lever.kpi, value) for lever, value in zip(levers, values, strict=True)
    )
    return Funnel(tuple(values), constant * math.prod(factors))


def _on_step(value: float, step: float | None) -> float:
    """Return the value on a whole step, one at least: nothing multiplies by 0."""
    return max(round(value / step), 1) * step if step else value


def _shared(target: float, levers: Sequence[Lever], constant: float) -> list[float]:
    bounds = [
        sorted((_log(lever.kpi, lever.low), _log(lever.kpi, lever.high)))
        if lever.effort
        else [_log(lever.kpi, lever.value)] * 2
        for lever in levers
    ]
    logs, _ = filled(
        math.log(target / constant),
        np.array([_log(lever.kpi, lever.value) for lever in levers]),
        np.array([lever.effort for lever in levers]),
        np.array([low for low, _ in bounds]),
        np.array([high for _, high in bounds]),
    )
    return [
        value_of(lever.kpi, math.exp(log))
        for lever, log in zip(levers, logs, strict=True)
    ]


def _log(kpi: str, value: float) -> float:
    """Return the logarithm of a factor; nothing multiplies by less than 0."""
    multiplied = factor(kpi, value)
    if multiplied == math.inf:
        return math.inf
    return math.log(multiplied) if multiplied > 0 else -math.inf
