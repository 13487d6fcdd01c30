"""Periods people ask for by name: the running month, the last twelve months.

All are whole periods of the fiscal calendar, half-open; the running ones hold the day.
"""

from __future__ import annotations

from datetime import date, timedelta

from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, months_later

PRESETS = (
    "running_month",
    "running_quarter",
    "running_year",
    "previous_month",
    "previous_quarter",
    "previous_year",
    "last_12_months",
)
CUSTOM = "custom"
_YEAR_OF_MONTHS = 12


def preset_period(name: str, *, on: date, first_month: int = 1) -> Period:
    """Return the period of a preset on a day.

    `last_12_months` is the twelve whole months before the running one.

    Raises:
        KeyError: If the name is not one of `PRESETS`.
    """
    if name not in PRESETS:
        raise KeyError(name)
    if name == "last_12_months":
        after = on.replace(day=1)
        return Period(months_later(after, -_YEAR_OF_MONTHS), after)
    when, _, grain = name.partition("_")
    running = containing(on, Grain(grain), first_month=first_month)
    if when == "running":
        return running
    eve = running.first - timedelta(days=1)
    return containing(eve, Grain(grain), first_month=first_month)
