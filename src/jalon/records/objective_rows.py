"""Between the rows of the database and the domain's objectives.

Reading takes four queries whatever the number of objectives, and four more for each 500
that changed since they were last read; writing belongs in the
caller's transaction.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model, QuerySet

from jalon.domain.objectives import objective as domain
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.records.objectives import Action, Assessment, Objective, Revision
from jalon.records.unchanged import Unchanged, cells, grouped, place

BATCH = 500
M = TypeVar("M", bound=Model)


def load(ids: Iterable[str] | None = None) -> dict[str, domain.Objective]:
    """Return the objectives by id, in the order of ids; all of them by default.

    One that is written as it was when last read is the very same object.
    """
    rows = Objective.objects.order_by("id")
    parts = [model.objects.order_by("objective_id", "rank") for model in _PARTS]
    if ids is not None:
        wanted = list(ids)
        if len(wanted) > BATCH:  # one by one, they would take longer than all
            asked = frozenset(wanted)
            return {name: one for name, one in load().items() if name in asked}
        rows = rows.filter(id__in=wanted)
        parts = [part.filter(objective_id__in=wanted) for part in parts]
    beside = [
        grouped(cells(part), by=place(model, "objective_id"))
        for part, model in zip(parts, _PARTS, strict=True)
    ]
    known = {
        row[_ID]: (row, *(part.get(row[_ID]) for part in beside)) for row in cells(rows)
    }
    return _unchanged.made(known, _made)


def ids_of(owners: Iterable[str]) -> frozenset[str]:
    """Return the objectives these owners hold."""
    rows = Objective.objects.filter(owner__in=list(owners)).order_by()
    return frozenset(rows.values_list("id", flat=True))


def revised() -> frozenset[str]:
    """Return the objectives whose target was changed at least once."""
    rows = Revision.objects.order_by("objective_id")
    return frozenset(rows.values_list("objective_id", flat=True).distinct())


_PARTS = (Revision, Action, Assessment)
_ID = place(Objective, "id")
_unchanged: Unchanged[domain.Objective] = Unchanged()


def _made(ids: list[str]) -> dict[str, domain.Objective]:
    """Make objectives of their rows, and of the rows beside them."""
    revised: dict[str, list[domain.Revision]] = defaultdict(list)
    planned: dict[str, list[domain.Action]] = defaultdict(list)
    assessed: dict[str, list[domain.Assessment]] = defaultdict(list)
    made: dict[str, domain.Objective] = {}
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        for revision in _beside(Revision, some):
            revised[revision.objective_id].append(_revision(revision))
        for action in _beside(Action, some):
            planned[action.objective_id].append(_action(action))
        for said in _beside(Assessment, some):
            assessed[said.objective_id].append(_assessment(said))
        made |= {
            row.id: replace(
                _objective(row, revised[row.id], planned[row.id]),
                assessments=tuple(assessed[row.id]),
            )
            for row in Objective.objects.filter(id__in=some)
        }
    return made


def _beside(model: type[M], ids: list[str]) -> QuerySet[M]:
    """Return the rows beside some objectives, in their order."""
    rows: QuerySet[M] = model._default_manager.filter(objective_id__in=ids)  # noqa: SLF001 - Django's public name
    return rows.order_by("objective_id", "rank")


def owners(*, kpi: str, states: Iterable[str]) -> frozenset[str]:
    """Return whose objectives are on a KPI, in one of these states."""
    rows = Objective.objects.filter(kpi=kpi, state__in=tuple(states))
    return frozenset(rows.order_by("owner").values_list("owner", flat=True).distinct())


def ids_on(kpi: str) -> tuple[str, ...]:
    """Return the objectives on a KPI, by id."""
    rows = Objective.objects.filter(kpi=kpi).order_by("id")
    return tuple(rows.values_list("id", flat=True))


def locked(wanted: str) -> domain.Objective:
    """Return an objective, held until the end of the caller's transaction.

    Raises:
        LookupError: If there is none of this id.
    """
    held = Objective.objects.select_for_update().filter(id=wanted).order_by("id")
    if held.first() is None:
        raise LookupError(wanted)
    return load([wanted])[wanted]


def held(ids: Sequence[str]) -> dict[str, domain.Objective]:
    """Return these objectives, held until the end of the caller's transaction."""
    rows = Objective.objects.select_for_update().filter(id__in=ids).order_by("id")
    list(rows.values_list("id", flat=True))
    return load(ids)


def save(objectives: Sequence[domain.Objective]) -> None:
    """Write objectives, new or known, with their revisions, actions, assessments."""
    ids = [objective.id for objective in objectives]
    Objective.objects.bulk_create(
        [_row(objective) for objective in objectives],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[f.name for f in Objective._meta.fields if not f.primary_key],  # noqa: SLF001 - Django's public reflection
    )
    Revision.objects.filter(objective_id__in=ids).delete()
    Action.objects.filter(objective_id__in=ids).delete()
    Assessment.objects.filter(objective_id__in=ids).delete()
    Revision.objects.bulk_create(
        [row for objective in objectives for row in _revision_rows(objective)],
        batch_size=BATCH,
    )
    Action.objects.bulk_create(
        [row for objective in objectives for row in _action_rows(objective)],
        batch_size=BATCH,
    )
    Assessment.objects.bulk_create(
        [row for objective in objectives for row in _assessment_rows(objective)],
        batch_size=BATCH,
    )


