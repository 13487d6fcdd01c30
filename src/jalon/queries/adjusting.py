"""The evidence a re-target starts from: figures and field, gathered in one place.

`because` names another objective the evidence comes from: a conversion that falls may
ask for fewer meetings and better ones, and it is the meetings' target that moves.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.gaps.slices import Slice
from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.adjusting import Evidence, Proposal, proposed
from jalon.queries.board import lines
from jalon.queries.funnel_page import people_of
from jalon.queries.gap_analysis import Gap
from jalon.queries.gap_page import gap_of
from jalon.queries.organisation import organisation
from jalon.queries.pages import Line
from jalon.queries.retargets import CLOSED
from jalon.queries.snapshots import NoDataError
from jalon.queries.themes_page import Beside, beside
from jalon.workspace.folder import Workspace

ALIKE, MOST = 2, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusting:
    """What is known, what is proposed, and what else could move.

    `line` is the objective that would change, `because` the one that says why.
    """

    line: Line
    because: Line
    gap: Gap | None
    field: Beside
    proposal: Proposal
    others: tuple[Line, ...]

    @property
    def suspects(self) -> tuple[Slice, ...]:
        """Return the slices the loss lies in; a person is never one."""
        found = self.gap.suspects if self.gap else ()
        return tuple(one for one in found if "person" not in dict(one.keys))[:2]


def adjusting(
    workspace: Workspace,
    viewer: Viewer,
    line: Line,
    *,
    because: str,
    on: datetime.date,
) -> Adjusting:
    """Return the evidence for changing an objective's target."""
    every = {one.id: one for one in lines(workspace, on=on)}
    why = every.get(because, line)
    if not may(viewer, Act.DECIDE, subject=Subject(why.owner)):
        why = line
    gap = _gap(workspace, why, on)
    heard = beside(workspace, viewer, why.id, why.owner, on=on)
    found = Evidence(
        target=line.target or Decimal(0),
        actual=line.actual,
        landing=line.landing,
        probability=line.probability,
        unit=line.unit,
        direction=line.direction,
        flow=line.flow,
        drivers=tuple((one.driver, Decimal(str(one.amount))) for one in gap.effects)
        if gap
        else (),
        classes=heard.heard.classes if heard.heard else (),
        rising=tuple(one.term for one in heard.heard.rising) if heard.heard else (),
    )
    return Adjusting(
        line=line,
        because=why,
        gap=gap,
        field=heard,
        proposal=proposed(found),
        others=_others(workspace, viewer, line, every.values(), on=on),
    )


def _others(
    workspace: Workspace,
    viewer: Viewer,
    line: Line,
    every: Iterable[Line],
    *,
    on: datetime.date,
) -> tuple[Line, ...]:
    """Return other running objectives of the owner, then of their people, by KPI."""
    try:
        people = people_of(organisation(workspace, on=on), line.owner, on)
    except NoDataError:
        people = frozenset()
    under = None if people is None else {f"person:{one}" for one in people}
    found = [
        one
        for one in every
        if one.is_running(on)
        and one.state not in CLOSED
        and one.kpi != line.kpi
        and (one.owner == line.owner or under is None or one.owner in under)
        and may(viewer, Act.DECIDE, subject=Subject(one.owner))
    ]
    found.sort(key=lambda one: (one.owner != line.owner, one.owner_name, one.id))
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        seen[one.kpi] += 1
        if one.owner == line.owner or seen[one.kpi] <= ALIKE:
            kept.append(one)
    return tuple(kept[:MOST])


def _gap(workspace: Workspace, line: Line, on: datetime.date) -> Gap | None:
    against = "target" if line.target is not None else "N-1"
    try:
        return gap_of(workspace, line, against=against, cut=False, on=on)
    except Refusal:
        return None
