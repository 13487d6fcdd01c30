"""What was known when a target was signed, and the relief given to somebody.

Realism is judged by what was kept at the time: the last evaluation up to the day of
signing, its landing and its probability. What was not kept then is not made up later.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.people.roster import RAMP_DAYS, Absence
from jalon.domain.periods import Period
from jalon.records.evaluations import Evaluation
from jalon.records.objective_rows import plain
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import held
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The day a target was signed, and the forecast that was kept up to that day."""

    on: datetime.date
    evaluated_on: datetime.date | None = None
    landing: tuple[Decimal, Decimal, Decimal] | None = None
    probability: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Why somebody is expected less over a period: absences, ramp, part-time."""

    absences: tuple[Absence, ...] = ()
    ramps_until: datetime.date | None = None
    capacity: Decimal | None = None

    @property
    def is_none(self) -> bool:
        """Return whether nothing relieves them."""
        full = self.capacity is None or self.capacity >= 1
        return full and self.ramps_until is None and not self.absences


def signings(signed: Mapping[str, datetime.date]) -> dict[str, Signing]:
    """Return what was known of each objective on the day it was signed."""
    found = {name: Signing(on=day) for name, day in signed.items()}
    rows = Evaluation.objects.filter(objective_id__in=tuple(signed))
    for row in rows.order_by("on", "id").values_list(
        "objective_id", "on", "landing_p10", "landing_p50", "landing_p90", "probability"
    ):
        name, day, *landing, probability = row
        if day > signed[name]:
            continue
        known = tuple(one for one in map(plain, landing) if one is not None)
        found[name] = Signing(
            on=signed[name],
            evaluated_on=day,
            landing=(known[0], known[1], known[2]) if len(known) == 3 else None,  # noqa: PLR2004 - the three of a landing
            probability=plain(probability),
        )
    return found


def relief(workspace: Workspace, owner: str, period: Period) -> Relief:
    """Return what relieves somebody over a period; nobody known is not relieved."""
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    roster = held(generations)
    key = owner.partition(":")[2]
    person = roster.people.get(key)
    if person is None:
        return Relief()
    ramp = RAMP_DAYS if person.ramp_days is None else person.ramp_days
    began = person.started_on
    settled = began + datetime.timedelta(ramp) if began else None
    return Relief(
        absences=tuple(
            one
            for one in roster.away(key)
            if one.first < period.after
            and (one.after is None or one.after > period.first)
        ),
        ramps_until=settled if settled and settled > period.first else None,
        capacity=person.capacity,
    )
