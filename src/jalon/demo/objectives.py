"""From wishes to objectives: targets that suit the figures, as rows of an import file.

Flows are asked for with a target of 1 first, to learn their figure and the share of the
way expected on the day; a team's target is then the sum of its members'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from jalon.demo.listening import graded
from jalon.demo.rows import Row
from jalon.demo.wishes import Wish, load_of, quarter, wishes
from jalon.domain.objectives.objective import Measured, Objective
from jalon.domain.objectives.reading import read
from jalon.queries import kpi_values
from jalon.queries.evaluations import computed
from jalon.usecases.acting import SYSTEM
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace

EARLY = Decimal("0.12")  # too little of the way done to read a pace from it
MANY = 200
STEP_OF_MANY = Decimal(10)
STEPS_OF_MONEY = ((10**6, 50_000), (10**5, 5000), (0, 1000))
STEP_OF_SHARE = Decimal("0.005")
STEP_OF_SCORE = Decimal("0.1")
STEP_OF_NPS = Decimal(1)
NPS_FROM = 10  # a mean score never gets there


class UnreadableObjectiveError(Exception):
    """A row of the sample company is refused by its own import: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a wish stands: its figure, and the share of the way expected."""

    actual: Decimal | None
    share: Decimal


def write_objectives(workspace: Workspace, *, on: date, at: datetime) -> int:
    """Write the objectives of the sample company; return how many."""
    kpis = kpi_values.catalogue(workspace)
    rows = [*rows_of(workspace, on=on), graded(on)]
    objectives = [one for row in rows for one in _read(row, kpis)]
    set_objectives(workspace, objectives, actor=SYSTEM, on=on, at=at)
    return len(objectives)


def rows_of(workspace: Workspace, *, on: date) -> list[Row]:
    """Return the rows, as an objectives file has them."""
    kpis = kpi_values.catalogue(workspace)
    wanted = wishes(on)
    figures = _figures(workspace, wanted, kpis, on=on)
    targets = _targets(wanted, figures, kpis, on=on)
    return [_row(wish, targets[wish.id], kpis[wish.kpi], on=on) for wish in wanted]


def _read(row: Row, kpis: Mapping[str, Measured]) -> tuple[Objective, ...]:
    reading = read(row, kpis=kpis)
    if reading.faults:
        raise UnreadableObjectiveError(f"{row['id']}: {reading.faults}")
    return reading.objectives


def _figures(
    workspace: Workspace,
    wanted: Sequence[Wish],
    kpis: Mapping[str, Measured],
    *,
    on: date,
) -> dict[str, Figure]:
    drafts = [
        one for wish in wanted for one in _read(_row(wish, Decimal(1), None, on), kpis)
    ]
    found = computed(workspace, drafts, on=on)
    return {
        key: Figure(one.actual, one.expected or Decimal(1))
        for key, one in found.items()
    }


def _targets(
    wanted: Sequence[Wish],
    figures: Mapping[str, Figure],
    kpis: Mapping[str, Measured],
    *,
    on: date,
) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for wish in wanted:
        if wish.id in found:
            continue
        unit = str(kpis[wish.kpi].unit)
        found[wish.id] = _target(wish, figures[wish.id], unit, on)
        if wish.shared_by:
            parts = _parts(wish, found[wish.id], unit, on)
            found |= parts
            found[wish.id] = sum(parts.values(), Decimal(0))
    return found


def _target(wish: Wish, figure: Figure, unit: str, on: date) -> Decimal:
    """Return the target that gives the pace, the level, or today's level and a step."""
    actual = figure.actual or Decimal(0)
    if wish.target is not None:
        return Decimal(wish.target)
    if wish.step is not None:
        return rounded(actual + Decimal(wish.step), unit)
    share = max(figure.share, EARLY)
    elapsed = Decimal((on - wish.span.first).days + 1)
    length = Decimal((wish.span.after - wish.span.first).days)
    share = max(share, min(elapsed / length, Decimal(1)) / 2)
    pace = Decimal(str(wish.pace or 1))
    return max(rounded(actual / share / pace, unit), _smallest(unit))


def _parts(wish: Wish, whole: Decimal, unit: str, on: date) -> dict[str, Decimal]:
    """Share a team's target among its members, by what each carries."""
    loads = {person.person_id: load_of(person, on) for person in wish.shared_by}
    total = Decimal(str(sum(loads.values())))
    kind = wish.id.split("-", 1)[0]
    return {
        f"{kind}-{who}-{wish.span.key}": max(
            rounded(whole * Decimal(str(load)) / total, unit), _smallest(unit)
        )
        for who, load in loads.items()
    }


def _smallest(unit: str) -> Decimal:
    return _step(Decimal(0), unit)


def rounded(value: Decimal, unit: str) -> Decimal:
    """Return a target somebody would write: thousands of euros, half points."""
    step = _step(value, unit)
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _step(value: Decimal, unit: str) -> Decimal:
    if unit in ("share", "percent"):
        return STEP_OF_SHARE
    if unit == "money":
        return Decimal(next(step for least, step in STEPS_OF_MONEY if value >= least))
    if unit == "score":
        return STEP_OF_NPS if value > NPS_FROM else STEP_OF_SCORE
    many = unit == "count" and value >= MANY
    return STEP_OF_MANY if many else Decimal(1)


def _row(wish: Wish, target: Decimal, kpi: Measured | None, on: date) -> Row:
    draft = kpi is None
    row: Row = {
        "id": wish.id,
        "statement": wish.statement.format(target=_said(target, kpi)),
        "lang": "fr",
        "kpi": wish.kpi,
        "owner": wish.owner,
        "first": wish.span.first,
        "after": wish.span.after,
        "target": target,
    }
    if draft:
        return row | {"where": wish.more.get("where", ())}
    if wish.kpi == "revenue":
        row["bands"] = {
            "minimum": rounded(target * Decimal("0.9"), "money"),
            "excellent": rounded(target * Decimal("1.1"), "money"),
        }
    if wish.id == f"ca-grands-comptes-{quarter(on).key}":
        row |= _revised(row, target, on)
    return row | wish.more


def _revised(row: Row, target: Decimal, on: date) -> Row:
    """Say what the target was before the market moved."""
    first = quarter(on).first
    effective_on = min(first + timedelta(days=24), on)
    former = rounded(target * Decimal("1.08"), "money")
    return {
        "target": former,
        "statement": str(row["statement"]).replace(euros(target), euros(former)),
        "revisions": [
            {
                "new": target,
                "effective_on": effective_on,
                "reason": "market",
                "text": "Deux appels d'offres reportés et un concurrent plus offensif.",
                "by": "Hélène Vasseur",
                "priorities": "Les affaires engagées avant les nouvelles.",
            }
        ],
    }


def _said(target: Decimal, kpi: Measured | None) -> str:
    if kpi is None:
        return ""
    if kpi.unit == "money":
        return euros(target)
    if kpi.unit == "share":
        return f"{_plain(target * 100)}\u202f%"
    if kpi.unit == "day":
        return f"{_plain(target)} jours"
    sign = "+" if kpi.key == "nps" and target > 0 else ""
    return sign + _plain(target)


def euros(amount: Decimal) -> str:
    """Return an amount as French people write it."""
    return f"{_plain(amount)}\u00a0€"


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():,f}"
    return text.replace(",", "\u202f").replace(".", ",")
