"""A free question to a KPI: the answer of `kpi_values`, its total, its comparison.

The answer is the very one of `jalon kpi value`; what its reader may not see is taken
out and counted. A comparison sets each group beside the same group a year earlier or
in the period before, over as many elapsed days; steps of time go by their rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Answer, AnswerRow, Ask, Explanation, Question
from jalon.domain.people.permission import Viewer
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, name_of, named, steps
from jalon.domain.periods.comparison import compared, up_to
from jalon.queries import kpi_values, snapshots
from jalon.queries.exploring_rules import (
    Bound,
    Reader,
    UnableToShowError,
    check,
    filter_bounds,
    group_bounds,
)
from jalon.queries.organisation import organisation_of
from jalon.queries.pages import PUBLISHED
from jalon.records import objective_rows
from jalon.warehouse.compile.links import TIME
from jalon.workspace.folder import Workspace

AGAINST = ("", "N-1", "previous")
_KEPT = 16
_answers: dict[tuple[object, ...], Answer] = {}
Cut = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What is asked: `grain` is "" or a step of time, `against` one of `AGAINST`."""

    kpi: str
    period: Period
    by: tuple[str, ...] = ()
    grain: str = ""
    where: tuple[str, ...] = ()
    basis: str = ""
    against: str = ""

    @property
    def question(self) -> Question:
        """Return the question as `jalon kpi value` would ask it."""
        by = (*self.by, self.grain) if self.grain else self.by
        return Question(self.kpi, self.period, by, self.where, self.basis)


@dataclass(frozen=True, slots=True)
class Cell:
    """One group: its figure, the one it is compared with, whether rows are open."""

    row: AnswerRow
    before: AnswerRow | None
    rows_open: bool

    @property
    def difference(self) -> Decimal | None:
        """Return what the figure gained, None where either is missing."""
        return _difference(self.row, self.before)

    @property
    def growth(self) -> Decimal | None:
        """Return the gain as a share of what there was, None where that was nothing."""
        if self.difference is None or self.before is None or not self.before.value:
            return None
        return self.difference / abs(self.before.value)


@dataclass(frozen=True, slots=True)
class Explored:
    """The answer to an exploration; `hidden` counts the groups taken out."""

    kpi: Kpi
    answer: Answer
    total: Cell
    cells: tuple[Cell, ...]
    hidden: int
    compared: Period | None

    @property
    def compared_last(self) -> date | None:
        """Return the last day of the compared period."""
        return self.compared.after - timedelta(days=1) if self.compared else None


def explored(
    workspace: Workspace, asked: Exploration, *, viewer: Viewer, on: date
) -> Explored:
    """Return the answer, as far as its reader may see it.

    Raises:
        UnableToShowError: If the filters or the cut go beyond the reader's rights.
        Refusal: As `kpi_values.value`.
    """
    reader = reader_of(workspace, asked.kpi, viewer=viewer)
    check(reader, asked.by, asked.where)
    question = asked.question
    answer = _answer(workspace, question, on)
    whole = replace(question, by=())
    (total,) = _answer(workspace, whole, on).rows if question.by else answer.rows[:1]
    before, against = _before(workspace, asked, on)
    fixed = filter_bounds(asked.where, reader.known)
    met = {_cut(row, question.by): row for row in answer.rows}
    cells, hidden = [], 0
    for cut in (*met, *(cut for cut in before if cut not in met)):
        row = met.get(cut) or _absent(before[cut], question.by, cut)
        bounds = [*fixed, *group_bounds(row.keys, reader.known)]
        if not reader.sees(bounds):
            hidden += 1
            continue
        cells.append(Cell(row, before.get(cut), reader.sees_rows(bounds)))
    return Explored(
        kpi=kpi_values.catalogue(workspace)[asked.kpi],
        answer=answer,
        total=Cell(
            total,
            _answer(workspace, replace(whole, period=against), on).rows[0]
            if against
            else None,
            reader.sees_rows(fixed),
        ),
        cells=tuple(cells if question.by else ()),
        hidden=hidden,
        compared=against,
    )


def shown_answer(found: Explored) -> Answer:
    """Return the answer without the groups taken out, and without those only before."""
    if not found.answer.rows or not found.answer.rows[0].labels:
        return found.answer
    seen = {id(cell.row) for cell in found.cells}
    rows = tuple(row for row in found.answer.rows if id(row) in seen)
    return replace(found.answer, rows=rows)


