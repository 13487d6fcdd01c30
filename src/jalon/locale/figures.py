"""Figures as people read them: `1 234,5 k€`, `12,5 %`, `30 juin 2026`, `T4 2026`.

Values come in the KPI's unit, a share as a fraction. All spaces inside a figure are
narrow no-break spaces (U+202F), so that a figure never breaks across lines. Rounding
happens here and nowhere before; half goes away from zero, as in a spreadsheet.
A page writes hundreds of figures and the next page the same ones: numbers and days once
written are kept.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from jalon.domain.periods.calendar import MONDAY, iso_week, week_of

NARROW = "\u202f"
MINUS = "−"
THOUSANDS_FROM, MILLIONS_FROM = Decimal(100_000), Decimal(10_000_000)
SHARES = frozenset({"share", "percent"})
SUFFIX = {
    "fr": {"day": "j", "month": "mois", "point": "pt", "ratio": "×"},
    "en": {"day": "d", "month": "mo", "point": "pt", "ratio": "×"},
}
DIGITS = {"count": 1, "day": 1, "month": 1, "point": 1, "score": 1, "ratio": 2}
QUARTERS = {"fr": "T", "en": "Q"}
LAST_MONTH = 12
LONGEST = 500  # digits of a figure
SURE = Decimal("0.01")  # a probability nearer to 0 or 1 is not told closer
KEPT = 50_000  # numbers and days written of late


def figure(
    value: Decimal,
    unit: str,
    *,
    lang: str,
    currency: str = "EUR",
    signed: bool = False,
    reference: Decimal | None = None,
) -> str:
    """Return a value with its unit, short: thousands and millions of money are folded.

    `reference` decides the folding, so that a value and its target read on one scale.
    """
    if unit == "money":
        text = _money(abs(value), currency, lang, abs(reference or value))
    elif unit in SHARES:
        text = percent(abs(value), lang=lang)
    else:
        number = _number(abs(value), DIGITS.get(unit, 2), lang)
        text = _suffixed(number, SUFFIX[lang].get(unit, ""))
    return _sign(value, text, signed=signed)


def bare(
    value: Decimal, unit: str, *, lang: str, reference: Decimal | None = None
) -> str:
    """Return a value without its unit, on the scale of `reference`."""
    if unit == "money":
        _, divisor, digits = _scale(abs(reference or value))
        text = _number(abs(value) / divisor, digits, lang)
    elif unit in SHARES:
        text = _number(abs(value) * 100, 1, lang)
    else:
        text = _number(abs(value), DIGITS.get(unit, 2), lang)
    return _sign(value, text, signed=False)


def exact(value: Decimal, unit: str, *, lang: str, currency: str = "EUR") -> str:
    """Return a value to the cent, or with its decimals, for lists of rows."""
    if unit == "money":
        with _wide(value, 2):
            text = format_currency(rounded(abs(value), 2), currency, locale=lang)
        return _sign(value, _narrow(text), signed=False)
    return figure(value, unit, lang=lang, currency=currency)


def difference_unit(unit: str) -> str:
    """Return the unit of a difference: two shares differ by points."""
    return "point" if unit in SHARES else unit


def difference(
    value: Decimal,
    unit: str,
    *,
    lang: str,
    currency: str = "EUR",
    signed: bool = False,
) -> str:
    """Return the difference of two values: money in money, shares in points."""
    scaled = value * 100 if unit in SHARES else value
    kind = difference_unit(unit)
    return figure(scaled, kind, lang=lang, currency=currency, signed=signed)


def percent(share: Decimal, *, lang: str, digits: int = 1) -> str:
    """Return `12,5 %` (French) or `12.5%`, without useless zeros."""
    number = _number(abs(share) * 100, digits, lang)
    text = f"{number}{NARROW}%" if lang == "fr" else f"{number}%"
    return _sign(share, text, signed=False)


def chance(probability: Decimal, *, lang: str) -> str:
    """Return a probability to the percent: `45 %`, `moins de 1 %`, `plus de 99 %`.

    What is forecast is never said to be impossible, nor sure.
    """
    if probability < SURE:
        return ("moins de " if lang == "fr" else "less than ") + percent(
            SURE, lang=lang
        )
    if probability > 1 - SURE:
        return ("plus de " if lang == "fr" else "more than ") + percent(
            1 - SURE, lang=lang
        )
    return percent(probability, lang=lang, digits=0)


@lru_cache(maxsize=KEPT)
def day(date: datetime.date, *, lang: str) -> str:
    """Return `30 juin 2026`; the first of a month is `1er juin 2026` in French."""
    return _first(format_date(date, "d MMMM y", locale=lang), date, lang)


@lru_cache(maxsize=KEPT)
def short_day(date: datetime.date, *, lang: str) -> str:
    """Return `30 juin` or `1er oct.`."""
    return _first(format_date(date, "d MMM", locale=lang), date, lang)


def week(date: datetime.date, *, lang: str, week_start: int = MONDAY) -> str:
    """Return the week of a day: `S23` in French, `W23` in English."""
    _year, number = iso_week(week_of(date, week_start).first)
    return f"{'S' if lang == 'fr' else 'W'}{number}"


@lru_cache(maxsize=KEPT)
def period_name(
    first: datetime.date,
    after: datetime.date,
    *,
    lang: str,
    fiscal_first_month: int = 1,
) -> str:
    """Return `T4 2026`, `octobre 2026`, `2026`, else the first and last day.

    A fiscal year over two calendar years is named by both: `2025-2026`.
    """
    months = _months(first, after)
    rank = (first.month - fiscal_first_month) % LAST_MONTH
    if months == 1:
        return format_date(first, "MMMM y", locale=lang)
    if months == LAST_MONTH and rank == 0:
        return _year(first, after)
    if months == 3 and rank % 3 == 0:  # noqa: PLR2004 - a quarter
        start = _minus_months(first, rank)
        name = _year(start, _minus_months(start, -LAST_MONTH))
        return f"{QUARTERS[lang]}{rank // 3 + 1}{NARROW}{name}"
    last = after - datetime.timedelta(days=1)
    return f"{day(first, lang=lang)} – {day(last, lang=lang)}"


def tidy(text: str) -> str:
    """Return what somebody typed with figures and signs that do not break apart.

    Groups of three digits, units and French double signs keep their narrow space.
    """
    grouped = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))", NARROW, text)
    return re.sub(r"[ \u00a0](?=[€$£%?!;:»]|k€|M€)", NARROW, grouped)


def rounded(value: Decimal, digits: int) -> Decimal:
    """Return the value rounded, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _scale(reference: Decimal) -> tuple[str, int, int]:
    if reference >= MILLIONS_FROM:
        return "M", 1_000_000, 2
    if reference >= THOUSANDS_FROM:
        return "k", 1_000, 1
    return "", 1, 0


