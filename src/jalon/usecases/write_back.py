"""Write people's targets into a CRM: off until somebody allows it, shown before sent.

`plan` reads the CRM and says what would be written; its `mark` is a digest of exactly
that. `send` takes the mark, plans again, and refuses where anything differs: what is
written is what was shown. Each target written leaves its line in the audit.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalon.connectors.contract import SourceError
from jalon.connectors.write_back import Target, Write, takes_targets
from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.states import State
from jalon.domain.objectives.targets import target_on
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.owners import owner_names
from jalon.records import objective_rows
from jalon.records.sources import ConnectedSource, WrittenTarget
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.refresh import account_of
from jalon.usecases.sources import named
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.workspace.folder import Workspace

WRITTEN_KPI = "revenue"  # the one figure that CRMs' goals count in money, by person
__all__ = ["Write"]
LEFT_OUT = (
    "only revenue targets of this source's people, without filter, can be written."
)
_OWN_PEOPLE = "SELECT person_id FROM people WHERE starts_with(source, $prefix)"


class UnableToWriteBackError(Refusal):
    """Nothing may be written to this source, or not what was shown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written, and why some running objectives are left out."""

    source: str
    writes: tuple[Write, ...]
    left_out: int
    mark: str

    @property
    def changes(self) -> tuple[Write, ...]:
        """Return what would really change in the CRM."""
        return tuple(one for one in self.writes if one.writes)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written, and the fault that ended it early, if one did."""

    written: tuple[Write, ...]
    left: int
    fault: Refusal | None = None


def can_write_back(kind: str) -> bool:
    """Return whether a kind of source can hold targets."""
    return takes_targets(kind) is not None


def allow(name: str, *, allowed: bool, actor: Actor, at: datetime.datetime) -> None:
    """Allow targets to be written to a source, or no longer.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToWriteBackError: If this kind of source holds no target.
    """
    authorise(actor, Act.CONNECT)
    record = named(name)
    if allowed:
        _writer(record)
    with transaction.atomic():
        before, record.writes_back = record.writes_back, allowed
        record.save(update_fields=["writes_back"])
        note(actor, "write_back", "source", name, at=at, before=before, after=allowed)


def plan(workspace: Workspace, name: str, *, actor: Actor, on: datetime.date) -> Plan:
    """Return what would be written to a source on that day; only reads.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToWriteBackError: If this kind of source holds no target.
        SourceError: If what is there cannot be read.
    """
    authorise(actor, Act.CONNECT)
    record = named(name)
    writer = _writer(record)
    targets, left_out = _targets(workspace, record, on=on)
    known = dict(
        WrittenTarget.objects.filter(source=record).values_list("objective", "remote")
    )
    writes = writer.planned(account_of(workspace, record), targets, known)
    return Plan(name, writes, left_out, _mark(writes))


def send(
    workspace: Workspace,
    name: str,
    *,
    mark: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Sent:
    """Write what a plan showed, one after the other; stop at the first fault.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToWriteBackError: If it was not allowed, or what would be written now is
            not what was shown.
        SourceError: If what is there cannot be read.
    """
    found = plan(workspace, name, actor=actor, on=on)
    record = named(name)
    if not record.writes_back:
        raise UnableToWriteBackError(
            "Nothing may be written to {name}: it is only read. To allow it: "
            "jalon sources write-back {name} --allow",
            name=name,
        )
    if found.mark != mark:
        raise UnableToWriteBackError(
            "What would be written to {name} is no longer what was shown: objectives "
            "or the CRM have changed. Look at it again, then send.",
            name=name,
        )
    writer, account = _writer(record), account_of(workspace, record)
    written: list[Write] = []
    for one in found.changes:
        try:
            remote = writer.write(account, one)
        except SourceError as error:
            return Sent(tuple(written), len(found.changes) - len(written), error)
        _keep(record, one, remote, actor=actor, at=at)
        written.append(one)
    return Sent(tuple(written), 0)


def _keep(
    record: ConnectedSource,
    one: Write,
    remote: str,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    kept = {"remote": remote, "values": dict(one.values), "at": at, "by": actor.name}
    with transaction.atomic():
        WrittenTarget.objects.update_or_create(
            source=record, objective=one.target.objective, defaults=kept
        )
        note(
            actor,
            "write_back",
            "objective",
            one.target.objective,
            at=at,
            before=one.before,
            after=one.target.amount,
            source=record.name,
            place=f"{one.place} {remote}",
        )


def _writer(record: ConnectedSource) -> Any:  # noqa: ANN401 - a TakesTargets
    writer = takes_targets(record.kind)
    if writer is None:
        raise UnableToWriteBackError(
            "{name} is only read: targets can be written to HubSpot and Odoo.",
            name=record.name,
        )
    return writer


def _targets(
    workspace: Workspace, record: ConnectedSource, *, on: datetime.date
) -> tuple[list[Target], int]:
    """Return the targets that this source can hold, and how many it cannot."""
    running = [
        one
        for one in objective_rows.load().values()
        if one.state is State.ACTIVE and on < one.period.after
    ]
    own = _own_people(workspace, record.name)
    fitting = sorted(
        (one for one in running if _fits(one, own)), key=lambda one: one.id
    )
    names = owner_names(workspace, on=on) if fitting else {}
    currency = workspace.settings.currency
    found = [
        target
        for one in fitting
        if (target := _target(one, names.get(one.owner, one.owner), currency, on))
    ]
    return found, len(running) - len(found)


def _fits(one: Objective, own: frozenset[str]) -> bool:
    kind, _, person = one.owner.partition(":")
    return (
        one.kpi == WRITTEN_KPI and not one.where and kind == "person" and person in own
    )


def _target(
    one: Objective, name: str, currency: str, on: datetime.date
) -> Target | None:
    amount = target_on(one, on, flow=True)
    if amount is None:
        return None
    return Target(
        objective=one.id,
        title=(one.statement or one.id)[:200],
        person=one.owner.partition(":")[2],
        name=name,
        amount=amount,
        currency=currency,
        first=one.period.first,
        last=one.period.after - datetime.timedelta(days=1),
    )


def _own_people(workspace: Workspace, name: str) -> frozenset[str]:
    """Return the people that this source told of: their keys are its own ids."""
    try:
        reader = Generations(workspace.warehouse).reader()
    except NoGenerationError:
        return frozenset()
    rows = reader.execute(_OWN_PEOPLE, {"prefix": f"{name}/"}).fetchall()
    return frozenset(str(row[0]) for row in rows)


def _mark(writes: tuple[Write, ...]) -> str:
    """Return a digest of what would change: place, id, values, what is there before."""
    told = [
        [
            *(one.target.objective, one.deed, one.place, one.remote, str(one.before)),
            *sorted(map(list, one.values.items())),
        ]
        for one in writes
        if one.writes
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
