"""An evaluation: what an objective showed on a day, from one snapshot.

Pure: the same inputs give the same figures for ever. `landing` and `probability` stay
empty, with their reason, until a forecast fills them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jalon.domain.attainment.phasing import Way
from jalon.domain.attainment.progress import (
    Progress,
    from_baseline,
    inside_band,
    progress,
)
from jalon.domain.attainment.status import Standing, Status, status_on
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.objectives.targets import joined_target, stretches, target_on

NO_FORECAST = "reason.no_forecast_yet"
TOO_LITTLE = "reason.too_little_to_forecast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was read from the facts: the value, its parts, or why there is none."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""
    currency: str = ""
    readings: Sequence[Decimal | None] = ()  # "maintain": one a week
    margin: Decimal | None = None  # a survey: half-width of its 95 % interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The forecast of the figure at the end: tenth, middle and ninetieth percentile."""

    p10: Decimal | None = None
    p50: Decimal | None = None
    p90: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One objective, one day, one snapshot."""

    objective: str
    on: datetime.date
    snapshot: str
    status: Status
    baseline: Decimal | None
    target: Decimal | None
    original_target: Decimal | None
    joined_target: Decimal | None
    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    expected: Decimal | None
    attainment: Decimal | None
    original_attainment: Decimal | None
    gap: Decimal | None
    reason: str = ""
    currency: str = ""
    landing: Landing = Landing()
    probability: Decimal | None = None
    trust: Mapping[str, object] = field(default_factory=dict)
    frozen: bool = False
    margin: Decimal | None = None


def evaluated(
    objective: Objective,
    observation: Observation,
    *,
    on: datetime.date,
    snapshot: str,
    way: Way,
    flow: bool,
) -> Evaluation:
    """Return the evaluation at the end of `on`; past the end, at the end."""
    target = target_on(objective, on, flow=flow)
    started = on >= objective.period.first
    actual = observation.value if started else None
    main = _progress(objective, actual, target, observation, flow=flow)
    first = _progress(
        objective, actual, objective.original_target, observation, flow=flow
    )
    expected = expected_on(on, objective=objective, target=target, way=way, flow=flow)
    standing = Standing(
        period=objective.period,
        direction=objective.direction,
        flow=flow,
        actual=actual,
        target=target,
        expected=expected,
        baseline=objective.baseline,
        inside=main.attainment if started else None,
    )
    return Evaluation(
        objective=objective.id,
        on=on,
        snapshot=snapshot,
        status=status_on(on, standing),
        baseline=objective.baseline,
        target=target,
        original_target=objective.original_target,
        joined_target=joined_target(objective, way.weights, flow=flow),
        actual=actual,
        numerator=observation.numerator if started else None,
        denominator=observation.denominator if started else None,
        expected=expected,
        attainment=main.attainment,
        original_attainment=first.attainment,
        gap=_gap(target, actual),
        reason=_reason(observation, main, started=started),
        currency=observation.currency,
        margin=observation.margin if started else None,
    )


def expected_on(
    on: datetime.date,
    *,
    objective: Objective,
    target: Decimal | None,
    way: Way,
    flow: bool,
) -> Decimal | None:
    """Return where the figure should be at the end of `on`.

    A flow grows from nothing to its target (by its plan's stretches where it has one);
    a level goes from its baseline to its target, or should be there all along.
    """
    if target is None or objective.direction is Direction.MAINTAIN:
        return None
    if flow:
        return target * _share(on, objective=objective, way=way)
    baseline = objective.baseline
    if baseline is None or not from_baseline(
        baseline, direction=objective.direction, flow=flow
    ):
        return target
    return baseline + (target - baseline) * way.share_on(on)


def _share(on: datetime.date, *, objective: Objective, way: Way) -> Decimal:
    parts = stretches(objective)
    if not parts:
        return way.share_on(on)
    return sum(
        (
            share * way.share_within(stretch, on)
            for stretch, share in parts
            if stretch.first <= on
        ),
        Decimal(0),
    )


def _progress(
    objective: Objective,
    actual: Decimal | None,
    target: Decimal | None,
    observation: Observation,
    *,
    flow: bool,
) -> Progress:
    if objective.direction is Direction.MAINTAIN:
        return inside_band(observation.readings, bands=objective.bands)
    return progress(
        actual,
        target=target,
        baseline=objective.baseline,
        direction=objective.direction,
        flow=flow,
    )


def _gap(target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    return None if target is None or actual is None else target - actual


def _reason(observation: Observation, main: Progress, *, started: bool) -> str:
    if not started:
        return "reason.not_started"
    return observation.reason or main.reason
