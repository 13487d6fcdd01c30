"""Create an objective from the columns of the objectives file, told by a machine.

The same words, the same faults as a file's row; what is there already is not touched.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from jalon.domain.objectives import fields
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.owners import Owner, owners, resolve
from jalon.domain.objectives.reading import read
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.owners import owner_names
from jalon.records import objective_rows
from jalon.usecases.acting import Actor
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace


class ObjectiveThereError(Refusal):
    """An objective has this id already."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            "The objective {wanted} is there already. Choose another id, or re-target "
            "this one.",
            wanted=wanted,
        )


class FaultyObjectiveError(Refusal):
    """The columns have faults: all of them, each with its field and an example."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("This is no objective yet: {count} faults.", count=len(faults))
        self.faults = tuple(faults)


def create_objective(
    workspace: Workspace,
    row: Row,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Objective:
    """Write a new objective and return it.

    Raises:
        FaultyObjectiveError: If a column is missing or wrong; it holds every fault.
        ObjectiveThereError: If its id is taken.
        ForbiddenError: If the actor may not write objectives of that owner.
    """
    reading = read(row, kpis=kpi_values.catalogue(workspace))
    names = owner_names(workspace, on=on).items()
    known = owners(names, company=workspace.settings.company)
    owner = resolve(fields.text(row, "owner"), known) if row.get("owner") else None
    faults = [*reading.faults, *([owner] if isinstance(owner, Fault) else [])]
    if isinstance(owner, Owner) and not owner.known:
        faults.append(Fault("owner", "fault.owner_unknown", owner.owner, "person:12"))
    if faults or not isinstance(owner, Owner) or len(reading.objectives) != 1:
        raise FaultyObjectiveError(faults or [Fault("every", "fault.unknown_column")])
    found = replace(reading.objectives[0], owner=owner.owner)
    parent = found.parent
    if objective_rows.load([found.id]):
        raise ObjectiveThereError(found.id)
    if parent and not objective_rows.load([parent]):
        raise FaultyObjectiveError([Fault("parent", "fault.parent", parent, "T3-ca")])
    (written,) = set_objectives(workspace, (found,), actor=actor, on=on, at=at)
    return written
