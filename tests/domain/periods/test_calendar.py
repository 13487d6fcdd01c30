from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.periods import Period
from jalon.domain.periods.calendar import (
    WEEK_STARTS,
    Grain,
    UnknownPeriodNameError,
    containing,
    months_later,
    name_of,
    named,
    steps,
    week_of,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "first_month", "first", "after"),
    [
        pytest.param("2017", 1, "2017-01-01", "2018-01-01", id="a year"),
        pytest.param("2017-Q3", 1, "2017-07-01", "2017-10-01", id="a quarter"),
        pytest.param("2017-H2", 1, "2017-07-01", "2018-01-01", id="a half"),
        pytest.param("2017-02", 1, "2017-02-01", "2017-03-01", id="a month"),
        pytest.param("2017-02-28", 1, "2017-02-28", "2017-03-01", id="a day"),
        pytest.param("2020-W53", 1, "2020-12-28", "2021-01-04", id="an ISO week"),
        pytest.param("2021-W01", 1, "2021-01-04", "2021-01-11", id="the first week"),
        pytest.param(
            "2018-Q1", 4, "2017-04-01", "2017-07-01", id="a year opening in April"
        ),
        pytest.param(
            "2018-Q4", 4, "2018-01-01", "2018-04-01", id="and its last quarter"
        ),
    ],
)
def test_a_name_gives_its_period(
    text: str, first_month: int, first: str, after: str
) -> None:
    period = named(text, first_month=first_month)

    assert (period.first.isoformat(), period.after.isoformat()) == (first, after)


@pytest.mark.parametrize(
    ("week_start", "first", "name"),
    [
        pytest.param("monday", "2026-04-06", "2026-W15", id="on Monday"),
        pytest.param(
            "sunday", "2026-04-05", "2026-W15", id="on Sunday, the day before"
        ),
        pytest.param("saturday", "2026-04-04", "2026-W15", id="on Saturday"),
    ],
)
def test_a_week_begins_on_the_company_s_day_and_is_named_after_its_monday(
    week_start: str, first: str, name: str
) -> None:
    tuesday = date(2026, 4, 7)

    week = week_of(tuesday, WEEK_STARTS[week_start])

    assert week.first.isoformat() == first
    assert name_of(week.first, Grain.WEEK) == name
    assert named(name, week_start=WEEK_STARTS[week_start]) == week


@given(DAYS, st.sampled_from(list(WEEK_STARTS.values())))
def test_each_day_is_in_one_week_of_seven_days_that_begins_on_the_day_wished(
    day: date, week_start: int
) -> None:
    week = week_of(day, week_start)

    assert week.first.weekday() == week_start
    assert len(list(week.days())) == 7
    assert day in set(week.days())
    assert week_of(week.first - timedelta(days=1), week_start).after == week.first
    assert named(name_of(week.first, Grain.WEEK), week_start=week_start) == week


@pytest.mark.parametrize("text", ["Q3", "2017-Q5", "2017-13", "2017-W60", "soon", ""])
def test_a_text_that_names_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UnknownPeriodNameError, match="2017-Q3"):
        named(text)


@given(DAYS, st.sampled_from(list(Grain)), st.integers(1, 12))
def test_a_period_s_name_leads_back_to_it(
    day: date, grain: Grain, first_month: int
) -> None:
    period = containing(day, grain, first_month=first_month)

    assert period.first <= day < period.after
    assert (
        named(
            name_of(period.first, grain, first_month=first_month),
            first_month=first_month,
        )
        == period
    )


@given(DAYS, st.integers(1, 800), st.sampled_from(list(Grain)), st.integers(1, 12))
def test_steps_follow_one_another_without_gap(
    first: date, length: int, grain: Grain, first_month: int
) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + length))
    found = steps(period, grain, first_month=first_month)

    assert found[0].first <= period.first
    assert found[-1].after >= period.after
    assert all(a.after == b.first for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param("2024-01-31", 1, "2024-02-29", id="the 31st in a leap February"),
        pytest.param("2024-02-29", -12, "2023-02-28", id="29 February a year before"),
        pytest.param("2024-12-15", 1, "2025-01-15", id="over the year's end"),
    ],
)
def test_months_later_keeps_within_the_month(
    day: str, months: int, expected: str
) -> None:
    assert months_later(date.fromisoformat(day), months).isoformat() == expected
