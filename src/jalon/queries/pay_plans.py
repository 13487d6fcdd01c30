"""Pay plans as their pages show them: versions, notice, receipts, who is under them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.incentives.checking import Finding
from jalon.domain.incentives.plan import Component
from jalon.domain.incentives.sources import Source, Written
from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.queries.pay_inputs import roster
from jalon.records import pay_rows
from jalon.records.pay import PayPlan, PayReceipt, PayTerm
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its text, when it is in force, its notice and who took note."""

    plan: str
    number: int
    name: str
    text: str
    first: datetime.date
    after: datetime.date | None
    written_by: str
    written_at: datetime.datetime
    notice: str
    published_by: str
    published_at: datetime.datetime | None

    @property
    def written(self) -> Written:
        """Return the plan the text describes."""
        return pay_rows.written(self.text)

    @property
    def components(self) -> tuple[Component, ...]:
        """Return the rules."""
        return self.written.plan.components

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return where the measures come from."""
        return self.written.sources

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return holes, overlaps, jumps and perverse points."""
        return self.written.findings


@dataclass(frozen=True, slots=True)
class TermLine:
    """Somebody's target pay from a day on, and when they took note of the plan."""

    person: str
    name: str
    first: datetime.date
    after: datetime.date | None
    variable: Decimal | None
    rate: Decimal | None
    noted_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan, whole, as far as the viewer may see it."""

    plan: str
    versions: tuple[Version, ...]
    terms: tuple[TermLine, ...]
    people: tuple[tuple[str, str], ...]

    @property
    def last(self) -> Version:
        """Return the last version written."""
        return self.versions[0]


def plans() -> tuple[Version, ...]:
    """Return the last version of each plan, by name."""
    found: dict[str, Version] = {}
    for row in PayPlan.objects.order_by("plan", "-number"):
        found.setdefault(row.plan, version(row))
    return tuple(found.values())


def version(row: PayPlan) -> Version:
    """Return a row as it is shown."""
    return Version(
        plan=row.plan,
        number=row.number,
        name=row.name,
        text=row.text,
        first=row.first,
        after=row.after,
        written_by=row.written_by,
        written_at=row.written_at,
        notice=row.notice,
        published_by=row.published_by,
        published_at=row.published_at,
    )


def versions(plan: str) -> tuple[Version, ...]:
    """Return the versions of a plan, the last first."""
    return tuple(
        version(row) for row in PayPlan.objects.filter(plan=plan).order_by("-number")
    )


def plan_page(workspace: Workspace, plan: str, *, viewer: Viewer) -> PlanPage | None:
    """Return a plan with the terms the viewer may see; None where there is none."""
    known = versions(plan)
    if not known:
        return None
    names = {key: one.name or key for key, one in roster(workspace).people.items()}
    published = [one.number for one in known if one.published_at]
    noted = _noted(plan, published[0]) if published else {}
    terms = tuple(
        TermLine(
            person=row.person_id,
            name=names.get(row.person_id, row.person_id),
            first=row.first,
            after=row.after,
            variable=pay_rows.short(row.variable),
            rate=pay_rows.short(row.rate),
            noted_at=noted.get(row.person_id),
        )
        for row in PayTerm.objects.filter(plan=plan).order_by("person_id", "first")
        if sees(viewer, row.person_id)
    )
    settled = sorted(
        (
            (name, key)
            for key, name in names.items()
            if may(viewer, Act.SETTLE_PAY, subject=Subject(f"person:{key}"))
        ),
        key=lambda pair: (pair[0].casefold(), pair[1]),
    )
    people = tuple((key, name) for name, key in settled)
    return PlanPage(plan, known, terms, people)


def sees(viewer: Viewer, person: str) -> bool:
    """Return whether the viewer may see somebody's pay."""
    return may(viewer, Act.SEE_PAY, subject=Subject(f"person:{person}"))


def plans_of(person: str, day: datetime.date) -> tuple[str, ...]:
    """Return the plans somebody is under on a day."""
    found: dict[str, None] = {}
    for row in PayTerm.objects.filter(person_id=person, first__lte=day).order_by(
        "plan"
    ):
        if row.after is None or day < row.after:
            found[row.plan] = None
    return tuple(found)


def people_under(viewer: Viewer, workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Return the people under a plan whose pay the viewer may see, by name."""
    known = roster(workspace).people
    keys: Iterable[str] = (
        PayTerm.objects.order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()
    )
    found = [
        (key, known[key].name or key if key in known else key)
        for key in keys
        if sees(viewer, key)
    ]
    return tuple(sorted(found, key=lambda pair: (pair[1].casefold(), pair[0])))


def noted_at(plan: str, number: int, person: str) -> datetime.datetime | None:
    """Return when somebody took note of a version."""
    return _noted(plan, number).get(person)


def _noted(plan: str, number: int) -> dict[str, datetime.datetime]:
    rows = PayReceipt.objects.filter(version__plan=plan, version__number=number)
    return dict(rows.order_by("id").values_list("person_id", "at"))
