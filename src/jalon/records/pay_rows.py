"""Between the rows of pay and what the domain says: versions, terms, statements.

A version is in force from its `first` until its `after`, or until a later published one
begins. Amounts in JSON are exact text.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jalon.domain.incentives.inputs import Stay
from jalon.domain.incentives.sentences import Figure, Filler, Kind, Step
from jalon.domain.incentives.sources import Written, read_text
from jalon.domain.incentives.statement import Line, Part
from jalon.records.pay import PayAcceptance, PayPlan, PayTerm

BATCH = 500


@lru_cache(maxsize=64)
def written(text: str) -> Written:
    """Return the plan of a text; the same text is read once."""
    return read_text(text)


def in_force(plan: str, day: datetime.date) -> PayPlan | None:
    """Return the published version of a plan in force on a day."""
    rows = PayPlan.objects.filter(
        plan=plan, published_at__isnull=False, first__lte=day
    ).order_by("-first", "-number")
    last = rows.first()
    return last if last and (last.after is None or day < last.after) else None


def stays(plan: str) -> Mapping[str, tuple[Stay, ...]]:
    """Return the target pays of everybody under a plan, oldest first."""
    found: dict[str, list[PayTerm]] = defaultdict(list)
    for row in PayTerm.objects.filter(plan=plan).order_by("person_id", "first"):
        found[row.person_id].append(row)
    return {person: tuple(_stays(rows)) for person, rows in found.items()}


def _stays(rows: list[PayTerm]) -> Iterable[Stay]:
    """Yield each term until before the next one begins."""
    for rank, row in enumerate(rows):
        following = rows[rank + 1].first if rank + 1 < len(rows) else None
        ends = [day for day in (row.after, following) if day is not None]
        end = min(ends, default=None)
        if end is None or row.first < end:
            yield Stay(row.first, end, short(row.variable), short(row.rate))


def accepted(ids: Iterable[str] | None = None) -> Mapping[str, frozenset[int]]:
    """Return the ranks of the re-targets accepted for pay, by objective."""
    rows = PayAcceptance.objects.order_by("objective_id", "rank")
    if ids is not None:
        rows = rows.filter(objective_id__in=list(ids))
    found: dict[str, set[int]] = defaultdict(set)
    for objective, rank in rows.values_list("objective_id", "rank"):
        found[objective].add(rank)
    return {objective: frozenset(ranks) for objective, ranks in found.items()}


def line_told(line: Line) -> dict[str, Any]:
    """Return a line as JSON keeps it; who and when stand in its statement."""
    told: dict[str, Any] = {
        "rule": line.rule,
        "label": line.label,
        "amount": text(line.amount),
        "mode": line.mode,
        "row": line.row,
        "steps": [_step_told(one) for one in line.steps],
        "parts": [
            [part.when, text(part.amount), text(part.due)] for part in line.parts
        ],
    }
    for name in ("actual", "target", "attainment"):
        value = getattr(line, name)
        if value is not None:
            told[name] = text(value)
    return {name: value for name, value in told.items() if value not in ("", [])}


def line_read(told: Mapping[str, Any], *, person: str, period: str) -> Line:
    """Return the line that `line_told` wrote."""
    return Line(
        person,
        period,
        told["rule"],
        told["label"],
        Decimal(told["amount"]),
        mode=told.get("mode", ""),
        row=told.get("row", ""),
        actual=_number(told, "actual"),
        target=_number(told, "target"),
        attainment=_number(told, "attainment"),
        parts=tuple(
            Part(when, Decimal(amount), Decimal(due))
            for when, amount, due in told.get("parts", [])
        ),
        steps=tuple(_step_read(one) for one in told.get("steps", [])),
    )


def short(number: Decimal | None) -> Decimal | None:
    """Return a number without the zeros the database adds."""
    return None if number is None else Decimal(text(number))


def text(number: Decimal) -> str:
    """Return an exact number as text, without zeros at its end."""
    return f"{number.normalize():f}"


def _number(told: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(told[name]) if name in told else None


def _step_told(one: Step) -> list[Any]:
    return [one.sentence, {name: _filler_told(value) for name, value in one.fillers}]


def _filler_told(value: Filler) -> Any:  # noqa: ANN401 - JSON
    return (
        [text(value.number), value.kind.value] if isinstance(value, Figure) else value
    )


def _step_read(told: list[Any]) -> Step:
    sentence, fillers = told
    return Step(sentence, tuple((k, _filler_read(v)) for k, v in fillers.items()))


def _filler_read(value: Any) -> Filler:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return Figure(Decimal(value[0]), Kind(value[1]))
    return str(value)
