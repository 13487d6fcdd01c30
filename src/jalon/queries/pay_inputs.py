"""What people are paid on, from evaluations: frozen for a statement, kept for a look.

A re-target counts for pay once its owner has accepted it; until then the former target
does. An objective not closed yet gives no final figure.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.attainment.progress import from_baseline, progress
from jalon.domain.incentives.inputs import (
    Found,
    Input,
    Payee,
    Reading,
    Stay,
    by_source,
    inputs_of,
    owner_of,
    parts_of,
    with_sales,
)
from jalon.domain.incentives.sources import COMPANY, OWN, Source, Written
from jalon.domain.objectives.objective import Direction, Objective, is_flow
from jalon.domain.objectives.states import State
from jalon.domain.people.roster import Roster
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.evaluations import computed, current_snapshot
from jalon.queries.pay_sales import Days, Told, sales
from jalon.records import evaluation_rows, objective_rows, pay_rows
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import held
from jalon.workspace.folder import Workspace

COUNTING = frozenset({State.AGREED, State.ACTIVE, State.REACHED, State.MISSED})


@dataclass(frozen=True, slots=True)
class Scope:
    """A plan over a period, with the period's name."""

    plan: str
    written: Written
    period: Period
    name: str


def roster(workspace: Workspace) -> Roster:
    """Return everybody the current generation knows."""
    return held(Generations(workspace.warehouse, workspace.settings.keep_generations))


def payees(
    workspace: Workspace, scope: Scope, *, people: Collection[str] | None = None
) -> tuple[Payee, ...]:
    """Return who the plan pays over the period, by key."""
    known = roster(workspace)
    found = []
    for person, stays in sorted(pay_rows.stays(scope.plan).items()):
        if people is None or person in people:
            one = _payee(known, person, stays, scope)
            if one.parts:
                found.append(one)
    return tuple(found)


def _payee(known: Roster, person: str, stays: tuple[Stay, ...], scope: Scope) -> Payee:
    who, period = known.people.get(person), scope.period
    last = period.after - datetime.timedelta(days=1)
    if who and who.left_on:
        last = min(last, who.left_on - datetime.timedelta(days=1))
    parts = parts_of(
        stays,
        period,
        there=(who.started_on if who else None, who.left_on if who else None),
        absences=known.away(person),
        reducing=scope.written.reducing,
    )
    name = who.name if who and who.name else person
    spans = tuple((one.first, one.after) for one in stays)
    return Payee(person, name, known.team_of(person, last) or "", parts, spans)


def frozen_inputs(
    workspace: Workspace, scope: Scope, who: Iterable[Payee]
) -> tuple[Input, ...]:
    """Return what each payee is paid on, from figures frozen when periods closed."""
    paid = tuple(who)
    objectives = _counted(scope, paid)
    final = evaluation_rows.frozen([one.id for one in objectives])
    inputs = _inputs(workspace, scope, paid, objectives, final, final=True)
    closed = {name: one.snapshot for name, one in final.items()}
    return by_rows(workspace, scope, paid, inputs, on=_last(scope), closed=closed)


def present_inputs(
    workspace: Workspace,
    scope: Scope,
    who: Iterable[Payee],
    *,
    on: datetime.date,
    until: datetime.date | None = None,
) -> tuple[Input, ...]:
    """Return what the same period reads from the facts as they are now.

    `until` is the last day on which what customers have paid counts.
    """
    paid = tuple(who)
    objectives = _counted(scope, paid)
    found = computed(workspace, objectives, on=on)
    inputs = _inputs(workspace, scope, paid, objectives, found, final=True)
    return by_rows(workspace, scope, paid, inputs, on=_last(scope), until=until)


def live_inputs(
    workspace: Workspace, scope: Scope, who: Iterable[Payee], *, on: datetime.date
) -> tuple[tuple[Input, ...], Mapping[str, Evaluation]]:
    """Return what the period shows so far, and the evaluations it was read from."""
    paid = tuple(who)
    objectives = _counted(scope, paid)
    found = evaluation_rows.frozen([one.id for one in objectives])
    running = [one for one in objectives if one.id not in found]
    snapshot = current_snapshot(workspace)
    found = found | evaluation_rows.kept(running, on=on, snapshot=snapshot)
    missing = [one for one in running if one.id not in found]
    if missing:
        found = found | computed(workspace, missing, on=on, snapshot=snapshot)
    inputs = _inputs(workspace, scope, paid, objectives, found, final=False)
    day = min(on, _last(scope))
    return by_rows(workspace, scope, paid, inputs, on=day), found


