"""A re-target proposed from evidence: a target the figures can bear, told to people.

The proposal is the landing the forecast holds for even odds, never below what is done
and never easier than it needs to be; effort already made is credited. Where the odds of
the present target are even or better, nothing is proposed: a target is not moved for
comfort. What is told is codes; sentences are elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

EVEN = Decimal("0.5")
FIGURES = 2  # significant figures kept of an amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of an objective on a day; figures in its KPI's unit."""

    target: Decimal
    actual: Decimal | None
    landing: tuple[Decimal, Decimal, Decimal] | None
    probability: Decimal | None
    unit: str
    direction: str = "up"
    flow: bool = True
    drivers: tuple[tuple[str, Decimal], ...] = ()
    classes: tuple[tuple[str, int, int], ...] = ()
    rising: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A target to consider: the figure, what is credited, and why, as codes.

    `why` names the reason a re-target is written with; `lever` is the driver that
    weighs most, `heard` the class of objections said most.
    """

    target: Decimal | None
    credited: Decimal | None
    refused: str
    why: str
    lever: str
    heard: str


MARKET = frozenset({"competitor", "budget", "timing", "price"})


def proposed(found: Evidence) -> Proposal:
    """Return the proposal; `refused` says why there is no figure, "" where there is."""
    heard = found.classes[0][0] if found.classes else ""
    lever = _heaviest(found.drivers, down=found.direction == "down")
    target, refused = _target(found)
    done = found.actual if found.flow and found.actual and found.actual > 0 else None
    return Proposal(
        target=target,
        credited=done if target is not None else None,
        refused=refused,
        why="market" if heard in MARKET or not heard else "product",
        lever=lever,
        heard=heard,
    )


def _target(found: Evidence) -> tuple[Decimal | None, str]:
    if found.probability is not None and found.probability >= EVEN:
        return None, "adjust.holds"
    if found.landing is None:
        return None, "adjust.no_landing"
    middle = rounded(found.landing[1], found.unit)
    down = found.direction == "down"
    easier = middle > found.target if down else middle < found.target
    if not easier:
        return None, "adjust.holds"
    if found.flow and found.actual is not None and middle <= found.actual:
        return None, "adjust.done"
    return middle, ""


def rounded(value: Decimal, unit: str) -> Decimal:
    """Return a figure somebody would write: half points, whole deals, two figures."""
    if unit in {"share", "percent"}:
        step = Decimal("0.005")
    elif unit in {"count", "day"}:
        step = Decimal(1)
    elif unit == "money":
        step = (
            Decimal(10) ** max(value.adjusted() - FIGURES, 0) if value else Decimal(1)
        )
    else:
        step = Decimal("0.1")
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _heaviest(drivers: Sequence[tuple[str, Decimal]], *, down: bool) -> str:
    """Return the driver that takes most from the figure, ambition aside."""
    bad = [
        (abs(amount), name)
        for name, amount in drivers
        if name != "ambition" and (amount > 0 if down else amount < 0)
    ]
    return max(bad)[1] if bad else ""
