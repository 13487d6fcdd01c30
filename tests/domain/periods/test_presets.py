"""Presets are whole periods of the fiscal calendar."""

from __future__ import annotations

from datetime import date

import pytest

from jalon.domain.periods import Period
from jalon.domain.periods.presets import PRESETS, preset_period

ON = date(2026, 2, 17)


@pytest.mark.parametrize(
    ("name", "first", "after"),
    [
        ("running_month", date(2026, 2, 1), date(2026, 3, 1)),
        ("running_quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("running_year", date(2026, 1, 1), date(2027, 1, 1)),
        ("previous_month", date(2026, 1, 1), date(2026, 2, 1)),
        ("previous_quarter", date(2025, 10, 1), date(2026, 1, 1)),
        ("previous_year", date(2025, 1, 1), date(2026, 1, 1)),
        ("last_12_months", date(2025, 2, 1), date(2026, 2, 1)),
    ],
)
def test_a_preset_on_17_february(name: str, first: date, after: date) -> None:
    assert preset_period(name, on=ON) == Period(first, after)


def test_a_year_from_april_holds_february_of_the_next() -> None:
    running = preset_period("running_year", on=ON, first_month=4)
    before = preset_period("previous_year", on=ON, first_month=4)

    assert running == Period(date(2025, 4, 1), date(2026, 4, 1))
    assert before == Period(date(2024, 4, 1), date(2025, 4, 1))


@pytest.mark.parametrize("name", [one for one in PRESETS if one.startswith("run")])
def test_what_runs_holds_the_day(name: str) -> None:
    period = preset_period(name, on=ON, first_month=7)

    assert period.first <= ON < period.after


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        preset_period("next_year", on=ON)