def by_rows(  # noqa: PLR0913 - the inputs, and which facts they are read from
    workspace: Workspace,
    scope: Scope,
    who: Collection[Payee],
    inputs: Iterable[Input],
    *,
    on: datetime.date,
    until: datetime.date | None = None,
    closed: Mapping[str, str] | None = None,
) -> tuple[Input, ...]:
    """Return inputs with the rows of the measures that are read sale by sale.

    `closed` is the generation each objective closed on.
    """
    sources = {
        one.measure: one for one in scope.written.sources if one.columns is not None
    }
    if not sources:
        return tuple(inputs)
    payees_of = {one.person: one for one in who}
    snapshots = closed or {}
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    told = list(inputs)
    for one in told:
        if one.measure in sources:
            key = (one.measure, snapshots.get(one.objective, ""))
            owner = owner_of(payees_of[one.person], sources[one.measure])
            wanted.setdefault(key, {})[owner] = None
    days = Days(scope.period, on, until or _last(scope))
    found = {
        key: sales(workspace, sources[key[0]], list(owners), days, snapshot=key[1])
        for key, owners in wanted.items()
    }
    return tuple(
        _sold(
            one,
            payees_of[one.person],
            sources[one.measure],
            found[one.measure, snapshots.get(one.objective, "")],
        )
        if one.measure in sources
        else one
        for one in told
    )


def _sold(one: Input, payee: Payee, source: Source, told: Told) -> Input:
    """Return an input with the rows of the days its person is under the plan."""
    mine = [
        sale
        for sale in told.by_owner.get(owner_of(payee, source), ())
        if not payee.spans
        or any(
            first <= sale.date and (after is None or sale.date < after)
            for first, after in payee.spans
        )
    ]
    currency = one.currency or told.money
    return with_sales(replace(one, currency=currency), mine, target=source.target)


def _last(scope: Scope) -> datetime.date:
    return scope.period.after - datetime.timedelta(days=1)


def _counted(scope: Scope, who: Collection[Payee]) -> list[Objective]:
    """Return the objectives that may tell a measure of the plan over the period."""
    kpis = {source.kpi for source in scope.written.sources}
    owners = {f"person:{one.person}" for one in who} if _of(scope, OWN) else set()
    owners |= {f"team:{one.team}" for one in who if one.team}
    if _of(scope, COMPANY):
        owners.add(COMPANY)
    return [
        one
        for one in objective_rows.load().values()
        if one.kpi in kpis
        and one.owner in owners
        and one.state in COUNTING
        and scope.period.first <= one.period.first
        and one.period.after <= scope.period.after
    ]


def _of(scope: Scope, owner: str) -> bool:
    return any(source.owner == owner for source in scope.written.sources)


def _inputs(
    workspace: Workspace,
    scope: Scope,
    who: Iterable[Payee],
    objectives: Iterable[Objective],
    evaluations: Mapping[str, Evaluation],
    *,
    final: bool,
) -> tuple[Input, ...]:
    found = readings(workspace, objectives, evaluations, final=final)
    return tuple(
        one
        for payee in who
        for one in inputs_of(
            payee, scope.written, found, period=scope.period, name=scope.name
        )
    )


def readings(
    workspace: Workspace,
    objectives: Iterable[Objective],
    evaluations: Mapping[str, Evaluation],
    *,
    final: bool,
) -> Found:
    """Return what objectives showed, with the target that counts for pay."""
    known = list(objectives)
    kpis = kpi_values.catalogue(workspace)
    taken = pay_rows.accepted()
    return by_source(
        _reading(
            one,
            evaluations.get(one.id),
            taken.get(one.id, frozenset()),
            flow=one.kpi in kpis and is_flow(kpis[one.kpi]),
            final=final,
        )
        for one in known
    )


def _reading(
    objective: Objective,
    found: Evaluation | None,
    taken: frozenset[int],
    *,
    flow: bool,
    final: bool,
) -> Reading:
    actual = found.actual if found else None
    target = pay_target(objective, found, taken)
    return Reading(
        objective=objective.id,
        owner=objective.owner,
        kpi=objective.kpi,
        where=objective.where,
        period=objective.period,
        actual=actual,
        target=target,
        attainment=_attainment(objective, found, target, flow=flow),
        currency=found.currency if found else "",
        flow=flow,
        final=found is not None or not final,
    )


def pay_target(
    objective: Objective, found: Evaluation | None, taken: frozenset[int]
) -> Decimal | None:
    """Return the target pay is counted on: the last one accepted, else the first."""
    if not objective.revisions:
        return found.target if found else objective.target
    target = objective.original_target
    for rank, revision in enumerate(objective.revisions, start=1):
        if rank in taken:
            target = revision.new
    return target


def _attainment(
    objective: Objective,
    found: Evaluation | None,
    target: Decimal | None,
    *,
    flow: bool,
) -> Decimal | None:
    """Return the attainment where it is not actual ÷ target; None where it is."""
    if found is None or found.actual is None:
        return None
    if objective.direction is Direction.MAINTAIN:
        return found.attainment
    plain = objective.direction is Direction.UP and not from_baseline(
        objective.baseline, direction=objective.direction, flow=flow
    )
    if plain:
        return None
    return progress(
        found.actual,
        target=target,
        baseline=objective.baseline,
        direction=objective.direction,
        flow=flow,
    ).attainment
