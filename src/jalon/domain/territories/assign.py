"""Accounts assigned to people: the proposal, its gap, each one's before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.refusals import Refusal
from jalon.domain.territories.programme import Columns, Floats, Loads, Ranks, solved
from jalon.domain.territories.wishes import Account, Person, Wishes

_NOBODY = "There is nobody to hold accounts. Expected one person at least."
_NOTHING = "There are no accounts to share out. Import a table of accounts first."
_UNKNOWN = (
    "{account} is locked with {owner}, who is not among the people."
    " Expected one of them, or an account that is free."
)
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Territory:
    """What somebody holds; `distance` is the mean to the accounts that have a place.

    `inside` is the part of the accounts with a region that lie in the person's own,
    None where none has one or theirs is unknown.
    """

    accounts: int
    potential: float
    workload: float
    distance: float
    inside: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An account that changes hands, and the potential that goes with it.

    It is `given`, not taken, where nobody held it, or somebody who is not there.
    """

    account: str
    former: str
    new: str
    potential: float
    given: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who holds what, before and after; `gap` bounds how far from the best this is.

    The gap is (cost - bound) / cost, among the people considered for each account: 0.01
    says that no assignment among them costs more than 1 % less. It is None where the
    time ran out before any bound was known.
    """

    holders: Mapping[str, str]
    moves: tuple[Move, ...]
    before: Mapping[str, Territory]
    after: Mapping[str, Territory]
    gap: float | None

    @property
    def taken(self) -> int:
        """Return how many accounts are taken from somebody present."""
        return sum(not move.given for move in self.moves)


def assigned(wishes: Wishes) -> Proposal:
    """Return the proposal that balances loads, nearness and the number of moves.

    Raises:
        Refusal: If there is nobody, no account, an account is locked with somebody
            unknown, or the solver finds nothing in its time.
    """
    accounts, people = wishes.accounts, wishes.people
    if not people:
        raise Refusal(_NOBODY)
    if not accounts:
        raise Refusal(_NOTHING)
    places = {person.id: rank for rank, person in enumerate(people)}
    for one in accounts:
        if one.locked and one.owner not in places:
            raise Refusal(_UNKNOWN, account=one.id, owner=one.owner or "?")
    former = np.array([places.get(one.owner, -1) for one in accounts], dtype=np.int64)
    distances = _distances(accounts, people)
    inside = _inside(accounts, people)
    columns = _candidates(wishes, former, distances, inside)
    found = solved(columns, _loads(wishes), len(accounts), wishes.seconds)
    gap = max(found.cost - found.bound, 0.0) / max(abs(found.cost), _TINY)
    return Proposal(
        holders={
            one.id: people[rank].id
            for one, rank in zip(accounts, found.holder.tolist(), strict=True)
        },
        moves=_moves(accounts, people, former, found.holder),
        before=_territories(accounts, people, former, distances, inside),
        after=_territories(accounts, people, found.holder, distances, inside),
        gap=gap if np.isfinite(gap) else None,
    )


def _distances(accounts: Sequence[Account], people: Sequence[Person]) -> Floats:
    """Return kilometres, accounts x people; not a number where a place is unknown."""
    unknown = (np.nan, np.nan)
    there = np.array([one.place or unknown for one in accounts], dtype=float)
    here = np.array([one.place or unknown for one in people], dtype=float)
    apart = there.reshape(-1, 1, 2) - here.reshape(1, -1, 2)
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))


def _inside(accounts: Sequence[Account], people: Sequence[Person]) -> Floats:
    """Return 1 inside a person's region, 0 outside, not a number where unknown."""
    there = np.array([one.region for one in accounts], dtype=object)[:, None]
    here = np.array([one.region for one in people], dtype=object)[None, :]
    known = (there != "") & (here != "")
    return np.where(known, (there == here).astype(float), np.nan)


def _candidates(
    wishes: Wishes, former: Ranks, distances: Floats, inside: Floats
) -> Columns:
    """Return who is considered for each account: the nearest, and its holder.

    Those of its region come first, then the others, by turns: who stands in the same
    place for all is considered for everything, so that loads can be balanced at all.
    Half of the places go to the nearest, half by turns, where places are unknown.
    """
    weights, size = wishes.weights, len(wishes.people)
    count = min(wishes.nearest, size)
    near = np.where(np.isnan(distances), np.inf, distances)
    turned = (np.arange(size)[None, :] + np.arange(len(former))[:, None]) % size
    away = (inside == 0) & (turned >= count // 2)
    order = np.lexsort((turned, away, near), axis=1)[:, :count]
    account = np.repeat(np.arange(len(former)), count)
    person = order.ravel()
    held = former >= 0
    known = (order == former[:, None]).any(axis=1)
    late = np.flatnonzero(held & ~known)
    account = np.concatenate([account, late])
    person = np.concatenate([person, former[late]])
    locked = np.array([one.locked for one in wishes.accounts])
    kept = ~locked[account] | (person == former[account])
    account, person = account[kept], person[kept]
    km = np.nan_to_num(distances[account, person])
    mean = float(np.nan_to_num(np.nanmin(near, axis=1), posinf=0.0).mean()) or 1.0
    moved = (held[account] & (person != former[account])).astype(float)
    outside = (inside[account, person] == 0).astype(float)
    cost = weights.move * moved + weights.travel * km / max(mean, _TINY)
    return Columns(account, person, cost + weights.outside * outside, moved)


def _loads(wishes: Wishes) -> Loads:
    accounts, people, weights = wishes.accounts, wishes.people, wishes.weights
    of = np.array(
        [
            [one.potential for one in accounts],
            [one.workload for one in accounts],
        ]
    )
    capacity = np.array([one.capacity for one in people])
    share = capacity / max(float(capacity.sum()), _TINY)
    average = np.maximum(of.mean(axis=1) if of.size else np.ones(2), _TINY)
    return Loads(
        of=of,
        fair=of.sum(axis=1)[:, None] * share[None, :],
        tolerance=weights.tolerance,
        price=weights.balance / average,
        most_moves=np.inf if wishes.most_moves is None else wishes.most_moves,
    )


def _moves(
    accounts: Sequence[Account], people: Sequence[Person], former: Ranks, new: Ranks
) -> tuple[Move, ...]:
    return tuple(
        Move(one.id, one.owner, people[after].id, one.potential, before < 0)
        for one, before, after in zip(
            accounts, former.tolist(), new.tolist(), strict=True
        )
        if before != after
    )


def _territories(
    accounts: Sequence[Account],
    people: Sequence[Person],
    holder: Ranks,
    distances: Floats,
    inside: Floats,
) -> dict[str, Territory]:
    potential = np.array([one.potential for one in accounts])
    workload = np.array([one.workload for one in accounts])
    found = {}
    for rank, person in enumerate(people):
        mine = np.flatnonzero(holder == rank)
        km = distances[mine, rank]
        km = km[~np.isnan(km)]
        told = inside[mine, rank]
        told = told[~np.isnan(told)]
        found[person.id] = Territory(
            accounts=len(mine),
            potential=float(potential[mine].sum()),
            workload=float(workload[mine].sum()),
            distance=float(km.mean()) if len(km) else 0.0,
            inside=float(told.mean()) if len(told) else None,
        )
    return found