def explained_cell(
    workspace: Workspace,
    asked: Exploration,
    at: Mapping[str, str],
    *,
    viewer: Viewer,
    on: date,
    limit: int,
) -> tuple[Kpi, Explanation, Period]:
    """Return the rows behind one cell; `at` names each dimension's key, "" for none.

    Raises:
        UnableToShowError: If its reader may not see those rows.
        Refusal: As `kpi_values.explain`.
    """
    reader = reader_of(workspace, asked.kpi, viewer=viewer)
    check(reader, asked.by, asked.where)
    keys = {f"{name}_id": key or None for name, key in at.items()}
    bounds: list[Bound] = filter_bounds(asked.where, reader.known)
    bounds += group_bounds(keys, reader.known)
    if not reader.sees_rows(bounds):
        raise UnableToShowError("The rows behind this figure are not yours to see.")
    period = _step(workspace, asked, at.get(asked.grain, ""))
    person = at.get("person", "")
    where = [*asked.where, *_conditions(reader, asked, at)]
    owner = f"person:{person}" if person else "company"
    ask = Ask("cell", owner, period, tuple(where))
    found = kpi_values.explain(workspace, asked.kpi, ask, on=on, limit=limit)
    return kpi_values.catalogue(workspace)[asked.kpi], found, period


def reader_of(workspace: Workspace, kpi: str, *, viewer: Viewer) -> Reader:
    """Return who reads, with the owners whose objective on the KPI is published."""
    known = organisation_of(snapshots.snapshot(workspace))
    owners = objective_rows.owners(kpi=kpi, states=PUBLISHED)
    return Reader(viewer, known, owners)


def _conditions(reader: Reader, asked: Exploration, at: Mapping[str, str]) -> list[str]:
    """Return the filters that narrow a question to one of its groups."""
    found = []
    for name in asked.by:
        key = at.get(name, "")
        if name == "person":
            found += [] if key else ["person=nobody"]
        elif name == "team" and key:
            below = sorted(reader.known.within(key) - {key})
            found += [f"team={key}", *([f"team!={'|'.join(below)}"] if below else [])]
        else:
            found.append(f"{name}={key}")
    return found


def _answer(workspace: Workspace, question: Question, on: date) -> Answer:
    """Return the answer; the last few are kept, for the next page and the export."""
    snapshot = snapshots.snapshot(workspace)
    settings = workspace.settings
    key = (snapshot.folder, snapshot.name, question, on, settings, _stamp(workspace))
    if key not in _answers:
        found = kpi_values.value(workspace, question, on=on)
        while len(_answers) >= _KEPT:
            _answers.pop(next(iter(_answers)), None)
        _answers[key] = found
    return _answers[key]


def _stamp(workspace: Workspace) -> tuple[tuple[str, float], ...]:
    files = sorted(workspace.kpis.glob("*.toml"))
    return tuple((file.name, file.stat().st_mtime) for file in files)


def _before(
    workspace: Workspace, asked: Exploration, on: date
) -> tuple[dict[Cut, AnswerRow], Period | None]:
    """Return the groups of the compared period under the cuts of this one."""
    gone = up_to(asked.period, on)
    if not asked.against or gone is None:
        return {}, None
    against = compared(gone, asked.against, whole=asked.period)
    question = replace(asked.question, period=against)
    rows = _answer(workspace, question, on).rows
    names = _names(workspace, asked, against)
    found: dict[Cut, AnswerRow] = {}
    for row in rows:
        cut = _cut(row, question.by)
        if asked.grain:
            cut = (*cut[:-1], names.get(cut[-1] or ""))
        if not asked.grain or cut[-1] is not None:
            found[cut] = row
    return found, against


def _names(
    workspace: Workspace, asked: Exploration, against: Period
) -> dict[str, str | None]:
    """Return, for each step of the compared period, the step of the same rank."""
    if not asked.grain:
        return {}
    first_month = workspace.settings.fiscal_first_month
    week_start = workspace.settings.first_weekday
    grain = Grain(asked.grain)

    def told(period: Period) -> list[str]:
        each = steps(period, grain, first_month=first_month, week_start=week_start)
        return [name_of(one.first, grain, first_month=first_month) for one in each]

    return dict(zip(told(against), told(asked.period), strict=False))


def _step(workspace: Workspace, asked: Exploration, label: str) -> Period:
    if not label:
        return asked.period
    whole = named(
        label,
        first_month=workspace.settings.fiscal_first_month,
        week_start=workspace.settings.first_weekday,
    )
    return Period(
        max(whole.first, asked.period.first), min(whole.after, asked.period.after)
    )


def _cut(row: AnswerRow, by: Sequence[str]) -> Cut:
    return tuple(
        row.labels[name] if name in TIME else row.keys[f"{name}_id"] for name in by
    )


def _absent(before: AnswerRow, by: Sequence[str], cut: Cut) -> AnswerRow:
    """Return a group met only in the compared period: it has no value now."""
    labels = {
        name: cut[at] if name in TIME else before.labels[name]
        for at, name in enumerate(by)
    }
    return AnswerRow(
        labels, before.keys, value=None, reason="no_values", currency=before.currency
    )


def _difference(row: AnswerRow, before: AnswerRow | None) -> Decimal | None:
    if row.value is None or before is None or before.value is None:
        return None
    return row.value - before.value
