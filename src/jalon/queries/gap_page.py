"""The gap of an objective, explained once per snapshot and kept.

Against the target, a running figure that adds up is compared with what its path expects
to date: a year's target says nothing of a gap in its third month.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.gap_analysis import AGAINST, PRICES, SOLD, SPLITS, Gap, explain_gap
from jalon.queries.pages import Line
from jalon.queries.snapshots import snapshot
from jalon.workspace.folder import Workspace

TARGET = AGAINST[0]
MOST = 256  # gaps kept
_BELOW = {"company": ("team",), "team": ("person",), "person": ()}
_kept: dict[tuple[object, ...], Gap] = {}


def gap_of(
    workspace: Workspace,
    line: Line,
    *,
    against: str,
    cut: bool,
    on: date,
    split: str = SPLITS[0],
) -> Gap:
    """Return the gap of an objective; `cut` by the level right below its owner's.

    Raises:
        Refusal: If the period has not begun, or one side has no value.
    """
    target = reference(line) if against == TARGET else None
    level, _, key = line.owner.partition(":")
    by = _BELOW[level] if cut else ()
    where = (*line.where, *([f"{level}={key}"] if key else []))
    question = Question(line.kpi, Period(line.first, line.after), by, where)
    name = snapshot(workspace).name
    known = (str(workspace.folder), name, question, against, target, on, split)
    if known not in _kept:
        found = explain_gap(
            workspace, question, against=against, on=on, target=target, split=split
        )
        while len(_kept) >= MOST:
            _kept.pop(next(iter(_kept)))
        _kept[known] = found
    return _kept[known]


def splits(workspace: Workspace, line: Line) -> tuple[str, ...]:
    """Return into what the gap of an objective can be split."""
    if line.kpi != SOLD:
        return SPLITS[:1]
    basis = kpi_values.basis_of(workspace, snapshot(workspace))
    return SPLITS if basis == "orders" else tuple(set(SPLITS) - {PRICES})


def reference(line: Line) -> Decimal | None:
    """Return what the target asks to date."""
    return line.target if line.expected is None else line.expected
