from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.periods import Period, WorkingDays

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(1, 900), st.frozensets(DAYS, max_size=20))
def test_counting_week_by_week_is_counting_day_by_day(
    first: date, length: int, holidays: frozenset[date]
) -> None:
    calendar = WorkingDays(holidays)
    period = Period(first, first + timedelta(days=length))

    assert calendar.count(period) == sum(
        day.weekday() < 5 and day not in holidays for day in period.days()
    )


def test_the_second_quarter_of_2026_has_sixty_days_in_france() -> None:
    # 65 weekdays less Easter Monday, 1 and 8 May, Ascension, Whit Monday.
    france = WorkingDays(
        frozenset(
            {
                date(2026, 4, 6),
                date(2026, 5, 1),
                date(2026, 5, 8),
                date(2026, 5, 14),
                date(2026, 5, 25),
            }
        )
    )

    assert france.count(Period(date(2026, 4, 1), date(2026, 7, 1))) == 60
