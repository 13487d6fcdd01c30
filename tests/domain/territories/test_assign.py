"""Territories: balanced, near, few moves, locked kept; beside every assignment tried."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from jalon.domain.refusals import Refusal
from jalon.domain.territories.assign import assigned
from jalon.domain.territories.programme import Columns, Loads, solved
from jalon.domain.territories.wishes import Account, Person, Weights, Wishes

ANNA, BEN = Person("anna"), Person("ben")


def test_what_is_balanced_already_does_not_move() -> None:
    accounts = [
        Account(str(rank), "anna" if rank % 2 else "ben", potential=10.0)
        for rank in range(20)
    ]
    found = assigned(Wishes(accounts, [ANNA, BEN]))
    assert found.moves == ()
    assert found.gap == pytest.approx(0)


def test_a_newcomer_receives_their_share_and_no_more_moves_than_that() -> None:
    accounts = [Account(str(rank), "anna", potential=10.0) for rank in range(20)]
    found = assigned(Wishes(accounts, [ANNA, BEN], Weights(tolerance=0)))
    assert len(found.moves) == 10
    assert found.after["anna"].potential == found.after["ben"].potential == 100
    assert found.before["ben"].accounts == 0


def test_part_time_carries_part_of_the_load() -> None:
    accounts = [Account(str(rank), potential=10.0) for rank in range(30)]
    half = Person("ben", capacity=0.5)
    found = assigned(Wishes(accounts, [ANNA, half], Weights(tolerance=0)))
    assert (found.after["anna"].accounts, found.after["ben"].accounts) == (20, 10)


def test_a_locked_account_stays_with_its_holder() -> None:
    accounts = [
        Account(str(rank), "anna", potential=10.0, locked=rank < 15)
        for rank in range(20)
    ]
    found = assigned(Wishes(accounts, [ANNA, BEN]))
    assert all(found.holders[str(rank)] == "anna" for rank in range(15))
    assert found.after["ben"].accounts == 5


def test_accounts_without_a_holder_go_to_the_nearest() -> None:
    people = [Person("west", (0, 0)), Person("east", (100, 0))]
    accounts = [Account(f"w{rank}", place=(1, rank)) for rank in range(10)]
    accounts += [Account(f"e{rank}", place=(99, rank)) for rank in range(10)]
    found = assigned(Wishes(accounts, people))
    assert all(
        holder == ("west" if key[0] == "w" else "east")
        for key, holder in found.holders.items()
    )
    assert found.after["west"].distance < 10


@pytest.mark.parametrize("seed", range(12))
def test_no_assignment_at_all_costs_less_than_the_gap_says(seed: int) -> None:
    """Seven accounts, three people: all 2,187 assignments are tried."""
    rng = np.random.default_rng(seed)
    people = [Person(f"p{j}", tuple(rng.uniform(0, 10, 2))) for j in range(3)]
    accounts = [
        Account(
            f"a{i}",
            f"p{int(rng.integers(3))}",
            float(rng.uniform(1, 20)),
            float(rng.uniform(1, 3)),
            tuple(rng.uniform(0, 10, 2)),
        )
        for i in range(7)
    ]
    weights = Weights(tolerance=0.1)

    found = assigned(Wishes(accounts, people, weights))

    costs = {
        chosen: _cost(accounts, people, weights, chosen)
        for chosen in itertools.product(range(3), repeat=7)
    }
    mine = tuple(int(found.holders[one.id][1]) for one in accounts)
    best = min(costs.values())
    assert found.gap is not None
    assert costs[mine] * (1 - found.gap) <= best + 1e-6


def test_no_more_accounts_are_taken_than_the_cap_lets() -> None:
    accounts = [Account(str(rank), "anna", potential=10.0) for rank in range(20)]
    found = assigned(Wishes(accounts, [ANNA, BEN], Weights(tolerance=0), most_moves=3))
    assert found.taken == len(found.moves) == 3
    assert found.after["ben"].accounts == 3


def test_without_a_single_move_allowed_all_stays() -> None:
    accounts = [Account(str(rank), "anna", potential=10.0) for rank in range(20)]
    assert assigned(Wishes(accounts, [ANNA, BEN], most_moves=0)).moves == ()


def test_an_account_nobody_present_holds_is_given_and_does_not_count() -> None:
    accounts = [Account(str(rank), "anna", potential=10.0) for rank in range(10)]
    accounts += [Account("free", potential=10.0), Account("left", "zoe", 10.0)]
    found = assigned(Wishes(accounts, [ANNA, BEN], Weights(tolerance=0), most_moves=0))
    given = {move.account: (move.former, move.new) for move in found.moves}
    assert given == {"free": ("", "ben"), "left": ("zoe", "ben")}
    assert found.taken == 0
    assert found.holders["0"] == "anna"


def test_a_newcomer_receives_the_accounts_of_their_region() -> None:
    people = [Person("anna", region="north"), Person("ben", region="south")]
    accounts = [
        Account(str(rank), "anna", 10.0, region="north" if rank % 2 else "south")
        for rank in range(20)
    ]
    found = assigned(Wishes(accounts, people, Weights(tolerance=0)))
    moved = {one.account for one in found.moves}
    assert moved == {str(rank) for rank in range(0, 20, 2)}
    assert found.before["anna"].inside == 0.5
    assert found.after["anna"].inside == found.after["ben"].inside == 1.0
    assert found.before["ben"].inside is None


def test_a_region_unknown_says_nothing() -> None:
    accounts = [Account(str(rank), "anna", 10.0) for rank in range(4)]
    found = assigned(Wishes(accounts, [Person("anna", region="north"), BEN]))
    assert found.after["anna"].inside is None


@pytest.mark.parametrize("seed", range(6))
def test_with_a_cap_and_regions_no_allowed_assignment_costs_less_than_the_gap_says(
    seed: int,
) -> None:
    """Six accounts, three people, two moves at most: all 729 assignments are tried."""
    rng = np.random.default_rng(100 + seed)
    regions = ["north", "south", "west"]
    people = [Person(f"p{j}", region=regions[j]) for j in range(3)]
    accounts = [
        Account(
            f"a{i}",
            f"p{int(rng.integers(3))}",
            float(rng.uniform(1, 20)),
            float(rng.uniform(1, 3)),
            region=regions[int(rng.integers(3))],
        )
        for i in range(6)
    ]
    weights = Weights(tolerance=0.1)

    found = assigned(Wishes(accounts, people, weights, most_moves=2))

    def cost(chosen: tuple[int, ...]) -> float:
        pairs = list(zip(accounts, chosen, strict=True))
        outside = sum(one.region != people[who].region for one, who in pairs)
        return weights.outside * outside + _cost(accounts, people, weights, chosen)

    def moves(chosen: tuple[int, ...]) -> int:
        pairs = zip(accounts, chosen, strict=True)
        return sum(one.owner != people[who].id for one, who in pairs)

    every = itertools.product(range(3), repeat=6)
    best = min(cost(chosen) for chosen in every if moves(chosen) <= 2)
    mine = tuple(int(found.holders[one.id][1]) for one in accounts)
    assert moves(mine) <= 2
    assert found.gap is not None
    assert cost(mine) * (1 - found.gap) <= best + 1e-6


def _cost(
    accounts: list[Account],
    people: list[Person],
    weights: Weights,
    chosen: tuple[int, ...],
) -> float:
    """Return what an assignment costs, written anew from the definition of `Weights`."""
    km = [
        [math.dist(one.place or (0, 0), who.place or (0, 0)) for who in people]
        for one in accounts
    ]
    typical = sum(min(row) for row in km) / len(km) or 1.0
    total = 0.0
    for rank, (one, person) in enumerate(zip(accounts, chosen, strict=True)):
        total += weights.move * (one.owner != people[person].id)
        total += weights.travel * km[rank][person] / typical
    for name in ("potential", "workload"):
        loads = [getattr(one, name) for one in accounts]
        fair, price = sum(loads) / 3, weights.balance / (sum(loads) / len(loads))
        for person in range(3):
            load = sum(
                amount
                for amount, who in zip(loads, chosen, strict=True)
                if who == person
            )
            beyond = max(abs(load - fair) - weights.tolerance * fair, 0)
            total += price * beyond
    return total


def test_nobody_to_hold_accounts_is_refused() -> None:
    with pytest.raises(Refusal, match="nobody"):
        assigned(Wishes([Account("a")], []))


def test_no_account_to_share_out_is_refused() -> None:
    with pytest.raises(Refusal, match="no accounts"):
        assigned(Wishes([], [ANNA]))


def test_a_programme_without_solution_is_refused_in_words() -> None:
    """Two accounts, of which the second has nobody to go to."""
    one = np.ones(1)
    columns = Columns(np.zeros(1, int), np.zeros(1, int), one, one)
    loads = Loads(np.ones((1, 2)), np.ones((1, 1)), 0.1, one)
    with pytest.raises(Refusal, match="2 accounts was found in 5 seconds"):
        solved(columns, loads, 2, 5)


def test_an_account_locked_with_somebody_unknown_is_refused() -> None:
    with pytest.raises(Refusal, match="zoe"):
        assigned(Wishes([Account("a", "zoe", locked=True)], [ANNA]))
