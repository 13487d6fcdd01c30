"""The first pages' answers: stored evaluations dressed with names and words."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal

from jalon.domain.attainment.progress import progress
from jalon.domain.kpis.question import Explanation
from jalon.domain.objectives.objective import Action, Direction
from jalon.domain.objectives.states import State
from jalon.queries import kpi_values, objectives
from jalon.queries.evaluations import current_snapshot
from jalon.queries.objectives import ObjectivePage, ObjectiveStatus
from jalon.queries.organisation import organisation
from jalon.queries.pages import (
    DEEPEST,
    ActionLine,
    Definition,
    Line,
    Page,
    TargetLine,
    as_tree,
)
from jalon.queries.snapshots import NoDataError
from jalon.records.mark import Unmoved
from jalon.workspace.folder import Workspace

STATES = frozenset(State) - {State.ABANDONED}
ROWS = 100


def lines(
    workspace: Workspace,
    *,
    on: datetime.date,
    states: frozenset[State] = STATES,
    ids: Collection[str] | None = None,
) -> tuple[Line, ...]:
    """Return every objective not abandoned (of these ids); who may see which is after.

    One whose figures, names and place are those told before is the very same line; all
    of them are the same lines as long as nothing was written and no facts came.
    """
    if ids is not None:
        return _read(workspace, on=on, states=states, ids=ids)
    facts, kpis = current_snapshot(workspace), kpi_values.catalogue_stamp(workspace)
    return _every.found(
        (workspace, on, states, facts, kpis),
        lambda: _read(workspace, on=on, states=states, ids=None),
    )


_every: Unmoved[tuple[Line, ...]] = Unmoved()


def _read(
    workspace: Workspace,
    *,
    on: datetime.date,
    states: frozenset[State],
    ids: Collection[str] | None,
) -> tuple[Line, ...]:
    names = _names(workspace, on)
    found = objectives.status(workspace, on=on, states=states, ids=ids)
    above = {status.id: status.parent for status in found}
    return tuple(_told(status, names, _depth(status.id, above)) for status in found)


def _told(status: ObjectiveStatus, names: dict[str, str], depth: int) -> Line:
    actions = tuple(_action(action, names) for action in status.actions)
    known = _lines.get(status.id)
    if known is not None and known[0] is status:
        line = known[1]
        if line.depth == depth and line.actions == actions:
            return line
    line = _line(status, names, depth)
    _lines[status.id] = (status, line)
    return line


_lines: dict[str, tuple[ObjectiveStatus, Line]] = {}


def _depth(wanted: str, above: Mapping[str, str]) -> int:
    """Return how many objectives stand above one; a tree then changes few lines."""
    depth = 0
    while depth < DEEPEST and above[wanted] in above:
        wanted, depth = above[wanted], depth + 1
    return depth


def line(workspace: Workspace, wanted: str, *, on: datetime.date) -> Line | None:
    """Return one objective, None where there is none of this id."""
    found = objectives.status(
        workspace, on=on, states=frozenset(State), ids=frozenset({wanted})
    )
    return _line(found[0], _names(workspace, on)) if found else None


def page(
    workspace: Workspace, wanted: str, *, on: datetime.date, drawn: bool = True
) -> Page:
    """Return one objective, whole; its paths where `drawn`."""
    found = objectives.one(workspace, wanted, on=on, drawn=drawn)
    names = _names(workspace, on)
    shown = _line(found.status, names)
    return Page(
        line=shown,
        definition=_definition(workspace, shown),
        targets=_targets(found, names),
        parent=_line(found.parent, names) if found.parent else None,
        children=_children(found, shown, names),
        total=found.total,
        actual_path=tuple((d, v) for d, v in found.actual_path if v is not None),
        expected_path=found.expected_path,
    )


def _children(
    found: ObjectivePage, parent: Line, names: dict[str, str]
) -> tuple[Line, ...]:
    """Return the children, those on the parent's own KPI first."""
    tree = as_tree(_line(child, names) for child in found.children)
    return tuple(sorted(tree, key=lambda child: child.kpi != parent.kpi))


