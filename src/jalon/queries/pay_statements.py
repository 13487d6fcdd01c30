"""Statements and runs as their pages show them, read from what was kept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Sum

from jalon.domain.incentives import inputs as domain
from jalon.domain.incentives.inputs import Input, Sale
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.settling import NEXT, RunState
from jalon.domain.incentives.sources import Source
from jalon.domain.incentives.statement import Line
from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.queries.pay_plans import sees
from jalon.records import pay_rows
from jalon.records.pay import PayQuestion, PayRun, PayStatement

BINS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a line, its answer and its decision."""

    id: int
    statement: int
    line: int
    label: str
    text: str
    by: str
    at: datetime.datetime
    decision: str
    answer: str
    amount: Decimal | None
    answered_by: str
    answered_at: datetime.datetime | None
    settled_in: str
    person: str
    name: str
    period: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line with its rank, the objective it was measured on, and its questions."""

    rank: int
    line: Line
    objectives: tuple[str, ...]
    questions: tuple[Asked, ...]
    sale: Sale | None = None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement, whole."""

    id: int
    run: int
    plan: str
    plan_name: str
    number: int
    period: str
    first: datetime.date
    last: datetime.date
    state: str
    person: str
    name: str
    currency: str
    variable: Decimal | None
    total: Decimal
    lines: tuple[StatementLine, ...]
    inputs: tuple[Input, ...]
    sources: tuple[Source, ...]
    moves: tuple[tuple[str, str, datetime.datetime], ...]

    @property
    def sold(self) -> tuple[Input, ...]:
        """Return the measures read sale by sale, with their rows."""
        return tuple(one for one in self.inputs if one.sales)

    @property
    def missing(self) -> tuple[Input, ...]:
        """Return the measures without a figure, and why."""
        return tuple(one for one in self.inputs if one.reason)


@dataclass(frozen=True, slots=True)
class Summary:
    """A statement in a list; `attainment` is that of its first measure with one."""

    id: int
    person: str
    name: str
    period: str
    plan: str
    state: str
    currency: str
    total: Decimal
    variable: Decimal | None
    attainment: Decimal | None
    missing: bool

    @property
    def share(self) -> Decimal | None:
        """Return the pay as a share of the target pay."""
        return self.total / self.variable if self.variable else None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list."""

    id: int
    plan: str
    name: str
    first: datetime.date
    state: str
    people: int
    total: Decimal
    budget: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Bin:
    """How many people are paid between two amounts."""

    low: Decimal
    high: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with the statements the viewer may see."""

    id: int
    plan: str
    number: int
    name: str
    first: datetime.date
    last: datetime.date
    state: str
    following: str
    statements: tuple[Summary, ...]
    questions: tuple[Asked, ...]
    moves: tuple[tuple[str, str, datetime.datetime], ...]

    @property
    def total(self) -> Decimal:
        """Return what is paid in all."""
        return sum((one.total for one in self.statements), ZERO)

    @property
    def budget(self) -> Decimal:
        """Return what would be paid with everybody at 100 %."""
        return sum((one.variable or ZERO for one in self.statements), ZERO)

    @property
    def currency(self) -> str:
        """Return the money of the run."""
        return self.statements[0].currency if self.statements else "EUR"

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Return how pay is spread, in bins of one width."""
        return spread([one.total for one in self.statements])


def spread(amounts: Sequence[Decimal]) -> tuple[Bin, ...]:
    """Return how many amounts fall in each bin; one bin where all are the same."""
    if not amounts:
        return ()
    low, high = min(amounts), max(amounts)
    if low == high:
        return (Bin(low, high, len(amounts)),)
    width = (high - low) / BINS
    counts = [0] * BINS
    for amount in amounts:
        counts[min(int((amount - low) / width), BINS - 1)] += 1
    return tuple(
        Bin(low + rank * width, low + (rank + 1) * width, people)
        for rank, people in enumerate(counts)
    )


def statement_page(wanted: int, *, viewer: Viewer) -> StatementPage | None:
    """Return a statement; None where there is none that the viewer may see.

    One that is not published is shown to those who settle it.
    """
    row = (
        PayStatement.objects.filter(pk=wanted)
        .select_related("run__version")
        .order_by("id")
        .first()
    )
    if row is None or not _open_to(viewer, row.run, row.person_id):
        return None
    run, inputs = row.run, tuple(domain.read(one) for one in row.inputs)
    written = pay_rows.written(run.version.text)
    rules = {one.key: one.measure for one in written.plan.components}
    asked = defaultdict(list)
    for one in questions([row.pk]):
        asked[one.line].append(one)
    sales = {sale.id: sale for one in inputs for sale in one.sales or ()}
    lines = []
    for rank, told in enumerate(row.lines, start=1):
        line = pay_rows.line_read(told, person=row.person_id, period=run.name)
        read = tuple(
            one.objective
            for one in inputs
            if one.measure == rules.get(line.rule) and one.objective
        )
        sale = sales.get(line.row) if line.row else None
        lines.append(StatementLine(rank, line, read, tuple(asked[rank]), sale))
    return StatementPage(
        id=row.pk,
        run=run.pk,
        plan=run.plan,
        plan_name=run.version.name,
        number=run.version.number,
        period=run.name,
        first=run.first,
        last=run.after - datetime.timedelta(days=1),
        state=run.state,
        person=row.person_id,
        name=row.name,
        currency=row.currency,
        variable=pay_rows.short(row.variable),
        total=row.total or ZERO,
        lines=tuple(lines),
        inputs=inputs,
        sources=written.sources,
        moves=_moves(run),
    )


def _open_to(viewer: Viewer, run: PayRun, person: str) -> bool:
    if not sees(viewer, person):
        return False
    if run.state == RunState.PUBLISHED.value:
        return True
    return (settles(viewer, person) and person != viewer.person_id) or _all(viewer)


def settles(viewer: Viewer, person: str) -> bool:
    """Return whether the viewer may settle somebody's pay."""
    return may(viewer, Act.SETTLE_PAY, subject=Subject(f"person:{person}"))


