"""What a company's own past says of a model: the usual range, and a target to propose.

The range comes from the same owner and KPI over whole periods as long as the one aimed
at. With four comparisons or more, each period is compared with the same one a year
before (a ratio for amounts and counts, a difference for levels) and the changes are
applied to the baseline, so the season drops out; with three values or more, the values
themselves are taken; under that, there is no range. `easy`, `usual` and `ambitious` are
the quartiles, `best` is the best ever done, all told in the direction that is better.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.models import Model
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, months_later

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
KEPT_PERIODS = 12
CHANGES_NEEDED, VALUES_NEEDED = 4, 3
QUARTILES = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
FIGURES_KEPT = 4
YEAR = 12
TOO_SHORT = "reason.not_enough_history"


class Place(StrEnum):
    """Where a target lies in what was done before."""

    EASY = "easy"  # three periods in four did better
    USUAL = "usual"  # between the quartiles
    AMBITIOUS = "ambitious"  # beyond the upper quartile, not beyond the best
    NEVER_DONE = "never_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Past:
    """A whole period gone by, its value and the one of a year before."""

    period: Period
    value: Decimal
    year_before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """What this owner usually does; `method` is "changes" or "values"."""

    easy: Decimal
    usual: Decimal
    ambitious: Decimal
    best: Decimal
    count: int
    method: str


def period_of(
    model: Model, *, on: datetime.date, first_month: int = 1, ahead: int = 0
) -> Period:
    """Return the fiscal period a model aims at: the running one, or some periods ahead.

    A model without a calendar of its own takes the quarter.
    """
    months = MONTHS.get(model.period, MONTHS["quarter"])
    grain = Grain(model.period) if model.period in MONTHS else Grain.QUARTER
    day = months_later(on.replace(day=1), months * ahead)
    return containing(day, grain, first_month=first_month)


def before(period: Period, count: int) -> tuple[Period, ...]:
    """Return the whole periods of the same length before it, the latest first."""
    months = _months(period)
    starts = [months_later(period.first, -months * rank) for rank in range(count + 1)]
    return tuple(Period(first, after) for after, first in pairwise(starts))


def pasts(values: Mapping[Period, Decimal | None]) -> tuple[Past, ...]:
    """Return the periods with a value, each beside the same period a year before."""
    return tuple(
        Past(period, value, values.get(_year_before(period)))
        for period, value in values.items()
        if value is not None
    )


def told_since(
    values: Mapping[Period, Decimal | None], *, flow: bool = True
) -> dict[Period, Decimal | None]:
    """Return the values since the facts begin.

    Of a flow, the first period with a value is left out where four or more follow: the
    facts may begin in its middle.
    """
    ordered = sorted(values, key=lambda period: period.first)
    begun = next((rank for rank, one in enumerate(ordered) if values[one]), None)
    if begun is None:
        return {}
    told = ordered[begun:]
    whole = told[1:] if flow and len(told) > CHANGES_NEEDED else told
    return {one: values[one] for one in whole}


def usual_range(
    found: Sequence[Past], *, base: Decimal | None, additive: bool, up: bool
) -> Range | None:
    """Return what was usually done, brought to the period aimed at; None if too few."""
    latest = sorted(found, key=lambda past: past.period.first)[-KEPT_PERIODS:]
    changes = _changes(latest, additive=additive)
    if base is not None and len(changes) >= CHANGES_NEEDED:
        brought = [base * one if additive else base + one for one in changes]
        return _range(brought, method="changes", up=up)
    values = [past.value for past in latest]
    if len(values) >= VALUES_NEEDED:
        return _range(values, method="values", up=up)
    return None


def asked_of(model: Model, *, baseline: Decimal | None, rate: bool) -> Decimal | None:
    """Return what the model asks of this company: its step from the own baseline.

    "+12 %" and "from 22 % to 28 %" are steps (the same step from another baseline);
    "fifteen customers" or "an NPS of 50" is the same for all.
    """
    if model.change:
        return None if baseline is None else _stepped(model.change, baseline, rate=rate)
    written = _number(model.baseline)
    if written is None or model.target is None or baseline is None:
        return model.target
    if rate:
        return baseline + model.target - written
    return baseline * model.target / written


def place_of(target: Decimal | None, usual: Range | None, *, up: bool) -> Place:
    """Return where a target lies in what was done before."""
    if target is None or usual is None:
        return Place.UNKNOWN
    steps = (
        (usual.easy, Place.EASY),
        (usual.ambitious, Place.USUAL),
        (usual.best, Place.AMBITIOUS),
    )
    for limit, place in steps:
        below = target < limit if place is Place.EASY else target <= limit
        above = target > limit if place is Place.EASY else target >= limit
        if below if up else above:
            return place
    return Place.NEVER_DONE


def proposed(
    asked: Decimal | None,
    usual: Range | None,
    *,
    baseline: Decimal | None,
    level: bool,
    up: bool,
) -> Decimal | None:
    """Return a target worth proposing, None where nothing is known.

    The model's own where this owner has done as much; else the upper quartile, which
    one period in four reached. A level is never proposed worse than its baseline.
    """
    place = place_of(asked, usual, up=up)
    if place in {Place.UNKNOWN, Place.USUAL, Place.AMBITIOUS} and asked is not None:
        return asked
    if usual is None:
        return None
    if not level or baseline is None:
        return usual.ambitious
    better = max if up else min
    return better(usual.ambitious, baseline)


def legible(
    value: Decimal, *, unit: str, up: bool, baseline: Decimal | None = None
) -> Decimal:
    """Return the target as people say it: the nearest figure easy to say.

    A share to the half point, money to four figures, counts and days whole. Where the
    nearest would be worse than the baseline, it goes to the next one that is not.
    """
    nearest = _rounded(value, unit, ROUND_HALF_UP)
    if baseline is None or (nearest >= baseline if up else nearest <= baseline):
        return nearest
    return _rounded(value, unit, ROUND_CEILING if up else ROUND_FLOOR)


def _rounded(value: Decimal, unit: str, way: str) -> Decimal:
    if unit in {"share", "percent"}:
        return (value * 200).quantize(Decimal(1), way) / 200
    if unit == "money":
        step = Decimal(1).scaleb(max(value.adjusted() - FIGURES_KEPT + 1, 0))
        rounded = (value / step).quantize(Decimal(1), way) * step
        return rounded.quantize(Decimal(1)) if step > 1 else rounded
    if abs(value) < YEAR and value != value.to_integral_value():
        return value.quantize(Decimal("0.1"), way)
    return value.quantize(Decimal(1), way)


def season_of_year(
    months: Sequence[Decimal | None], *, first: int
) -> dict[int, Decimal]:
    """Return each month of the year beside the mean month (1); {} under a whole year.

    `months` are consecutive, oldest first, the last one being the eve of month `first`;
    only whole years count, the latest first, and a year without anything tells nothing.
    """
    years = [
        list(months[end - YEAR : end]) for end in range(len(months), YEAR - 1, -YEAR)
    ]
    telling = [
        [one or Decimal(0) for one in year]
        for year in years
        if all(one is not None for one in year) and any(year)
    ]
    if not telling:
        return {}
    shares = [[one * YEAR / sum(year) for one in year] for year in telling]
    return {
        (first - 1 + rank) % YEAR + 1: sum((year[rank] for year in shares), Decimal(0))
        / len(shares)
        for rank in range(YEAR)
    }


def _months(period: Period) -> int:
    years = period.after.year - period.first.year
    return max(years * YEAR + period.after.month - period.first.month, 1)


def _year_before(period: Period) -> Period:
    return Period(months_later(period.first, -YEAR), months_later(period.after, -YEAR))


def _changes(found: Sequence[Past], *, additive: bool) -> list[Decimal]:
    pairs = [(one.value, one.year_before) for one in found]
    if additive:
        return [now / then for now, then in pairs if then]
    return [now - then for now, then in pairs if then is not None]


def _range(values: Sequence[Decimal], *, method: str, up: bool) -> Range:
    ordered = sorted(values, reverse=not up)
    easy, usual, ambitious = (_quantile(ordered, share) for share in QUARTILES)
    return Range(easy, usual, ambitious, ordered[-1], len(ordered), method)


def _quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Return the quantile by linear interpolation (type 7 of Hyndman and Fan)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _stepped(change: str, baseline: Decimal, *, rate: bool) -> Decimal | None:
    try:
        return read_change(change, rate=rate).of(baseline)
    except (UnreadableChangeError, AmbiguousChangeError):
        return None


def _number(written: str) -> Decimal | None:
    return Decimal(written) if written and written[0].isdigit() else None
