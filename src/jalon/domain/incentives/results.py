"""What a period gave, row by row: a person, a measure, an actual, a target.

A row is one sale or one total. Columns that no field below names are kept in `extra`,
so that a component may take only `product = hardware`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from jalon.domain.incentives.plan import ONE, ZERO
from jalon.domain.objectives.fields import plain_number
from jalon.domain.refusals import Refusal

NUMBERS = (
    "actual",
    "target",
    "attainment",
    "variable",
    "days",
    "months",
    "absent",
    "presence",
    "ramp",
    "share",
    "fx",
    "collected",
    "paid",
    "served_months",
    "rate",
)
TEXTS = ("person", "period", "measure", "team", "currency", "kind", "id")
SALE, CANCELLED = "sale", "cancelled"
KINDS = (SALE, CANCELLED)
_NUMBER = (
    "Line {line} of the results, column {column}: {value} is no number. Expected "
    "e.g. 125000, 0.85 or 85 %."
)
_DAY = (
    "Line {line} of the results, column {column}: {value} is no date. Expected "
    "e.g. 2026-03-31."
)
_PERSON = (
    "Line {line} of the results names nobody. Expected a column person, e.g. Anna."
)
_KIND = (
    "Line {line} of the results: {value} is no kind of row. Expected one of: {known}."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of results; numbers absent are None."""

    line: int
    person: str
    period: str = ""
    measure: str = ""
    team: str = ""
    currency: str = ""
    kind: str = SALE
    id: str = ""
    date: datetime.date | None = None
    actual: Decimal | None = None
    target: Decimal | None = None
    attainment: Decimal | None = None
    variable: Decimal | None = None
    days: Decimal | None = None
    months: Decimal | None = None
    absent: Decimal | None = None
    presence: Decimal | None = None
    ramp: Decimal | None = None
    share: Decimal | None = None
    fx: Decimal | None = None
    collected: Decimal | None = None
    paid: Decimal | None = None
    served_months: Decimal | None = None
    rate: Decimal | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def amount(self) -> Decimal:
        """Return the actual credited to the person: a shared sale by its share."""
        return (self.actual or ZERO) * (ONE if self.share is None else self.share)


def read_row(cells: Mapping[str, str], *, line: int) -> Row:
    """Return a row from the text of its cells.

    Raises:
        Refusal: If a number, a date or the person cannot be read.
    """
    found = {
        name.strip().lower(): text.strip()
        for name, text in cells.items()
        if name and text and text.strip()
    }
    if "person" not in found:
        raise Refusal(_PERSON, line=line)
    kind = found.get("kind", SALE)
    if kind not in KINDS:
        raise Refusal(_KIND, line=line, value=kind, known=", ".join(KINDS))
    texts: dict[str, Any] = {name: found[name] for name in TEXTS if name in found}
    numbers: dict[str, Any] = {
        name: _number(found[name], name, line) for name in NUMBERS if name in found
    }
    known = {*TEXTS, *NUMBERS, "date"}
    extra = {name: text for name, text in found.items() if name not in known}
    day = _day(found["date"], line) if "date" in found else None
    return Row(line=line, date=day, extra=extra, **texts, **numbers)


def _number(text: str, column: str, line: int) -> Decimal:
    percent = text.endswith("%")
    try:
        found = plain_number(text.rstrip("%"))
    except InvalidOperation:
        raise Refusal(_NUMBER, line=line, column=column, value=text) from None
    return found / 100 if percent else found


def _day(text: str, line: int) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refusal(_DAY, line=line, column="date", value=text) from None