def _all(viewer: Viewer) -> bool:
    return may(viewer, Act.SETTLE_PAY, subject=Subject(COMPANY))


def statement_of(person: str, *, period: str, viewer: Viewer) -> StatementPage | None:
    """Return somebody's statement of a period, the last one where "" is asked."""
    for one in history(person, viewer=viewer):
        if period in {"", one.period}:
            return statement_page(one.id, viewer=viewer)
    return None


def history(person: str, *, viewer: Viewer) -> tuple[Summary, ...]:
    """Return somebody's statements, the latest first."""
    rows = (
        PayStatement.objects.filter(person_id=person)
        .select_related("run")
        .order_by("-run__first", "-id")
    )
    return tuple(
        _summary(row) for row in rows if _open_to(viewer, row.run, row.person_id)
    )


def runs() -> tuple[RunLine, ...]:
    """Return every run, the latest first, with what it costs."""
    rows = PayRun.objects.annotate(
        people=Count("statements"),
        total=Sum("statements__total"),
        budget=Sum("statements__variable"),
        currency=Max("statements__currency"),
    ).order_by("-first", "plan")
    return tuple(
        RunLine(
            id=row.pk,
            plan=row.plan,
            name=row.name,
            first=row.first,
            state=row.state,
            people=row.people,
            total=row.total or ZERO,
            budget=row.budget or ZERO,
            currency=row.currency or "EUR",
        )
        for row in rows
    )


def run_page(wanted: int, *, viewer: Viewer) -> RunPage | None:
    """Return a run with the statements the viewer may see; None where there is none."""
    run = (
        PayRun.objects.filter(pk=wanted)
        .select_related("version")
        .order_by("id")
        .first()
    )
    if run is None:
        return None
    rows = [
        row
        for row in PayStatement.objects.filter(run=run)
        .select_related("run")
        .order_by("name", "person_id")
        if _open_to(viewer, run, row.person_id)
    ]
    following = NEXT.get(RunState(run.state))
    return RunPage(
        id=run.pk,
        plan=run.plan,
        number=run.version.number,
        name=run.name,
        first=run.first,
        last=run.after - datetime.timedelta(days=1),
        state=run.state,
        following=following.value if following and _all(viewer) else "",
        statements=tuple(_summary(row) for row in rows),
        questions=questions([row.pk for row in rows]),
        moves=_moves(run),
    )


def questions(statements: Iterable[int]) -> tuple[Asked, ...]:
    """Return the questions on these statements, those without an answer first."""
    rows = (
        PayQuestion.objects.filter(statement_id__in=list(statements))
        .select_related("statement__run", "settled_in")
        .order_by("id")
    )
    return tuple(sorted((_asked(row) for row in rows), key=lambda one: one.decision))


def open_questions(*, viewer: Viewer) -> tuple[Asked, ...]:
    """Return the questions that wait for the viewer's answer."""
    rows = (
        PayQuestion.objects.filter(decision="")
        .select_related("statement__run", "settled_in")
        .order_by("id")
    )
    return tuple(
        _asked(row) for row in rows if settles(viewer, row.statement.person_id)
    )


def _asked(row: PayQuestion) -> Asked:
    told = row.statement.lines[row.line - 1]
    return Asked(
        id=row.pk,
        statement=row.statement_id,
        line=row.line,
        label=told["label"],
        text=row.text,
        by=row.by,
        at=row.at,
        decision=row.decision,
        answer=row.answer,
        amount=pay_rows.short(row.amount),
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        settled_in=row.settled_in.name if row.settled_in else "",
        person=row.statement.person_id,
        name=row.statement.name,
        period=row.statement.run.name,
    )


def _summary(row: PayStatement) -> Summary:
    return Summary(
        id=row.pk,
        person=row.person_id,
        name=row.name,
        period=row.run.name,
        plan=row.run.plan,
        state=row.run.state,
        currency=row.currency,
        total=row.total or ZERO,
        variable=pay_rows.short(row.variable),
        attainment=_attained(row),
        missing=any(one.get("reason") for one in row.inputs),
    )


def _attained(row: PayStatement) -> Decimal | None:
    """Return the attainment of the first measure that has one; not that of a sale."""
    for told in row.lines:
        if "attainment" in told and not told.get("row"):
            return Decimal(told["attainment"])
    for told in row.inputs:
        one = domain.read(told)
        if one.actual is not None and one.target:
            return one.actual / one.target
    return None


def _moves(run: PayRun) -> tuple[tuple[str, str, datetime.datetime], ...]:
    return tuple(
        (state, by, datetime.datetime.fromisoformat(at)) for state, by, at in run.moves
    )
