"""Figures in French and English, written by hand with their narrow no-break spaces."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from jalon.locale import figures

S = "\u202f"


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        pytest.param("12400", "money", f"12{S}400{S}€", "€12,400", id="euros in full"),
        pytest.param(
            "1234500", "money", f"1{S}234,5{S}k€", "€1,234.5k", id="thousands"
        ),
        pytest.param("408000", "money", f"408{S}k€", "€408k", id="no useless zero"),
        pytest.param("12345678", "money", f"12,35{S}M€", "€12.35M", id="millions"),
        pytest.param("-12.6", "money", f"−13{S}€", "−€13", id="a minus, not a hyphen"),
        pytest.param("0.125", "share", f"12,5{S}%", "12.5%", id="a share"),
        pytest.param("41", "count", "41", "41", id="a count"),
        pytest.param("38.25", "day", f"38,3{S}j", f"38.3{S}d", id="days, half up"),
        pytest.param("52", "score", "52", "52", id="a score"),
        pytest.param("3.14159", "ratio", f"3,14{S}×", f"3.14{S}×", id="a ratio"),
    ],
)
def test_a_value_wears_its_unit(
    value: str, unit: str, french: str, english: str
) -> None:
    assert figures.figure(Decimal(value), unit, lang="fr") == french
    assert figures.figure(Decimal(value), unit, lang="en") == english


def test_a_value_is_folded_on_the_scale_of_its_target() -> None:
    assert (
        figures.bare(Decimal(61234), "money", lang="fr", reference=Decimal(1020000))
        == "61,2"
    )


def test_two_shares_differ_by_points() -> None:
    assert figures.difference(Decimal("0.016"), "share", lang="fr") == f"1,6{S}pt"


def test_a_signed_figure_says_plus() -> None:
    assert figures.figure(Decimal(5), "count", lang="fr", signed=True) == "+5"
    assert figures.figure(Decimal(0), "count", lang="fr", signed=True) == "0"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert figures.figure(Decimal("-0.001"), "count", lang="fr") == "0"


def test_rows_are_given_to_the_cent() -> None:
    assert figures.exact(Decimal("1234.5"), "money", lang="fr") == f"1{S}234,50{S}€"
    assert (
        figures.exact(Decimal("1234.5"), "money", lang="en", currency="USD")
        == "$1,234.50"
    )


def test_days_are_said_in_words() -> None:
    assert figures.day(datetime.date(2026, 6, 30), lang="fr") == "30 juin 2026"
    assert figures.day(datetime.date(2026, 6, 1), lang="fr") == "1er juin 2026"
    assert figures.day(datetime.date(2026, 6, 30), lang="en") == "30 June 2026"
    assert figures.short_day(datetime.date(2026, 10, 31), lang="fr") == "31 oct."


def test_what_was_typed_does_not_break_apart() -> None:
    typed = "Signer 20 000 € : est-ce 12,5 % de 2026 ?"

    assert figures.tidy(typed) == f"Signer 20{S}000{S}€{S}: est-ce 12,5{S}% de 2026{S}?"


def test_weeks_are_iso() -> None:
    assert figures.week(datetime.date(2027, 1, 1), lang="fr") == "S53"


@pytest.mark.parametrize(
    ("first", "after", "month", "name"),
    [
        pytest.param(
            "2026-10-01", "2027-01-01", 1, f"T4{S}2026", id="a calendar quarter"
        ),
        pytest.param(
            "2026-04-01", "2026-07-01", 4, f"T1{S}2026-2027", id="a fiscal quarter"
        ),
        pytest.param(
            "2026-01-01", "2026-04-01", 4, f"T4{S}2025-2026", id="the last one"
        ),
        pytest.param("2026-01-01", "2027-01-01", 1, "2026", id="a year"),
        pytest.param("2026-10-01", "2026-11-01", 1, "octobre 2026", id="a month"),
        pytest.param(
            "2026-10-05", "2026-10-12", 1, "5 octobre 2026 – 11 octobre 2026", id="days"
        ),
        pytest.param(
            "2026-11-01",
            "2027-02-01",
            1,
            "1er novembre 2026 – 31 janvier 2027",
            id="no quarter",
        ),
    ],
)
def test_a_period_has_the_name_people_give_it(
    first: str, after: str, month: int, name: str
) -> None:
    days = datetime.date.fromisoformat(first), datetime.date.fromisoformat(after)
    assert figures.period_name(*days, lang="fr", fiscal_first_month=month) == name


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [
        ("0", "moins de 1\u202f%", "less than 1%"),
        ("0.0099", "moins de 1\u202f%", "less than 1%"),
        ("0.01", "1\u202f%", "1%"),
        ("0.455", "46\u202f%", "46%"),
        ("0.99", "99\u202f%", "99%"),
        ("0.9925", "plus de 99\u202f%", "more than 99%"),
        ("1", "plus de 99\u202f%", "more than 99%"),
    ],
)
def test_a_forecast_is_never_said_to_be_impossible_nor_sure(
    share: str, french: str, english: str
) -> None:
    assert figures.chance(Decimal(share), lang="fr") == french
    assert figures.chance(Decimal(share), lang="en") == english
