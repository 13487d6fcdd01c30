"""What moves change in targets: the part still asked follows the potential."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.territories.assign import Move, Territory
from jalon.domain.territories.effects import effects


def _held(potential: float) -> Territory:
    return Territory(accounts=1, potential=potential, workload=1, distance=0)


def test_a_quarter_of_the_potential_takes_a_quarter_of_what_is_left() -> None:
    """Anna holds 400 of potential and has 12 000 left to do: 100 takes 3 000."""
    found = effects(
        [Move("acme", "anna", "ben", 100.0)],
        {"anna": _held(400), "ben": _held(0)},
        {"anna": Decimal(12000), "ben": Decimal(5000)},
    )
    assert found.moves[0].amount == Decimal(3000)
    assert found.changes == {"anna": Decimal(-3000), "ben": Decimal(3000)}


def test_an_account_nobody_held_brings_no_target() -> None:
    found = effects([Move("acme", "", "ben", 100.0, given=True)], {}, {})
    assert (found.moves[0].amount, found.moves[0].reason) == (None, "given")
    assert found.changes == {}


def test_without_a_target_or_a_potential_there_is_no_value_and_why() -> None:
    moves = [Move("acme", "anna", "ben", 0.0), Move("bolt", "zoe", "ben", 5.0)]
    before = {"anna": _held(0), "zoe": _held(5), "ben": _held(0)}
    found = effects(moves, before, {"anna": Decimal(100)})
    assert [one.reason for one in found.moves] == ["no_potential", "no_target"]
    assert all(one.amount is None for one in found.moves)


def test_a_target_already_exceeded_leaves_nothing_to_follow() -> None:
    found = effects(
        [Move("acme", "anna", "ben", 1.0)],
        {"anna": _held(2), "ben": _held(0)},
        {"anna": Decimal(-50)},
    )
    assert found.moves[0].amount == 0


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=20), st.integers(0, 10**9))
def test_what_leaves_somebody_arrives_with_somebody_else(
    potentials: list[float], left: int
) -> None:
    moves = [
        Move(str(rank), "anna", "ben" if rank % 2 else "cleo", potential)
        for rank, potential in enumerate(potentials)
    ]
    found = effects(moves, {"anna": _held(sum(potentials))}, {"anna": Decimal(left)})
    assert sum(found.changes.values()) == 0
    assert abs(found.changes.get("anna", Decimal(0)) + left) <= Decimal("0.11")
