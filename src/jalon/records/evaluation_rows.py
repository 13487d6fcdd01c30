"""Between the rows of the database and the domain's evaluations.

A figure is rounded to twelve decimals when it is kept; what is read back is what was
kept, for ever.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import Lag

from jalon.domain.attainment import evaluation as domain
from jalon.domain.attainment.status import Status
from jalon.domain.objectives.objective import Objective
from jalon.records.evaluations import Evaluation
from jalon.records.objective_rows import BATCH, plain
from jalon.records.unchanged import Cells, Unchanged, cells, place

STEP = Decimal("1e-12")
FIGURES = (
    "baseline",
    "target",
    "original_target",
    "joined_target",
    "actual",
    "numerator",
    "denominator",
    "expected",
    "attainment",
    "original_attainment",
    "gap",
    "probability",
    "margin",
)


def fingerprint(objective: Objective) -> str:
    """Return what names the definition evaluated: the same for the same rules."""
    parts = (
        objective.kpi,
        objective.owner,
        objective.period,
        objective.where,
        objective.direction,
        objective.baseline,
        objective.original_target,
        objective.plan,
        objective.bands,
        objective.phasing,
        tuple((r.new, r.effective_on) for r in objective.revisions),
        *([objective.assessments] if objective.levels else []),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def kept(
    objectives: Iterable[Objective], *, on: datetime.date, snapshot: str
) -> dict[str, domain.Evaluation]:
    """Return the evaluations of that day and snapshot that still fit, by objective."""
    wanted = {objective.id: known_fingerprint(objective) for objective in objectives}
    rows = Evaluation.objects.filter(on=on, snapshot=snapshot)
    if len(wanted) <= BATCH:
        rows = rows.filter(objective_id__in=list(wanted))
    found = [
        row
        for row in cells(rows.order_by("id"))
        if wanted.get(row[_OBJECTIVE]) == row[_DEFINITION]
    ]
    return _read(found)


def frozen(ids: Iterable[str] | None = None) -> dict[str, domain.Evaluation]:
    """Return the last word on each closed objective (of these, where any are named)."""
    rows = Evaluation.objects.filter(frozen=True).order_by("objective_id")
    if ids is not None and len(wanted := list(ids)) <= BATCH:
        rows = rows.filter(objective_id__in=wanted)
    return _read(cells(rows))


_KEY, _OBJECTIVE, _DEFINITION = (
    place(Evaluation, name) for name in ("id", "objective_id", "definition")
)
_unchanged: Unchanged[domain.Evaluation] = Unchanged()
_fingerprints: dict[str, tuple[Objective, str]] = {}


def _read(rows: Sequence[Cells]) -> dict[str, domain.Evaluation]:
    """Return the evaluations of these rows by objective, the last row of each."""
    made = _unchanged.made({row[_KEY]: row for row in rows}, _made)
    return {row[_OBJECTIVE]: made[row[_KEY]] for row in rows if row[_KEY] in made}


def _made(keys: list[int]) -> dict[int, domain.Evaluation]:
    return {
        row.pk: _evaluation(row)
        for first in range(0, len(keys), BATCH)
        for row in Evaluation.objects.filter(pk__in=keys[first : first + BATCH])
    }


def known_fingerprint(objective: Objective) -> str:
    """Return the fingerprint, kept for as long as the objective is the same object."""
    known = _fingerprints.get(objective.id)
    if known is None or known[0] is not objective:
        known = _fingerprints[objective.id] = (objective, fingerprint(objective))
    return known[1]


def history(objective: str) -> tuple[domain.Evaluation, ...]:
    """Return every evaluation of an objective, oldest first."""
    rows = Evaluation.objects.filter(objective_id=objective).order_by("on", "id")
    return tuple(_evaluation(row) for row in rows)


def made_on(day: datetime.date, ids: Iterable[str]) -> dict[str, domain.Evaluation]:
    """Return the evaluations of a day, the last kept of each objective; one query."""
    rows = Evaluation.objects.filter(objective_id__in=list(ids), on=day).order_by("id")
    return {row.objective_id: _evaluation(row) for row in rows}


def status_runs(
    *, until: datetime.date, ids: Iterable[str] | None = None
) -> dict[str, tuple[datetime.date, str]]:
    """Return the last status kept up to `until`, and since which day it is unbroken.

    One query, whose answer holds the changes of status and not the days between. Of
    several evaluations on a day, the last kept counts.
    """
    rows = Evaluation.objects.filter(on__lte=until)
    if ids is not None and len(wanted := list(ids)) <= BATCH:
        rows = rows.filter(objective_id__in=wanted)
    later = Evaluation.objects.filter(
        objective_id=OuterRef("objective_id"), on=OuterRef("on"), id__gt=OuterRef("id")
    )
    former = Window(Lag("status"), partition_by=["objective_id"], order_by=["on", "id"])
    changes = (
        rows.filter(~Exists(later))
        .annotate(former=former)
        .filter(Q(former__isnull=True) | ~Q(former=F("status")))
        .order_by("objective_id", "on")
        .values_list("objective_id", "on", "status")
    )
    return {objective: (on, status) for objective, on, status in changes}


def said_and_came(*, kpi: str = "", level: str = "") -> list[tuple[float, bool]]:
    """Return each chance kept while an objective ran, and whether it was reached.

    Of objectives since closed; one chance a day, the last kept.
    """
    rows = Evaluation.objects.filter(
        probability__isnull=False,
        frozen=False,
        on__lt=F("objective__after"),
        objective__state__in=("reached", "missed"),
    ).order_by("on", "id")
    if kpi:
        rows = rows.filter(objective__kpi=kpi)
    if level:
        rows = rows.filter(objective__owner__startswith=level)
    told = rows.values_list("objective_id", "on", "probability", "objective__state")
    kept = {
        (objective, on): (float(chance or 0), state == "reached")
        for objective, on, chance, state in told
    }
    return list(kept.values())


def keep(
    evaluations: Sequence[domain.Evaluation], *, objectives: Mapping[str, Objective]
) -> None:
    """Write evaluations; one already kept under the same key stays as it is."""
    Evaluation.objects.bulk_create(
        [_row(found, objectives[found.objective]) for found in evaluations],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def freeze(
    objectives: Iterable[Objective], *, on: datetime.date, snapshot: str
) -> None:
    """Make the evaluations kept for that day and snapshot the last words."""
    wanted = {objective.id: fingerprint(objective) for objective in objectives}
    rows = Evaluation.objects.filter(
        on=on, snapshot=snapshot, objective_id__in=wanted
    ).values_list("id", "objective_id", "definition")
    ids = [row for row, name, found in rows if wanted[name] == found]
    Evaluation.objects.filter(id__in=ids).update(frozen=True)


def renamed(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Let evaluations fit definitions whose owner alone is called otherwise."""
    for objective, definition in before.items():
        rows = Evaluation.objects.filter(objective_id=objective, definition=definition)
        rows.update(definition=after[objective])


