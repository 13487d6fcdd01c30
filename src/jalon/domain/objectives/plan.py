"""The plan of actions of an objective: what will be done, by whom, until when.

An action says the lever it moves and the effect expected; done, it says when, by whom
and what it gave. Lines are numbered from 0, and whoever changes one names its text, so
that a plan changed meanwhile is never changed by mistake.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from jalon.domain.objectives.objective import Action, Objective

SOON_DAYS = 14


class UnableToActError(Exception):
    """The plan cannot be changed so, for the reason given as a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def planned(objective: Objective, action: Action) -> Objective:
    """Return the objective with one more action, still to do.

    Raises:
        UnableToActError: If it says nothing, or the objective is closed.
    """
    _open(objective)
    told = _told(action)
    fresh = replace(told, done=False, done_on=None, done_by="", result="")
    return replace(objective, actions=(*objective.actions, fresh))


def rewritten(
    objective: Objective, rank: int, action: Action, *, known: str
) -> Objective:
    """Return the objective with a line written anew; what it gave is kept.

    Raises:
        UnableToActError: If the line is another by now, or the objective is closed.
    """
    _open(objective)
    former = _line(objective, rank, known)
    kept = replace(
        _told(action),
        done=former.done,
        done_on=former.done_on,
        done_by=former.done_by,
        result=former.result,
    )
    return _with(objective, rank, kept)


def finished(
    objective: Objective,
    rank: int,
    *,
    known: str,
    on: datetime.date,
    by: str,
    result: str,
) -> Objective:
    """Return the objective with a line done, dated, signed, and what it gave.

    Raises:
        UnableToActError: If the line is another by now, or is done already.
    """
    former = _line(objective, rank, known)
    if former.done:
        raise UnableToActError("action.done_already")
    done = replace(former, done=True, done_on=on, done_by=by, result=result.strip())
    return _with(objective, rank, done)


def reopened(objective: Objective, rank: int, *, known: str) -> Objective:
    """Return the objective with a line to do again.

    Raises:
        UnableToActError: If the line is another by now, or the objective is closed.
    """
    _open(objective)
    former = _line(objective, rank, known)
    again = replace(former, done=False, done_on=None, done_by="", result="")
    return _with(objective, rank, again)


def dropped(objective: Objective, rank: int, *, known: str) -> Objective:
    """Return the objective without a line; the audit keeps what it said.

    Raises:
        UnableToActError: If the line is another by now, or the objective is closed.
    """
    _open(objective)
    _line(objective, rank, known)
    rest = (*objective.actions[:rank], *objective.actions[rank + 1 :])
    return replace(objective, actions=rest)


def is_late(action: Action, *, on: datetime.date) -> bool:
    """Return whether an action should have been done before that day."""
    return not action.done and action.due is not None and action.due < on


def _open(objective: Objective) -> None:
    if objective.is_closed:
        raise UnableToActError("action.closed")


def _told(action: Action) -> Action:
    if not action.action.strip():
        raise UnableToActError("action.says_nothing")
    return replace(action, action=action.action.strip())


def _line(objective: Objective, rank: int, known: str) -> Action:
    lines = objective.actions
    if not 0 <= rank < len(lines) or lines[rank].action != known:
        raise UnableToActError("action.changed_meanwhile")
    return lines[rank]


def _with(objective: Objective, rank: int, action: Action) -> Objective:
    lines = (*objective.actions[:rank], action, *objective.actions[rank + 1 :])
    return replace(objective, actions=lines)
