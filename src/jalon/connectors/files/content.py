"""What the cells of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from jalon.connectors.files.wording import folded
from jalon.domain.facts.tables import ColumnType

ENOUGH = 0.8
YES = frozenset({"true", "yes", "y", "1", "1.0", "oui", "vrai", "x", "won", "gagnee"})
NO = frozenset({"false", "no", "n", "0", "0.0", "non", "faux", "lost", "perdue"})
_NOTHING = frozenset({"", "null", "none", "n/a", "na", "nan", "-", "nil", "#n/a"})
_DATES = (
    re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?$"),
    re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([T ,].*)?$"),
    re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$"),
    re.compile(r"\d{1,2}(er)?[ -][^\W\d]{3,10}\.?[ -](\d{4}|\d{2})([T ,].*)?$"),
    re.compile(r"[^\W\d]{3,10}\.? \d{1,2},? \d{4}([T ,].*)?$"),
    re.compile(r"(19|20)\d{2}[-/](0?[1-9]|1[0-2])$"),
)
_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "CHF": "CHF"}
_CURRENCY_CODES = ("EUR", "USD", "GBP", "CHF", "CAD")
_MONEY_NOISE = re.compile(r"[€$£%\s\u00a0\u202f\u2009']|EUR|USD|GBP|CHF|CAD")
_CODE = re.compile(r"(?=.*\d)[^\W_][\w./#-]{0,39}(?<![.][0-9])(?<![.][0-9]{2})")
_NUMBER = re.compile(r"\(?[-+−]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?\)?-?$")


def said(samples: Sequence[str]) -> tuple[str, ...]:
    """Return the samples that say something (not `NULL`, `n/a`…)."""
    return tuple(one for one in samples if one.strip().casefold() not in _NOTHING)


def fits(kind: ColumnType, samples: Sequence[str]) -> bool:
    """Return whether the samples may be of a type; no sample contradicts nothing."""
    test = _TESTS.get(kind)
    given = said(samples)
    if test is None or not given:
        return True
    return sum(test(one) for one in given) >= ENOUGH * len(given)


def is_date(text: str) -> bool:
    """Return whether a cell reads as a date, with or without a time."""
    return any(pattern.match(text.strip()) for pattern in _DATES)


def is_number(text: str) -> bool:
    """Return whether a cell reads as a number or an amount of money."""
    return bool(_NUMBER.match(_MONEY_NOISE.sub("", text)))


def looks_like_a_code(samples: Sequence[str]) -> bool:
    """Return whether all samples may be numbers that name things: `A-00012`, `4711`.

    They differ, hold a digit and no space, and are neither dates nor decimals.
    """
    return len(samples) > 1 and all(
        _CODE.fullmatch(one.strip()) and not is_date(one) for one in samples
    )


def is_flag(text: str) -> bool:
    """Return whether a cell reads as yes or no."""
    return _flag_word(text) in YES | NO


def is_yes(text: str) -> bool:
    """Return whether a cell reads as yes."""
    return _flag_word(text) in YES


def is_no(text: str) -> bool:
    """Return whether a cell reads as no."""
    return _flag_word(text) in NO


def _flag_word(text: str) -> str:
    return folded(text).replace(" ", ".")


def currency_of(header: str, samples: Sequence[str]) -> str:
    """Return the one currency that amounts (or their header) show, or nothing."""
    given = said(samples)
    for sign, code in _CURRENCY_SIGNS.items():
        marked = sum(sign in one or code in one for one in given)
        if given and marked >= ENOUGH * len(given):
            return code
    words = re.findall(r"[A-Z]{3}|[€$£]", header)
    found = {_CURRENCY_SIGNS.get(word, word) for word in words}
    codes = found & set(_CURRENCY_CODES)
    return codes.pop() if len(codes) == 1 else ""


_TESTS: dict[ColumnType, Callable[[str], bool]] = {
    ColumnType.DATE: is_date,
    ColumnType.TIMESTAMP: is_date,
    ColumnType.MONEY: is_number,
    ColumnType.NUMBER: is_number,
    ColumnType.COUNT: is_number,
    ColumnType.FLAG: is_flag,
}