def _money(value: Decimal, currency: str, lang: str, reference: Decimal) -> str:
    prefix, divisor, digits = _scale(reference)
    number = _number(value / divisor, digits, lang)
    sign = _currency_sign(currency, lang)
    if lang == "fr":
        return f"{number}{NARROW}{prefix}{sign}"
    return f"{sign}{number}{prefix}"


@lru_cache(maxsize=KEPT)
def _currency_sign(currency: str, lang: str) -> str:
    return _narrow(format_currency(0, currency, "¤", locale=lang)).strip()


@lru_cache(maxsize=KEPT)
def _number(value: Decimal, digits: int, lang: str) -> str:
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    with _wide(value, digits):
        return _narrow(format_decimal(rounded(value, digits), pattern, locale=lang))


@contextmanager
def _wide(value: Decimal, digits: int) -> Iterator[None]:
    """Give figures the room to be rounded: one typed absurdly long is still told."""
    with localcontext() as wide:
        wide.prec = max(wide.prec, min(value.adjusted() + digits + 2, LONGEST))
        yield


def _suffixed(number: str, suffix: str) -> str:
    return f"{number}{NARROW}{suffix}" if suffix else number


def _sign(value: Decimal, text: str, *, signed: bool) -> str:
    if value < 0 and any(digit in text for digit in "123456789"):
        return f"{MINUS}{text}"
    return f"+{text}" if signed and value > 0 else text


def _narrow(text: str) -> str:
    return text.replace("\u00a0", NARROW)


def _first(text: str, date: datetime.date, lang: str) -> str:
    return text.replace("1 ", "1er ", 1) if lang == "fr" and date.day == 1 else text


def _months(first: datetime.date, after: datetime.date) -> int:
    """Return the number of whole months, 0 where the period is not made of them."""
    if first.day != 1 or after.day != 1:
        return 0
    return (after.year - first.year) * LAST_MONTH + after.month - first.month


def _minus_months(date: datetime.date, months: int) -> datetime.date:
    year, month = divmod(date.year * LAST_MONTH + date.month - 1 - months, LAST_MONTH)
    return datetime.date(year, month + 1, 1)


def _year(first: datetime.date, after: datetime.date) -> str:
    last = after - datetime.timedelta(days=1)
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
