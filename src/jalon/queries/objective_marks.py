"""The mark of an objective as it is defined: another as soon as anything is changed.

Figures that move by themselves do not change it; a new target, an action ticked, a
state, a word of the statement do.
"""

from __future__ import annotations

from hashlib import sha256

from jalon.domain.objectives.objective import Objective
from jalon.records import objective_rows

ANY = "*"
LENGTH = 16


def mark(objective: Objective) -> str:
    """Return the mark of an objective."""
    return sha256(repr(objective).encode()).hexdigest()[:LENGTH]


def mark_of(wanted: str) -> str:
    """Return the mark of an objective there is, "" for none."""
    found = objective_rows.load([wanted])
    return mark(found[wanted]) if wanted in found else ""
