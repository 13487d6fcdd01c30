"""Between the rows of the database and the domain's evaluations.

A figure is rounded to twelve decimals when it is kept; what is read back is what was
kept, for ever.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jalon.domain.attainment import evaluation as domain
from jalon.domain.attainment.status import Status
from jalon.domain.objectives.objective import Objective
from jalon.records.evaluations import Evaluation
from jalon.records.objective_rows import BATCH, plain

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
    wanted = {objective.id: fingerprint(objective) for objective in objectives}
    rows = Evaluation.objects.filter(on=on, snapshot=snapshot)
    return {
        row.objective_id: _evaluation(row)
        for row in rows.order_by("id")
        if wanted.get(row.objective_id) == row.definition
    }


def frozen() -> dict[str, domain.Evaluation]:
    """Return the last word on each closed objective."""
    rows = Evaluation.objects.filter(frozen=True).order_by("objective_id")
    return {row.objective_id: _evaluation(row) for row in rows}


def history(objective: str) -> tuple[domain.Evaluation, ...]:
    """Return every evaluation of an objective, oldest first."""
    rows = Evaluation.objects.filter(objective_id=objective).order_by("on", "id")
    return tuple(_evaluation(row) for row in rows)


def statuses(*, until: datetime.date) -> dict[str, list[tuple[datetime.date, str]]]:
    """Return, by objective, the last status kept for each day up to `until`."""
    found: dict[str, dict[datetime.date, str]] = {}
    rows = Evaluation.objects.filter(on__lte=until).order_by("objective_id", "on", "id")
    for objective, on, status in rows.values_list("objective_id", "on", "status"):
        found.setdefault(objective, {})[on] = status
    return {objective: list(days.items()) for objective, days in found.items()}


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
