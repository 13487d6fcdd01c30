"""Periods looked back on, and who reads whose word."""

from __future__ import annotations

import datetime

import pytest

from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import Kind, Side, Word, period_of, readable

OWNER = Word(Side.OWNER, 4, "Bien", "", "")
LEAD = Word(Side.LEAD, 3, "Mieux", "", "")


@pytest.mark.parametrize(
    ("kind", "on", "first", "after"),
    [
        pytest.param(
            Kind.QUARTERLY, "2026-11-22", "2026-07-01", "2026-10-01", id="last"
        ),
        pytest.param(
            Kind.QUARTERLY, "2026-12-20", "2026-10-01", "2027-01-01", id="near"
        ),
        pytest.param(
            Kind.MONTHLY, "2027-01-05", "2026-12-01", "2027-01-01", id="month"
        ),
    ],
)
def test_the_period_over_or_about_to_be(
    kind: Kind, on: str, first: str, after: str
) -> None:
    day = datetime.date.fromisoformat
    assert period_of(kind, on=day(on)) == Period(day(first), day(after))


def test_a_fiscal_quarter_begins_with_its_year() -> None:
    found = period_of(Kind.QUARTERLY, on=datetime.date(2026, 6, 3), first_month=2)

    assert found == Period(datetime.date(2026, 2, 1), datetime.date(2026, 5, 1))


def test_a_day_that_begins_no_period_is_refused() -> None:
    with pytest.raises(Refusal, match="2026-10-01"):
        period_of(
            Kind.QUARTERLY,
            on=datetime.date(2026, 11, 22),
            first=datetime.date(2026, 11, 5),
        )


@pytest.mark.parametrize(
    ("words", "sides", "told"),
    [
        pytest.param((OWNER,), frozenset({Side.LEAD}), (), id="not before both"),
        pytest.param((OWNER,), frozenset({Side.OWNER}), (OWNER,), id="one's own"),
        pytest.param((OWNER,), frozenset(), (), id="a third party waits too"),
        pytest.param((OWNER, LEAD), frozenset({Side.LEAD}), (OWNER, LEAD), id="both"),
    ],
)
def test_words_are_read_once_both_were_given(
    words: tuple[Word, ...], sides: frozenset[Side], told: tuple[Word, ...]
) -> None:
    assert readable(words, sides=sides) == told
