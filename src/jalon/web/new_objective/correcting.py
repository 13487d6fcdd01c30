"""Corrections of what was understood: each changes the reading, then the sentence.

The sentence stays the only truth: a correction that cannot be said is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from jalon.domain.smart.amounts import COUNTS, RATES
from jalon.domain.smart.critique.review import evidence_unit, meanings
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.rewrite import names, rewrite, said_deadline
from jalon.domain.smart.times import Deadline, Per

DEADLINES = (
    "end_of_month",
    "end_of_quarter",
    "end_of_half",
    "end_of_year",
    "end_of_quarter+1",
    "end_of_year+1",
    "in_months:3",
    "in_months:6",
    "in_months:12",
)
KINDS = ("relative_percent", "points", "absolute", "from_to", "delta")
DIRECTIONS = ("increase", "decrease", "reach", "maintain")
RHYTHMS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Corrected:
    """The sentence after a correction; `refused` where it could not be said."""

    text: str
    refused: bool = False


Given = Mapping[str, str]
Step = Callable[[Reading, Given], Reading]


def corrected(reading: Reading, given: Given, *, kept: tuple[str, ...]) -> Corrected:
    """Return the sentence as the controls now say it; `kept` are filters still on."""
    changed = reading
    for step in (_kpi, _direction, _amount, _deadline, _rhythm):
        changed = step(changed, given)
    if "filters" in given:
        still = tuple(one for one in changed.filters if one.value in kept)
        changed = replace(changed, filters=still)
    if changed == reading:
        return Corrected(reading.text)
    said = rewrite(changed)
    if said is not None:
        return Corrected(said)
    return _appended(reading, changed)


def _appended(reading: Reading, changed: Reading) -> Corrected:
    """Return the sentence with a deadline written after it, where that is all."""
    when = changed.deadline
    if when is None or reading.deadline is not None:
        return Corrected(reading.text, refused=True)
    end = said_deadline(when, reading.lang)
    text = f"{reading.text.strip().rstrip('.')} {end}."
    found = read(text).deadline
    same = found is not None and (found.kind, found.value) == (when.kind, when.value)
    return Corrected(text if same else reading.text, refused=not same)


def _kpi(reading: Reading, given: Given) -> Reading:
    meant = given.get("mean", "")
    wanted = meant or given.get("kpi", "")
    settled = wanted == reading.kpi and not (meant and reading.vague)
    if wanted not in names() or settled:
        return reading
    way = reading.direction if reading.direction in DIRECTIONS else "increase"
    amount = reading.amount
    if amount is not None:
        amount = _fitting(amount, wanted)
    return replace(reading, kpi=wanted, direction=way, amount=amount, vague=())


def _fitting(amount: Amount, kpi: str) -> Amount:
    """Return the amount in a kind and unit that the KPI can have."""
    if amount.kind in {"relative_percent", "points"}:
        return amount
    if kpi in COUNTS and amount.kind in {"absolute", "count"}:
        return replace(amount, kind="count", unit="count")
    if amount.kind == "count":
        unit = "%" if kpi in RATES else None
        return replace(amount, kind="absolute", unit=unit)
    return amount


def _direction(reading: Reading, given: Given) -> Reading:
    wanted = given.get("direction", "")
    if wanted not in DIRECTIONS or wanted == reading.direction:
        return reading
    return replace(reading, direction=wanted)


def _amount(reading: Reading, given: Given) -> Reading:
    value, base = number(given.get("value", "")), number(given.get("from", ""))
    kind = given.get("kind", "")
    former = reading.amount
    if value is None or kind not in KINDS or reading.kpi is None:
        return reading
    wanted = _made(reading, kind, (value, base), given)
    if former is not None and _like(former, wanted):
        return reading
    way = reading.direction
    if kind == "from_to" and base is not None:
        way = "increase" if value > base else "decrease"
    elif kind in {"relative_percent", "points", "delta"} and way not in DIRECTIONS[:2]:
        way = "increase"
    return replace(reading, amount=wanted, direction=way)


def _made(
    reading: Reading, kind: str, figures: tuple[float, float | None], given: Given
) -> Amount:
    value, base = figures
    if kind == "relative_percent":
        return Amount(kind, value, None, "%")
    if kind == "points":
        return Amount(kind, value, None, "pt")
    unit = _unit(reading, given)
    if kind == "from_to" and base is not None:
        return Amount(kind, value, base, unit)
    if kind != "delta" and reading.kpi in COUNTS:
        return Amount("count", value, None, "count")
    return Amount("delta" if kind == "delta" else "absolute", value, None, unit)


def _unit(reading: Reading, given: Given) -> str | None:
    former = reading.amount
    if former is not None and former.kind not in {"relative_percent", "points"}:
        return former.unit
    bare = replace(reading, amount=None)
    return evidence_unit(reading.kpi, bare, currency=given.get("currency", "EUR"))


def _like(former: Amount, wanted: Amount) -> bool:
    kinds = {former.kind, wanted.kind}
    same_kind = former.kind == wanted.kind or kinds == {"count", "absolute"}
    return same_kind and (former.value, former.base) == (wanted.value, wanted.base)


def _deadline(reading: Reading, given: Given) -> Reading:
    day, chosen = given.get("until", ""), given.get("deadline", "")
    former = reading.deadline
    if chosen == "date" and day:
        wanted: Deadline | None = Deadline("date", day, 0, 0)
    elif chosen in DEADLINES:
        wanted = deadline_of(chosen)
    elif chosen == "none":
        wanted = None
    else:
        return reading
    if (wanted and (wanted.kind, wanted.value)) == (
        former and (former.kind, former.value)
    ):
        return reading
    return replace(reading, deadline=wanted)


def deadline_of(name: str) -> Deadline:
    """Return the deadline of a choice: end_of_quarter, end_of_year+1, in_months:6."""
    if ":" in name:
        kind, _, count = name.partition(":")
        return Deadline(kind, float(count), 0, 0)
    if name.endswith("+1"):
        return Deadline(name[:-2], "+1", 0, 0)
    return Deadline(name, None, 0, 0)


def _rhythm(reading: Reading, given: Given) -> Reading:
    if "rhythm" not in given:
        return reading
    period = given["rhythm"] if given["rhythm"] in RHYTHMS else None
    who = given.get("who", "")
    wanted = (period, who if who in {"person", "team"} else None)
    if wanted == (reading.per.period, reading.per.who):
        return reading
    return replace(reading, per=Per(*wanted))


def number(text: str) -> float | None:
    """Return a number as people type it, None where it is none."""
    plain = "".join(one for one in text if not one.isspace()).replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None  # noqa: PLR2004


def choices_of(reading: Reading) -> tuple[str, ...]:
    """Return the KPIs an ambiguous word may mean."""
    if "ambiguous_kpi" not in reading.vague or reading.kpi in {None, OTHER}:
        return ()
    return meanings(reading.kpi)
