"""Revising a target: a new one from a day on, for a reason of the list.

`effort_credited` is what had been done under the former target and is counted as done.
"""

from __future__ import annotations

from dataclasses import replace

from jalon.domain.objectives.objective import Objective, Revision
from jalon.domain.refusals import Refusal

REASONS = (
    "market",  # demand moved
    "territory",  # accounts or area changed hands
    "organisation",  # the team changed
    "absence",  # leave, ramp
    "product",  # offer or price changed
    "strategy",  # priorities changed
    "correction",  # the figure was wrong
    "import",  # a file said so
    "other",
)


class UnableToRetargetError(Refusal):
    """The target cannot be changed, and why."""

    def __init__(self, objective: str, reason: Refusal) -> None:
        super().__init__(
            "The target of {objective} cannot change: {reason}",
            objective=objective,
            reason=reason,
        )


def revised(objective: Objective, revision: Revision) -> Objective:
    """Return the objective with one more revision; `former` is its target until then.

    Raises:
        UnableToRetargetError: If it is closed, the day is outside its period or before
            the last revision, or the reason is not of the list.
    """
    refusal = _refusal(objective, revision)
    if refusal:
        raise UnableToRetargetError(objective.id, refusal)
    dated = replace(revision, former=objective.target)
    return replace(objective, revisions=(*objective.revisions, dated))


def _refusal(objective: Objective, revision: Revision) -> Refusal | None:
    period = objective.period
    if objective.is_closed:
        return Refusal(
            "it is closed ({state}), its figures are frozen.",
            state=Refusal(f"state.{objective.state}"),
        )
    if not period.first <= revision.effective_on < period.after:
        return Refusal(
            "expected a day from {first} to before {after}.",
            first=period.first,
            after=period.after,
        )
    if objective.revisions and revision.effective_on < (
        last := objective.revisions[-1].effective_on
    ):
        return Refusal("expected a day from its last change on, {last}.", last=last)
    if revision.reason not in REASONS:
        return Refusal("expected a reason among {known}.", known=", ".join(REASONS))
    return None