def plain(number: Decimal | None) -> Decimal | None:
    """Return the number without the zeros the database adds."""
    if number is None:
        return None
    short = number.normalize()
    exponent = short.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent > 0
    return short.quantize(Decimal(1)) if whole else short


def _objective(
    row: Objective, revisions: list[domain.Revision], actions: list[domain.Action]
) -> domain.Objective:
    return domain.Objective(
        id=row.id,
        series=row.series,
        statement=row.statement,
        lang=row.lang,
        kpi=row.kpi,
        owner=row.owner,
        period=Period(row.first, row.after),
        where=tuple(row.where),
        direction=domain.Direction(row.direction),
        baseline_rule=domain.BaselineRule(row.baseline_rule),
        baseline=plain(row.baseline),
        baseline_snapshot=row.baseline_snapshot,
        change=row.change,
        original_target=plain(row.original_target),
        plan=tuple(
            domain.DatedTarget(_day(dated["from"]), Decimal(dated["value"]))
            for dated in row.plan
        ),
        bands=domain.Bands(plain(row.minimum), plain(row.excellent)),
        phasing=domain.Phasing(
            domain.PhasingKind(row.phasing),
            tuple(Decimal(weight) for weight in row.phasing_weights),
        ),
        weight=plain(row.weight) or Decimal(0),
        nature=row.nature,
        parent=row.parent,
        state=State(row.state),
        actions=tuple(actions),
        revisions=tuple(revisions),
        closed_on=row.closed_on,
        closed_snapshot=row.closed_snapshot,
        model=row.model,
        levels=tuple(row.levels),
        overruled=row.overruled,
    )


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _row(objective: domain.Objective) -> Objective:
    return Objective(
        id=objective.id,
        series=objective.series,
        statement=objective.statement,
        lang=objective.lang,
        kpi=objective.kpi,
        owner=objective.owner,
        where=list(objective.where),
        first=objective.period.first,
        after=objective.period.after,
        direction=objective.direction.value,
        baseline_rule=objective.baseline_rule.value,
        baseline=objective.baseline,
        baseline_snapshot=objective.baseline_snapshot,
        change=objective.change,
        original_target=objective.original_target,
        target=objective.target,
        plan=[
            {"from": dated.first.isoformat(), "value": str(dated.value)}
            for dated in objective.plan
        ],
        minimum=objective.bands.minimum,
        excellent=objective.bands.excellent,
        phasing=objective.phasing.kind.value,
        phasing_weights=[str(weight) for weight in objective.phasing.weights],
        weight=objective.weight,
        nature=objective.nature,
        parent=objective.parent,
        state=objective.state.value,
        closed_on=objective.closed_on,
        closed_snapshot=objective.closed_snapshot,
        model=objective.model,
        levels=list(objective.levels),
        overruled=objective.overruled,
    )


def _revision(row: Revision) -> domain.Revision:
    return domain.Revision(
        former=plain(row.former),
        new=plain(row.new) or Decimal(0),
        effective_on=row.effective_on,
        reason=row.reason,
        text=row.text,
        by=row.by,
        at=row.at,
        effort_credited=plain(row.effort_credited),
        priorities=row.priorities,
        message=row.message,
    )


def _revision_rows(objective: domain.Objective) -> list[Revision]:
    return [
        Revision(
            objective_id=objective.id,
            rank=rank,
            former=revision.former,
            new=revision.new,
            effective_on=revision.effective_on,
            reason=revision.reason,
            text=revision.text,
            by=revision.by,
            at=revision.at,
            effort_credited=revision.effort_credited,
            priorities=revision.priorities,
            message=revision.message,
        )
        for rank, revision in enumerate(objective.revisions, start=1)
    ]


def _action(row: Action) -> domain.Action:
    return domain.Action(
        action=row.action,
        owner=row.owner,
        due=row.due,
        done=row.done,
        lever=row.lever,
        effect=row.effect,
        done_on=row.done_on,
        done_by=row.done_by,
        result=row.result,
    )


def _action_rows(objective: domain.Objective) -> list[Action]:
    return [
        Action(
            objective_id=objective.id,
            rank=rank,
            action=action.action,
            owner=action.owner,
            due=action.due,
            done=action.done,
            lever=action.lever,
            effect=action.effect,
            done_on=action.done_on,
            done_by=action.done_by,
            result=action.result,
        )
        for rank, action in enumerate(objective.actions, start=1)
    ]


def _assessment(row: Assessment) -> domain.Assessment:
    return domain.Assessment(
        side=row.side, level=row.level, on=row.on, evidence=row.evidence, by=row.by
    )


def _assessment_rows(objective: domain.Objective) -> list[Assessment]:
    return [
        Assessment(
            objective_id=objective.id,
            rank=rank,
            side=said.side,
            level=said.level,
            on=said.on,
            evidence=said.evidence,
            by=said.by,
        )
        for rank, said in enumerate(objective.assessments, start=1)
    ]
