"""The same days of past seasons, at today's pace: small calendars counted by hand."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from jalon.domain.forecast.history import Floats
from jalon.domain.forecast.series import months_before, same_days

EPOCH = datetime.date(1970, 1, 1)
MONDAY = 0


def day(text: str) -> int:
    """Return a date as days from 1970."""
    return (datetime.date.fromisoformat(text) - EPOCH).days


def mondays(first: str, after: str, each: float) -> Floats:
    """Return daily figures of which each Monday's is the same, the others nothing."""
    days = range(day(first), day(after))
    weekdays = [(EPOCH + datetime.timedelta(days=one)).weekday() for one in days]
    return np.array([[each if one == MONDAY else 0.0 for one in weekdays]])


def last_days(first: str, after: str, each: float) -> Floats:
    """Return daily figures of which each month's last day's is the same."""
    days = np.arange(np.datetime64(first), np.datetime64(after))
    last = (days + 1).astype("datetime64[M]") != days.astype("datetime64[M]")
    return np.where(last, each, 0.0)[None]


def said(daily: Floats, asof: str, until: str, *, months: int) -> Floats:
    """Return what the model says of the days from `asof` until before `until`."""
    today = day(asof)
    dice = np.random.default_rng(0)
    return same_days(daily, day(until) - today, 4000, dice, asof=today, months=months)


def test_the_sixteen_days_before_a_month_ends_are_counted_by_hand() -> None:
    """70 each Monday since Monday 4 April 2016; from 15 June to the end of the month.

    The sixteen days before May's end are 16 to 31 May: Mondays 16, 23 and 30, so 210.
    (Those before April's end begin on 15 April: less than 31 days of past, left out.)
    Pace: a month before 16 May begins on 16 April, after the first day known; two do
    not. Month to today, 15 May to 14 June: Mondays 16, 23, 30 May, 6, 13 June, 350.
    Month before the season, 16 April to 15 May: 18, 25 April, 2, 9 May, 280.
    350 / 280 = 1.25, and 210 x 1.25 = 262.50. Weeks are all alike, 70: no doubt.
    """
    found = said(
        mondays("2016-04-04", "2016-06-15", 70), "2016-06-15", "2016-07-01", months=1
    )
    assert found == pytest.approx(np.full((1, 4000), 262.5), rel=1e-4)


def test_a_season_a_quarter_ago_is_counted_by_hand() -> None:
    """70 each Monday since 4 January 2016; from 1 to 31 July, a quarter before.

    The month that ends a quarter before 1 August is April, which has 30 days: those of
    April alone, not 31 March: Mondays 4, 11, 18, 25, so 280. Two months before 1 April
    begin on 1 February, three on 1 January, before the first day known. Two months to
    today, 1 May to 30 June: 2, 9, 16, 23, 30 May, 6, 13, 20, 27 June, 630. Two months
    before the season, 1 February to 31 March: 1, 8, 15, 22, 29 February, 7, 14, 21,
    28 March, 630. Pace 1, so 280 again.
    """
    found = said(
        mondays("2016-01-04", "2016-07-01", 70), "2016-07-01", "2016-08-01", months=3
    )
    assert found == pytest.approx(np.full((1, 4000), 280.0), rel=1e-4)


def test_the_rush_of_another_month_is_not_this_one_s() -> None:
    """90 on each last day since 1 May 2016; July's 31 days are June's 30, one rush.

    31 days counted back from July would begin on 31 May and hold two rushes, 180. The
    months compared for the pace, June and May, hold one each: 90 / 90 = 1. Weeks
    differ, so there is doubt around it: the middle sample is 90, to the luck of draws.
    """
    found = said(
        last_days("2016-05-01", "2016-07-01", 90), "2016-07-01", "2016-08-01", months=1
    )
    assert np.median(found) == pytest.approx(90, rel=0.1)


def test_a_rush_each_quarter_does_not_become_a_pace() -> None:
    """A year and a half of quarters that end with 300, on 31 March, 30 June…

    From 1 July 2017 a quarter holds one rush, whatever quarter it is compared with, at
    a pace of 300 / 300: the middle sample is 300. (Windows of 91 days held none or two
    of them, and said up to four times as much.)
    """
    days = np.arange(np.datetime64("2016-01-01"), np.datetime64("2017-07-01"))
    months = days.astype("datetime64[M]").astype(int) % 3
    daily = last_days("2016-01-01", "2017-07-01", 300) * (months == 2)
    found = said(daily, "2017-07-01", "2017-10-01", months=3)
    assert np.median(found) == pytest.approx(300, rel=0.1)


def test_few_sales_move_a_pace_less_than_many() -> None:
    """Twice as many since a quarter: the one who sells daily is believed, the other half.

    Bob's 1,000 came on one day of the former quarter and on two of the last; Ann sold 10
    a day, then 20. April to June 2017 against October to March.
    """
    days = np.arange(np.datetime64("2016-10-01"), np.datetime64("2017-07-01"))
    late = days >= np.datetime64("2017-04-01")
    ann = np.where(late, 20.0, 10.0)
    bob = np.zeros(len(days))
    for one in ("2016-11-15", "2017-02-15", "2017-05-15", "2017-06-15"):
        bob[days == np.datetime64(one)] = 1000.0
    ratio = []
    for daily, usual in ((ann, 920.0), (bob, 1000.0)):
        found = said(daily[None], "2017-07-01", "2017-10-01", months=3)
        ratio.append(float(np.median(found)) / usual)
    assert ratio[0] > 1.6
    assert ratio[1] < ratio[0] - 0.2


def test_a_season_never_lived_says_nothing() -> None:
    """Ten months of past hold months and quarters, and no year."""
    daily = np.ones((1, 300))
    dice = np.random.default_rng(0)
    found = {
        months: same_days(daily, 30, 10, dice, asof=17_300, months=months)
        for months in (1, 3, 12)
    }
    assert found[1] == pytest.approx(np.full((1, 10), 30.0), rel=0.1)
    assert found[3] == pytest.approx(np.full((1, 10), 30.0), rel=0.1)
    assert np.isnan(found[12]).all()


@pytest.mark.parametrize(
    ("from_", "months", "to"),
    [
        ("2016-03-31", 1, "2016-02-29"),
        ("2017-03-31", 1, "2017-02-28"),
        ("2016-03-30", 3, "2015-12-30"),
        ("2016-01-01", 12, "2015-01-01"),
    ],
)
def test_the_same_day_of_an_earlier_month_is_its_last_where_it_is_shorter(
    from_: str, months: int, to: str
) -> None:
    """Calendars at hand: February ends on 28 or 29."""
    assert months_before(day(from_), months) == day(to)
