"""What is asked: accounts, people, and how much each wish weighs beside the others.

Places are in kilometres on a plane, or None where nobody knows: then distance says
nothing. A region is told by name: an account is inside or outside somebody's, and where
either is unknown the region says nothing. Potential and workload are in any unit, the
same for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Account:
    """An account to be held: by whom today ("" for nobody), and what it weighs."""

    id: str
    owner: str = ""
    potential: float = 0.0
    workload: float = 1.0
    place: Place | None = None
    locked: bool = False
    region: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can hold accounts; `capacity` is their part of full time."""

    id: str
    place: Place | None = None
    capacity: float = 1.0
    region: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """What one wish costs where it is not kept, all on one scale.

    A move costs `move`; a distance, `travel` for the mean distance of an account to its
    nearest person; an account outside the region of who holds it, `outside`; what a
    load is beyond `tolerance` of its fair share, `balance` for the load of an average
    account.
    """

    move: float = 1.0
    travel: float = 0.3
    outside: float = 0.3
    balance: float = 4.0
    tolerance: float = 0.05


@dataclass(frozen=True, slots=True)
class Wishes:
    """The whole question; at most `nearest` people are considered for an account.

    At most `most_moves` accounts are taken from somebody present, None for any number;
    an account nobody holds, or that somebody gone held, is given and does not count.
    """

    accounts: Sequence[Account]
    people: Sequence[Person]
    weights: Weights = field(default_factory=Weights)
    most_moves: int | None = None
    nearest: int = 12
    seconds: float = 20.0
