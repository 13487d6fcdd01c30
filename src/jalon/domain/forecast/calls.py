"""Calls: what people say a figure will be, apart from any model; how right they were.

Committed is what they count on, best what they hope for if all goes well. Two sides
say it, the owner and who leads them. An error is the distance to the final figure, in
shares of it; the model's landing of the same day is judged on the same calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Side(StrEnum):
    """Who says it."""

    OWNER = "owner"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `landing` is the model's middle that day, None without one."""

    objective: str
    side: Side
    committed: Decimal
    best: Decimal
    landing: Decimal | None
    on: date
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How right a side was over a quarter: on how many calls, how far, which way.

    `error` is the mean distance, `lean` the mean signed one (above 0: too hopeful),
    `held` the share of calls whose committed figure was reached. `model` is the mean
    distance of the landings of the same days.
    """

    side: Side
    quarter: tuple[int, int]
    calls: int
    error: Decimal
    lean: Decimal
    held: Decimal
    model: Decimal | None


class UnableToCallError(ValueError):
    """A call that says nothing possible; `reason` is its code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(call: Call) -> Call:
    """Return the call.

    Raises:
        UnableToCallError: If a figure is negative, or the best is below the committed.
    """
    if call.committed < ZERO:
        raise UnableToCallError("call.negative")
    if call.best < call.committed:
        raise UnableToCallError("call.best_below")
    return call


def latest(calls: Iterable[Call]) -> dict[tuple[str, Side], Call]:
    """Return the last call of each side on each objective."""
    return {(one.objective, one.side): one for one in sorted(calls, key=_when)}


def accuracy(calls: Iterable[Call], finals: dict[str, Decimal]) -> tuple[Accuracy, ...]:
    """Return each side's accuracy by quarter of the call, on objectives that ended.

    `finals` are the final figures by objective; those at 0 have no share and are left.
    """
    groups: dict[tuple[tuple[int, int], Side], list[Call]] = {}
    for one in calls:
        if finals.get(one.objective):
            quarter = (one.on.year, (one.on.month - 1) // 3 + 1)
            groups.setdefault((quarter, one.side), []).append(one)
    return tuple(
        _accuracy(side, quarter, some, finals)
        for (quarter, side), some in sorted(groups.items())
    )


def _accuracy(
    side: Side, quarter: tuple[int, int], calls: list[Call], finals: dict[str, Decimal]
) -> Accuracy:
    errors = [_off(one.committed, finals[one.objective]) for one in calls]
    models = [
        abs(_off(one.landing, finals[one.objective]))
        for one in calls
        if one.landing is not None
    ]
    held = sum(finals[one.objective] >= one.committed for one in calls)
    return Accuracy(
        side=side,
        quarter=quarter,
        calls=len(calls),
        error=_mean([abs(one) for one in errors]),
        lean=_mean(errors),
        held=Decimal(held) / len(calls),
        model=_mean(models) if models else None,
    )


def _off(said: Decimal, final: Decimal) -> Decimal:
    return (said - final) / abs(final)


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)


def _when(call: Call) -> date:
    return call.on
