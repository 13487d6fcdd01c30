"""The status of an objective on a day: seven words and the rule of each.

Watch is up to 10 % behind; the way is what was expected to date for a flow, and the
whole distance from baseline to target for a level that starts from one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalon.domain.attainment.progress import from_baseline
from jalon.domain.objectives.objective import Direction
from jalon.domain.periods import Period

WATCH = Decimal("0.10")
MAINTAINED = Decimal("0.90")


class Status(StrEnum):
    """What a person reads first."""

    NOT_STARTED = "not_started"
    NO_DATA = "no_data"
    ON_TRACK = "on_track"
    WATCH = "watch"
    OFF_TRACK = "off_track"
    REACHED = "reached"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the status is read from."""

    period: Period
    direction: Direction
    flow: bool
    actual: Decimal | None
    target: Decimal | None
    expected: Decimal | None
    baseline: Decimal | None = None
    inside: Decimal | None = None  # "maintain": share of the period inside the band


def status_on(day: datetime.date, standing: Standing) -> Status:
    """Return the status at the end of `day`."""
    if day < standing.period.first:
        return Status.NOT_STARTED
    if _figure(standing) is None:
        return Status.NO_DATA
    if day >= standing.period.after:
        return Status.REACHED if met(standing) else Status.MISSED
    if _already_there(standing):
        return Status.REACHED
    return _pace(behind(standing))


def met(standing: Standing) -> bool:
    """Return whether the figures, taken as final, meet the target."""
    if standing.direction is Direction.MAINTAIN:
        return (standing.inside or Decimal(0)) >= MAINTAINED
    if standing.actual is None or standing.target is None:
        return False
    if standing.direction is Direction.DOWN:
        return standing.actual <= standing.target
    return standing.actual >= standing.target


def behind(standing: Standing) -> Decimal:
    """Return how far behind the expected figure, as a fraction of the way."""
    if standing.direction is Direction.MAINTAIN:
        return max(1 - (standing.inside or Decimal(0)), Decimal(0))
    if standing.actual is None or standing.expected is None:
        return Decimal(0)
    late = standing.expected - standing.actual
    if standing.direction is Direction.DOWN:
        late = -late
    if late <= 0:
        return Decimal(0)
    whole = _whole(standing)
    return late / whole if whole else Decimal(1)


def _figure(standing: Standing) -> Decimal | None:
    if standing.direction is Direction.MAINTAIN:
        return standing.inside
    return None if standing.target is None else standing.actual


def _already_there(standing: Standing) -> bool:
    growing = standing.flow and standing.direction is Direction.UP
    return growing and met(standing)


def _whole(standing: Standing) -> Decimal:
    level = not standing.flow and from_baseline(
        standing.baseline, direction=standing.direction, flow=standing.flow
    )
    if level and standing.target is not None and standing.baseline is not None:
        return abs(standing.target - standing.baseline)
    return abs(standing.expected or Decimal(0))


def _pace(late: Decimal) -> Status:
    if late == 0:
        return Status.ON_TRACK
    return Status.WATCH if late <= WATCH else Status.OFF_TRACK
