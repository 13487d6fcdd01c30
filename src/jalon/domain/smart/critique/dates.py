"""When a deadline falls: the period a sentence gives, seen from a day."""

from __future__ import annotations

import calendar
import datetime
import re

from jalon.domain.smart.times import Deadline

_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def last_day(when: Deadline | None, *, on: datetime.date) -> datetime.date | None:
    """Return the last day a deadline gives, None where it gives none."""
    if when is None:
        return None
    kind, value = when.kind, when.value
    try:
        if kind.startswith("in_"):
            return None if value is None else _after(kind[3:], float(value), on)
        if kind == "end_of_week":
            return _end_of_week(on, value == "+1")
        if kind.startswith("end_of_"):
            return _end_of(kind[7:], value, on)
        return _named(kind, str(value), on)
    except (ValueError, OverflowError):
        return None


def end_of_month(year: int, month: int) -> datetime.date:
    """Return the last day of a month."""
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def plus_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the last of a shorter month."""
    rank = day.year * 12 + day.month - 1 + months
    last = end_of_month(rank // 12, rank % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def _after(unit: str, value: float, on: datetime.date) -> datetime.date:
    if unit in {"days", "weeks"}:
        days = value * (7 if unit == "weeks" else 1)
        return on + datetime.timedelta(days=days)
    return plus_months(on, round(value * (12 if unit == "years" else 1)))


def _end_of_week(on: datetime.date, following: bool) -> datetime.date:  # noqa: FBT001
    return on + datetime.timedelta(days=6 - on.weekday() + (7 if following else 0))


def _end_of(unit: str, value: str | float | None, on: datetime.date) -> datetime.date:
    if value and value != "+1":
        return datetime.date(int(float(value)), 12, 31)
    size = _MONTHS_OF[unit]
    first = (on.month - 1) // size * size + 1
    rank = on.year * 12 + first - 1 + size - 1 + (size if value == "+1" else 0)
    return end_of_month(rank // 12, rank % 12 + 1)


def _named(kind: str, value: str, on: datetime.date) -> datetime.date | None:
    found = re.fullmatch(r"(?:(\d{4})-)?([QH]?)(\d+)(?:-(\d+))?", value)
    if found is None:
        return None
    year, letter, rank, day = found.groups()
    month = int(rank) * {"Q": 3, "H": 6}.get(letter, 1)
    if year and kind == "date":
        return datetime.date(int(year), month, int(day))
    if year:
        return end_of_month(int(year), month)
    for shift in (0, 1):
        last = end_of_month(on.year + shift, month)
        last = last.replace(day=int(day)) if day else last
        if last >= on:
            return last
    return None


def quarter_end(on: datetime.date) -> datetime.date:
    """Return the last day of the running calendar quarter."""
    return _end_of("quarter", None, on)
