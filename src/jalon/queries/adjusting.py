"""The evidence a re-target starts from: figures and field, gathered in one place.

`because` names another objective the evidence comes from: a conversion that falls may
ask for fewer meetings and better ones, and it is the meetings' target that moves.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.gaps.slices import Slice
from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.adjusting import Evidence, Proposal, proposed
from jalon.queries.board import lines
from jalon.queries.gap_analysis import Gap
from jalon.queries.gap_page import gap_of
from jalon.queries.pages import Line
from jalon.queries.retargets import CLOSED
from jalon.queries.themes_page import Beside, beside
from jalon.workspace.folder import Workspace


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
        """Return the slices the loss lies in."""
        return self.gap.suspects[:2] if self.gap else ()


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
        others=tuple(
            one
            for one in every.values()
            if one.id != line.id
            and one.is_running(on)
            and one.state not in CLOSED
            and one.kpi != line.kpi
            and (one.owner == line.owner or one.parent in {line.id, line.parent})
            and may(viewer, Act.DECIDE, subject=Subject(one.owner))
        )[:6],
    )


def _gap(workspace: Workspace, line: Line, on: datetime.date) -> Gap | None:
    against = "target" if line.target is not None else "N-1"
    try:
        return gap_of(workspace, line, against=against, cut=False, on=on)
    except Refusal:
        return None