def explanation(
    workspace: Workspace, wanted: str, *, on: datetime.date, limit: int = ROWS
) -> Explanation:
    """Return the formula in words and the rows counted in an objective's figure."""
    return objectives.explained(workspace, wanted, on=on, limit=limit)[1]


def names(workspace: Workspace, *, on: datetime.date) -> dict[str, str]:
    """Return the name of each person of the facts."""
    return _names(workspace, on)


def _names(workspace: Workspace, on: datetime.date) -> dict[str, str]:
    try:
        people = organisation(workspace, on=on).people
    except NoDataError:
        return {}  # objectives may be set before the first import
    return {person.person_id: person.name or person.person_id for person in people}


def _line(status: ObjectiveStatus, names: dict[str, str], depth: int = 0) -> Line:
    landing = status.landing
    known = None
    if landing.p10 is not None and landing.p50 is not None and landing.p90 is not None:
        known = (landing.p10, landing.p50, landing.p90)
    return Line(
        id=status.id,
        statement=status.statement,
        lang=status.lang,
        kpi=status.kpi,
        kpi_label=status.kpi_label or {"fr": status.kpi, "en": status.kpi},
        unit=status.unit,
        currency=status.currency,
        direction=status.direction,
        flow=status.flow,
        owner=status.owner,
        owner_name=status.owner_name,
        where=status.where,
        first=status.first,
        after=status.after,
        status=status.status.value,
        baseline=status.baseline,
        target=status.target,
        original_target=status.original_target,
        actual=status.actual,
        expected=status.expected_to_date,
        attainment=status.attainment,
        original_attainment=status.original_attainment,
        expected_progress=_expected_progress(status),
        gap=status.gap,
        minimum=status.minimum,
        excellent=status.excellent,
        landing=known,
        probability=status.probability,
        reason=status.reason,
        since=status.since,
        state=status.state.value,
        horizon=status.horizon,
        parent=status.parent,
        weight=status.weight,
        actions=tuple(_action(action, names) for action in status.actions),
        snapshot=status.snapshot,
        evaluated_on=status.on,
        nature=status.nature,
        margin=status.margin,
        answers=status.denominator if status.margin is not None else None,
        depth=depth,
    )


def _action(action: Action, names: dict[str, str]) -> ActionLine:
    owner = action.owner.removeprefix("person:")
    return ActionLine(
        text=action.action,
        owner=names.get(owner, owner),
        due=action.due,
        done=action.done,
    )


def _expected_progress(status: ObjectiveStatus) -> Decimal | None:
    """Return the share of the way that should be done, by the rule of attainment."""
    direction = Direction(status.direction)
    if direction is Direction.MAINTAIN:
        return None
    return progress(
        status.expected_to_date,
        target=status.target,
        baseline=status.baseline,
        direction=direction,
        flow=status.flow,
    ).attainment


def _definition(workspace: Workspace, shown: Line) -> Definition:
    catalogue = kpi_values.catalogue(workspace)
    if shown.kpi not in catalogue:
        return Definition(key=shown.kpi, label=shown.kpi_label)
    kpi = catalogue[shown.kpi]
    return Definition(
        key=shown.kpi,
        label=kpi.label,
        question=kpi.question,
        excluded=kpi.excluded,
        formula=kpi.formula_text,
        reference=kpi.reference,
    )


def _targets(found: ObjectivePage, names: dict[str, str]) -> tuple[TargetLine, ...]:
    first = TargetLine(
        value=found.objective.original_target, former=None, since=found.status.first
    )
    revised = [
        TargetLine(
            value=revision.new,
            former=revision.former,
            since=revision.effective_on,
            reason=revision.reason,
            text=revision.text,
            by=names.get(revision.by, revision.by),
        )
        for revision in found.status.revisions
    ]
    return (first, *revised)
