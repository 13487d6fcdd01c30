"""When somebody may be told: their rhythm, their quiet hours and their week-ends.

Moments are in the company's time zone. Hours on a clock that goes back in autumn happen
twice: the first counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

EACH, DAILY, WEEKLY = "each", "daily", "weekly"
RHYTHMS = (EACH, DAILY, WEEKLY)
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A rhythm and the hours without messages; equal ends mean no quiet hours."""

    rhythm: str = DAILY
    digest_at: time = time(8)
    quiet_from: time = time(19)
    quiet_to: time = time(8)
    quiet_weekends: bool = True


def due(hours: Hours, now: datetime) -> datetime:
    """Return the first moment from now when the message may leave."""
    moment = now
    if hours.rhythm == DAILY:
        moment = _next(now, hours.digest_at)
    elif hours.rhythm == WEEKLY:
        moment = _next(now, hours.digest_at)
        moment += ONE_DAY * (-moment.weekday() % 7)
    woken = _awake(hours, moment)
    if hours.rhythm != EACH and woken > moment:
        woken = _awake(hours, _next(woken, hours.digest_at))
    return woken


def _next(now: datetime, at: time) -> datetime:
    today = _at(now, at)
    return today if today >= now else _at(now + ONE_DAY, at)


def _awake(hours: Hours, moment: datetime) -> datetime:
    for _ in range(8):  # at most over a week-end and two nights
        if hours.quiet_weekends and moment.weekday() >= SATURDAY:
            moment = _at(moment + ONE_DAY, time())
        elif _quiet(hours, moment.time()):
            ends = _at(moment, hours.quiet_to)
            moment = ends if ends > moment else _at(moment + ONE_DAY, hours.quiet_to)
        else:
            return moment
    return moment


def _quiet(hours: Hours, clock: time) -> bool:
    first, after = hours.quiet_from, hours.quiet_to
    if first <= after:
        return first <= clock < after
    return clock >= first or clock < after


def _at(moment: datetime, clock: time) -> datetime:
    return moment.replace(
        hour=clock.hour, minute=clock.minute, second=0, microsecond=0, fold=0
    )