def _row(found: domain.Evaluation, objective: Objective) -> Evaluation:
    return Evaluation(
        objective_id=found.objective,
        on=found.on,
        snapshot=found.snapshot,
        definition=fingerprint(objective),
        status=found.status.value,
        reason=found.reason,
        currency=found.currency,
        landing_p10=found.landing.p10,
        landing_p50=found.landing.p50,
        landing_p90=found.landing.p90,
        trust=dict(found.trust),
        frozen=found.frozen,
        **{name: rounded(getattr(found, name)) for name in FIGURES},
    )


def rounded(number: Decimal | None) -> Decimal | None:
    """Return the figure as it is kept: at most twelve decimals."""
    return None if number is None else plain(number.quantize(STEP))


def _evaluation(row: Evaluation) -> domain.Evaluation:
    return domain.Evaluation(
        objective=row.objective_id,
        on=row.on,
        snapshot=row.snapshot,
        status=Status(row.status),
        reason=row.reason,
        currency=row.currency,
        landing=domain.Landing(
            p10=plain(row.landing_p10),
            p50=plain(row.landing_p50),
            p90=plain(row.landing_p90),
        ),
        trust=row.trust,
        frozen=row.frozen,
        **{name: plain(getattr(row, name)) for name in FIGURES},
    )
