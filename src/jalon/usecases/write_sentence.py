"""Set the objective a sentence says, for somebody, and evaluate it at once."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_noop as noop

from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.domain.smart.drafting import objective_of
from jalon.domain.smart.folds import slug
from jalon.domain.smart.reading import Reading
from jalon.queries import kpi_values
from jalon.queries.smart_evidence import conditions, engine_kpi
from jalon.records import objective_rows
from jalon.usecases.acting import Actor
from jalon.usecases.evaluate import evaluate
from jalon.usecases.write_objective import write_objective
from jalon.workspace.folder import Workspace

_NOT_SMART = noop(
    "This sentence sets no objective yet: it needs a KPI, a figure and a deadline, "
    "e.g. “Increase revenue by 10% by the end of the quarter”."
)
_PAST = noop("This period is already over. Take the running quarter or a later one.")
_UNKNOWN = noop("This figure is not in the catalogue. Define it as a KPI first.")


class UnableToWriteError(Refusal):
    """The sentence cannot become an objective: why, and what was expected."""


def write_sentence(  # noqa: PLR0913 - a sentence, for whom, by whom, when, and why
    workspace: Workspace,
    reading: Reading,
    *,
    owner: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    overrule: str = "",
    model: str = "",
) -> Objective:
    """Write the objective of a sentence and return it.

    Whoever may decide for the owner sets it; else it is proposed.

    Raises:
        UnableToWriteError: If the sentence is not SMART or its period is over.
        ForbiddenError: If the actor may not.
        OneTooManyError: If it is one too many and `overrule` gives no reason.
    """
    if not reading.smart:
        raise UnableToWriteError(_NOT_SMART)
    catalogue = kpi_values.catalogue(workspace)
    key = engine_kpi(reading)
    if key not in catalogue:
        raise UnableToWriteError(_UNKNOWN)
    decides = may(actor.viewer, Act.DECIDE, subject=Subject(owner))
    wanted = objective_of(
        reading,
        catalogue[key],
        id=_identifier(reading, owner),
        owner=owner,
        on=on,
        first_month=workspace.settings.fiscal_first_month,
        week_start=workspace.settings.first_weekday,
        where=conditions(workspace, reading.filters),
        state=State.ACTIVE if decides else State.PROPOSED,
        model=model,
    )
    if wanted is None:
        raise UnableToWriteError(_PAST)
    done = write_objective(
        workspace, wanted, actor=actor, on=on, at=at, overrule=overrule
    )
    evaluate(workspace, on=on, ids=[done.id])
    return done


def _identifier(reading: Reading, owner: str) -> str:
    """Return a legible name nothing else bears: the KPI, whose, and a rank."""
    stem = slug(f"{reading.kpi}-{owner.partition(':')[2] or owner}")
    taken = {name for name in objective_rows.load() if name.startswith(stem)}
    rank = 1
    while f"{stem}-{rank}" in taken:
        rank += 1
    return f"{stem}-{rank}"
