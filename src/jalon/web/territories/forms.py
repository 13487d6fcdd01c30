"""What a distribution is asked to be, as its form says it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from jalon.domain.people.permission import COMPANY
from jalon.domain.refusals import Refusal
from jalon.queries.territories import Asked
from jalon.usecases.territories import Decision
from jalon.web.planning.numbers import amount

_CAP = "{found} is no number of moves. Expected a whole number from 0 on, e.g. 50."
_NO_DAY = "{found} is no date. Expected e.g. 2026-07-01."
REGION = "region/"
FIELDS = ("scope", "title", "moves", "tolerance", "lock_open")


def read(data: Mapping[str, str], locks: frozenset[str], scope: str = "") -> Asked:
    """Return what is asked; the scope given stands, else the form's.

    Raises:
        Refusal: If a number cannot be read.
    """
    cap = data.get("moves", "").strip()
    if cap and not (cap.isascii() and cap.isdecimal()):
        raise Refusal(_CAP, found=cap)
    tolerance = data.get("tolerance", "").strip().rstrip("%")
    return Asked(
        scope=scope or data.get("scope", COMPANY),
        most_moves=int(cap) if cap else None,
        tolerance=float(amount(tolerance)) / 100 if tolerance else 0.05,
        locks=locks,
        lock_open="lock_open" in data,
        regions={
            name.removeprefix(REGION): value
            for name, value in data.items()
            if name.startswith(REGION)
        },
    )


def read_decision(data: Mapping[str, str], *, on: datetime.date) -> Decision:
    """Return the decision: today's where no day is told.

    Raises:
        Refusal: If the day is none.
    """
    told = data.get("effective_on", "").strip()
    try:
        day = datetime.date.fromisoformat(told) if told else on
    except ValueError as error:
        raise Refusal(_NO_DAY, found=told) from error
    return Decision(day, data.get("reason", ""))
