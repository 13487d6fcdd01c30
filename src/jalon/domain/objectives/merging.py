"""What a file changes of an objective already there; a target is never overwritten.

A cell left out of the file keeps what is there. Another target than the original and
the last one becomes a revision from the day of the import on. The same file twice
changes nothing, even after a re-target made elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet
from dataclasses import replace

from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.objective import BaselineRule, Objective, Revision

KEPT_WHEN_LEFT_OUT = {
    "state": ("state",),
    "actions": ("actions",),
    "revisions": ("revisions",),
    "closed_on": ("closed_on",),
    "closed_snapshot": ("closed_snapshot",),
    "statement": ("statement",),
    "parent": ("parent",),
    "model": ("model",),
    "levels": ("levels",),
    "assessments": ("assessments",),
    "overruled": ("overruled",),
}


def merged(
    former: Objective,
    new: Objective,
    *,
    written: AbstractSet[str],
    on: datetime.date,
) -> Objective | Fault:
    """Return the objective after the import; the same as `former` when nothing moves.

    `written` names the cells that hold something in the file.
    """
    kept = {
        name: getattr(former, name)
        for cell, names in KEPT_WHEN_LEFT_OUT.items()
        if cell not in written
        for name in names
    }
    found = _with_baseline(former, replace(new, **kept), written)
    if "revisions" not in written:
        found = _with_target(former, found, on=on)
    if found != former and former.is_closed:
        details = {"state": former.state.value, "day": str(former.closed_on or "")}
        return Fault("id", "fault.closed", former.id, "", details)
    return found


def _with_baseline(
    former: Objective, new: Objective, written: AbstractSet[str]
) -> Objective:
    measured = new.baseline_rule not in {BaselineRule.NONE, BaselineRule.NUMBER}
    if not measured or new.baseline_rule is not former.baseline_rule:
        return new
    if "baseline_value" not in written:
        new = replace(
            new,
            baseline=former.baseline,
            baseline_snapshot=former.baseline_snapshot,
        )
    if new.original_target is None and new.change == former.change:
        new = replace(new, original_target=former.original_target)
    return new


def _with_target(former: Objective, new: Objective, *, on: datetime.date) -> Objective:
    target = new.original_target
    if target == former.original_target:
        return new
    kept = replace(new, original_target=former.original_target, plan=former.plan)
    if target is None or target == former.target:
        return kept
    period = new.period
    last = period.after - datetime.timedelta(days=1)
    revision = Revision(
        former=former.target,
        new=target,
        effective_on=min(max(on, period.first), last),
        reason="import",
    )
    return replace(kept, revisions=(*former.revisions, revision))
