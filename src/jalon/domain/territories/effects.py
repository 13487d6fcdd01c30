"""What a move changes in targets: the part still asked goes with the potential.

Somebody whose target asks for `left` more from now on, and who holds a potential P,
gives `left` x p / P with an account of potential p; who receives it carries just that
much more. Nothing is lost: changes add up to zero. Amounts are in the KPI's unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.territories.assign import Move, Territory

ZERO, CENT = Decimal(0), Decimal("0.01")
GIVEN, NO_TARGET, NO_POTENTIAL = "given", "no_target", "no_potential"


@dataclass(frozen=True, slots=True)
class Followed:
    """A move with the target that goes with it, or why there is none."""

    move: Move
    amount: Decimal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """Each move's part of a target, and what each person's target gains or loses."""

    moves: tuple[Followed, ...]
    changes: Mapping[str, Decimal]


def effects(
    moves: Sequence[Move],
    before: Mapping[str, Territory],
    left: Mapping[str, Decimal],
    *,
    step: Decimal = CENT,
) -> Effects:
    """Return what moves change in targets, to the `step`.

    `left` says what each one's target still asks for; who is not in it has no target.
    An account nobody held brings no target along.
    """
    found = tuple(_followed(move, before, left, step) for move in moves)
    changes: dict[str, Decimal] = {}
    for one in found:
        if one.amount:
            former, new = one.move.former, one.move.new
            changes[former] = changes.get(former, ZERO) - one.amount
            changes[new] = changes.get(new, ZERO) + one.amount
    return Effects(found, changes)


def _followed(
    move: Move,
    before: Mapping[str, Territory],
    left: Mapping[str, Decimal],
    step: Decimal,
) -> Followed:
    if move.given:
        return Followed(move, None, GIVEN)
    if move.former not in left:
        return Followed(move, None, NO_TARGET)
    held = before[move.former].potential
    if held <= 0:
        return Followed(move, None, NO_POTENTIAL)
    share = Decimal(str(move.potential)) / Decimal(str(held))
    asked = max(left[move.former], ZERO)
    return Followed(move, (asked * share / step).quantize(Decimal(1)) * step)
