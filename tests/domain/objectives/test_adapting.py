"""What a company's past says of a model; every expected figure is worked by hand."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.objectives.adapting import (
    Place,
    Range,
    asked_of,
    before,
    legible,
    pasts,
    period_of,
    place_of,
    proposed,
    season_of_year,
    told_since,
    usual_range,
)
from jalon.domain.objectives.models import Model, models
from jalon.domain.periods import Period

ON = datetime.date(2026, 5, 15)
Q2 = Period(datetime.date(2026, 4, 1), datetime.date(2026, 7, 1))


def model(key: str) -> Model:
    return next(one for one in models() if one.key == key)


def years_of(values: list[int]) -> dict[Period, Decimal | None]:
    """Return quarterly values, the last one being the quarter before Q2 2026."""
    periods = reversed(before(Q2, len(values)))
    return {one: Decimal(v) for one, v in zip(periods, values, strict=True)}


@pytest.mark.parametrize(
    ("key", "first_month", "first", "after"),
    [
        pytest.param("revenue_growth", 1, "2026-04-01", "2026-07-01", id="a quarter"),
        pytest.param("win_rate", 1, "2026-01-01", "2026-07-01", id="half a year"),
        pytest.param("retention", 4, "2026-04-01", "2027-04-01", id="a fiscal year"),
        pytest.param("qualified_leads", 1, "2026-05-01", "2026-06-01", id="a month"),
    ],
)
def test_a_model_aims_at_the_running_fiscal_period(
    key: str, first_month: int, first: str, after: str
) -> None:
    found = period_of(model(key), on=ON, first_month=first_month)

    assert (found.first.isoformat(), found.after.isoformat()) == (first, after)


def test_the_next_period_can_be_aimed_at() -> None:
    assert period_of(model("revenue_growth"), on=ON, ahead=1).first == datetime.date(
        2026, 7, 1
    )


def test_changes_from_year_to_year_are_brought_to_the_baseline() -> None:
    """Ratios 1, 1.1, 1.2, 1.3 on a base of 1,000: quartiles 1,075, 1,150, 1,225."""
    values = years_of([100, 100, 100, 100, 100, 110, 120, 130])

    found = usual_range(pasts(values), base=Decimal(1000), additive=True, up=True)

    assert found == Range(
        easy=Decimal(1075),
        usual=Decimal(1150),
        ambitious=Decimal(1225),
        best=Decimal(1300),
        count=4,
        method="changes",
    )


def test_a_level_changes_by_differences() -> None:
    """+0, +2, +4, +6 points of NPS from 30: quartiles 31.5, 33, 34.5."""
    values = years_of([20, 20, 20, 20, 20, 22, 24, 26])

    found = usual_range(pasts(values), base=Decimal(30), additive=False, up=True)

    assert found is not None
    assert (found.easy, found.usual, found.ambitious, found.best) == (
        Decimal("31.5"),
        Decimal(33),
        Decimal("34.5"),
        Decimal(36),
    )


def test_where_less_is_better_the_range_is_told_the_other_way() -> None:
    found = usual_range(
        pasts(years_of([40, 50, 60])), base=None, additive=True, up=False
    )

    assert found is not None
    assert (found.easy, found.ambitious, found.best) == (55, 45, 40)
    assert found.method == "values"


def test_two_periods_are_not_enough_history() -> None:
    found = usual_range(pasts(years_of([4, 5])), base=None, additive=True, up=True)

    assert found is None


def test_nothing_before_the_first_fact_counts_as_zero() -> None:
    values = years_of([0, 0, 5, 7, 9])

    assert list(told_since(values).values()) == [5, 7, 9]


def test_the_first_period_may_have_begun_midway() -> None:
    assert list(told_since(years_of([0, 1, 50, 60, 70, 80])).values()) == [
        50,
        60,
        70,
        80,
    ]


def test_a_rate_of_part_of_a_period_is_a_rate_all_the_same() -> None:
    values = years_of([0, 1, 50, 60, 70, 80])

    assert list(told_since(values, flow=False).values()) == [1, 50, 60, 70, 80]


USUAL = Range(Decimal(90), Decimal(100), Decimal(110), Decimal(120), 8, "changes")


@pytest.mark.parametrize(
    ("target", "place"),
    [
        (89, Place.EASY),
        (90, Place.USUAL),
        (110, Place.USUAL),
        (111, Place.AMBITIOUS),
        (120, Place.AMBITIOUS),
        (121, Place.NEVER_DONE),
    ],
)
def test_a_target_has_its_place_in_what_was_done(target: int, place: Place) -> None:
    assert place_of(Decimal(target), USUAL, up=True) is place


def test_a_lower_target_is_the_harder_one_where_less_is_better() -> None:
    down = Range(Decimal(50), Decimal(45), Decimal(40), Decimal(35), 8, "values")

    assert place_of(Decimal(52), down, up=False) is Place.EASY
    assert place_of(Decimal(45), down, up=False) is Place.USUAL
    assert place_of(Decimal(34), down, up=False) is Place.NEVER_DONE


def test_the_models_own_step_is_taken_from_the_companys_baseline() -> None:
    """+12 % on 200; 22 % to 28 % is +6 points; 45 to 35 days is 7 ninths."""
    assert asked_of(model("revenue_growth"), baseline=Decimal(200), rate=False) == 224
    assert asked_of(model("win_rate"), baseline=Decimal("0.30"), rate=True) == Decimal(
        "0.36"
    )
    assert asked_of(model("sales_cycle"), baseline=Decimal(90), rate=False) == 70
    assert asked_of(model("new_sme_customers"), baseline=None, rate=False) == 15
    assert asked_of(model("revenue_growth"), baseline=None, rate=False) is None


def test_what_was_never_done_is_not_proposed() -> None:
    def told(asked: int | None) -> Decimal | None:
        wanted = None if asked is None else Decimal(asked)
        return proposed(wanted, USUAL, baseline=None, level=False, up=True)

    assert told(105) == 105
    assert told(115) == 115
    assert told(200) == 110
    assert told(50) == 110
    assert told(None) == 110
    assert proposed(None, None, baseline=None, level=False, up=True) is None


def test_a_level_is_never_proposed_worse_than_its_baseline() -> None:
    falling = Range(Decimal(20), Decimal(22), Decimal(24), Decimal(26), 8, "changes")
    found = proposed(Decimal(60), falling, baseline=Decimal(30), level=True, up=True)

    assert found == 30


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1822644.2", "money", "1823000"),
        ("15836.485", "money", "15840"),
        ("812.4", "money", "812"),
        ("0.2434", "share", "0.245"),
        ("35.9", "day", "36"),
        ("7.25", "score", "7.3"),
        ("15", "count", "15"),
    ],
)
def test_a_target_is_a_figure_people_can_say(value: str, unit: str, said: str) -> None:
    assert legible(Decimal(value), unit=unit, up=True) == Decimal(said)


def test_rounding_never_falls_under_the_baseline() -> None:
    base = Decimal("0.2412")

    assert legible(base, unit="share", up=True) == Decimal("0.24")
    assert legible(base, unit="share", up=True, baseline=base) == Decimal("0.245")


def test_the_season_is_each_month_beside_the_mean_month() -> None:
    """December sells 23 of 34, ten other months 1: 23 ÷ (34 ÷ 12) = 8.12."""
    months = [Decimal(1)] * 11 + [Decimal(23)]

    found = season_of_year(months, first=1)

    assert found[12] == Decimal(23) * 12 / 34
    assert found[1] == Decimal(12) / 34
    assert season_of_year(months[1:], first=1) == {}


@given(
    st.lists(
        st.lists(st.integers(1, 1000), min_size=12, max_size=12),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 12),
)
def test_the_months_of_a_season_have_one_as_their_mean(
    years: list[list[int]], first: int
) -> None:
    months = [Decimal(value) for year in years for value in year]
    found = season_of_year(months, first=first)

    assert set(found) == set(range(1, 13))
    assert sum(found.values()) == pytest.approx(Decimal(12))


@given(
    st.lists(st.integers(1, 10_000), min_size=3, max_size=16),
    st.integers(1, 10_000) | st.none(),
    st.booleans(),
    st.booleans(),
)
def test_a_range_is_told_from_easy_to_best(
    values: list[int], base: int | None, additive: bool, up: bool
) -> None:
    found = usual_range(
        pasts(years_of(values)),
        base=None if base is None else Decimal(base),
        additive=additive,
        up=up,
    )

    assert found is not None
    ordered = [found.easy, found.usual, found.ambitious, found.best]
    assert ordered == sorted(ordered, reverse=not up)


@pytest.mark.parametrize("one", models(), ids=lambda one: one.key)
def test_a_model_says_its_adapted_sentences_with_the_same_blanks(one: Model) -> None:
    for language in ("fr", "en"):
        compared, plain = one.adapted[language]
        words = dict.fromkeys(
            ("where", "change", "over", "baseline", "target", "end"), "x"
        )
        assert "{" not in compared.format(**words)
        assert "{baseline}" in compared
        assert "{baseline}" not in plain
        for sentence in (compared, plain):
            assert "{target}" in sentence
            assert "{end}" in sentence


def test_another_model_asks_the_same_of_everybody() -> None:
    own = replace(model("nps"), target=Decimal(40))

    assert asked_of(own, baseline=Decimal(10), rate=False) == 40
