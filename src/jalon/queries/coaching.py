"""A person's funnel beside their own past and their team's, for the two who read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from jalon.domain.gaps.coaching import Step, steps, where_help_pays
from jalon.domain.gaps.shares import Share
from jalon.domain.gaps.stages import closings, funnel
from jalon.queries.deal_lives import deal_lives
from jalon.queries.funnel_page import DEFAULT, people_of, window
from jalon.queries.organisation import organisation
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class Coaching:
    """What the two talk about; `team` is without the person."""

    person_id: str
    name: str
    team_name: str
    others: int
    closed: Share
    closed_before: Share
    closed_team: Share
    steps: tuple[Step, ...]
    help_first: Step | None


def coaching(
    workspace: Workspace, person_id: str, *, on: datetime.date
) -> Coaching | None:
    """Return a person's coaching page; None where nobody is called so.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    people = organisation(workspace, on=on)
    known = people.person.get(person_id)
    if known is None:
        return None
    team = people.team_of(person_id, on)
    mates = people_of(people, f"team:{team}" if team else "company", on)
    everybody = frozenset(people.person) if mates is None else mates
    found = deal_lives(workspace, on=on)
    own = found.lives.only(found.of(frozenset({person_id})))
    others = everybody - {person_id}
    theirs = found.lives.only(found.of(others))
    former, since, asof = window(DEFAULT, on)
    closed = closings(own, since=since, asof=asof)
    told = steps(
        funnel(own, since=since, asof=asof),
        funnel(own, since=former, asof=since),
        funnel(theirs, since=since, asof=asof),
        won=closed.won,
    )
    return Coaching(
        person_id=person_id,
        name=known.name,
        team_name=people.team[team].name if team and team in people.team else "",
        others=len(others),
        closed=closed,
        closed_before=closings(own, since=former, asof=since),
        closed_team=closings(theirs, since=since, asof=asof),
        steps=told,
        help_first=where_help_pays(told),
    )
