"""Alerts: said when a state changes, and only then; armed again by the next change.

An alert is about one subject: an objective, whose state is how likely its target is
(`states`), or an owner, whose funnel has left its usual path or is back on it. What was
last said about a subject is what the next reading is compared with, so that nothing is
said twice and nothing of the past is said again when history is read anew.

The level is one that can work. A person's figures of fewer than three events a week
tell nothing by the week: such an objective is carried by the nearest objective above it
on the same KPI, of a team or of the company, which is watched in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jalon.domain.drift.states import State, settled
from jalon.domain.drift.watch import FEWEST_A_WEEK
from jalon.domain.objectives.objective import Objective

OBJECTIVE, DRIFT = "objective:", "drift:"
LEFT, BACK = "left", "back"
GRAVITY = {State.GREEN: 0, State.AMBER: 1, State.RED: 2, BACK: 0, LEFT: 2}


class Change(StrEnum):
    """Which way a state went."""

    WORSENING = "worsening"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One change of state of a subject: "objective:<id>" or "drift:<owner>".

    `since` is the day the state dates from, `fired_on` the day it was believed.
    """

    about: str
    owner: str
    state: str
    former: str
    since: date
    fired_on: date

    @property
    def change(self) -> Change:
        """Return whether it got worse or better."""
        worse = GRAVITY[self.state] > GRAVITY[self.former]
        return Change.WORSENING if worse else Change.RECOVERING


@dataclass(frozen=True, slots=True)
class Said:
    """The last word on a subject, and the day it was said."""

    state: str
    on: date


def of_objective(
    objective: Objective,
    readings: Sequence[tuple[date, float]],
    *,
    said: Said | None,
    on: date,
) -> Alert | None:
    """Return the alert of an objective whose state has changed since the last word.

    `readings` are probabilities by day, oldest first, up to `on`. An objective about
    which nothing was said yet is held to be likely.
    """
    found = settled(readings)
    former = said.state if said else State.GREEN.value
    late = said is not None and said.on >= on
    if found is None or late or found.state == former:
        return None
    return Alert(
        about=f"{OBJECTIVE}{objective.id}",
        owner=objective.owner,
        state=found.state.value,
        former=former,
        since=found.since,
        fired_on=on,
    )


def of_owner(
    owner: str, *, left_on: date | None, said: Said | None, on: date
) -> Alert | None:
    """Return the alert of an owner who left the path on that day, or came back to it.

    `left_on` is None for who is on the path.
    """
    state = BACK if left_on is None else LEFT
    former = said.state if said else BACK
    late = said is not None and said.on >= on
    if late or state == former:
        return None
    return Alert(
        about=f"{DRIFT}{owner}",
        owner=owner,
        state=state,
        former=former,
        since=left_on or on,
        fired_on=on,
    )


def carriers(
    objectives: Mapping[str, Objective], often: Mapping[str, bool]
) -> dict[str, str]:
    """Return by objective too rare to be watched the one above that carries it.

    `often` says of each objective whether enough happens each week. One without any
    carrier above is watched itself: better late than never.
    """
    found = {}
    for one in objectives.values():
        if not one.owner.startswith("person:") or often.get(one.id, False):
            continue
        above = _above(one, objectives)
        if above is not None:
            found[one.id] = above.id
    return found


def often_enough(events: Decimal | float, weeks: float) -> bool:
    """Return whether so many events in so many weeks tell something by the week."""
    return weeks > 0 and float(events) / weeks >= FEWEST_A_WEEK


def _above(one: Objective, objectives: Mapping[str, Objective]) -> Objective | None:
    seen = {one.id}
    above = objectives.get(one.parent)
    while above is not None and above.id not in seen:
        seen.add(above.id)
        if above.kpi == one.kpi and not above.owner.startswith("person:"):
            return above
        above = objectives.get(above.parent)
    return None
