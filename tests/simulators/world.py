"""A little CRM's truth, whatever vendor shows it: people, companies, deals, a clock.

Each change moves the clock by itself: no two happen at the same moment. What is told
here is what the readers must end with, and nothing of it comes from them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

BEGINS = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Stage:
    key: str
    label: str
    won: bool = False
    lost: bool = False
    sure: int = 20


STAGES = (
    Stage("11", "Découverte", sure=10),
    Stage("12", "Proposition", sure=40),
    Stage("13", "Signé", won=True, sure=100),
    Stage("14", "Sans suite", lost=True, sure=0),
)


@dataclass(frozen=True)
class Deal:
    id: int
    name: str
    amount: Decimal
    stage: str
    owner: int
    company: int
    created: datetime
    modified: datetime
    closes: datetime
    moves: tuple[tuple[datetime, str], ...] = ()
    taken: tuple[int, ...] = ()  # ids merged into it


@dataclass
class World:
    """`people` and `companies` are names by id."""

    people: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)
    deals: dict[int, Deal] = field(default_factory=dict)
    deleted: dict[int, tuple[Deal, datetime]] = field(default_factory=dict)
    merged: dict[int, datetime] = field(default_factory=dict)
    now: datetime = BEGINS
    last: int = 100

    def tick(self, seconds: float = 1.5) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def stage(self, key: str) -> Stage:
        return next(one for one in STAGES if one.key == key)

    def create(self, rng: random.Random, amount: Decimal | None = None) -> Deal:
        self.last += 1
        at = self.tick(rng.uniform(0.5, 400))
        stage = rng.choice(STAGES).key
        deal = Deal(
            id=self.last,
            name=f"Affaire « {self.last} », n° {rng.randint(1, 99)}",
            amount=amount or Decimal(rng.randint(0, 9_000_000)) / 100,
            stage=stage,
            owner=rng.choice(list(self.people)),
            company=rng.choice(list(self.companies)),
            created=at,
            modified=at,
            closes=at + timedelta(days=rng.randint(5, 90)),
            moves=((at, stage),),
        )
        self.deals[deal.id] = deal
        return deal

    def move(self, id_: int, stage: str) -> None:
        deal, at = self.deals[id_], self.tick()
        moves = (*deal.moves, (at, stage)) if stage != deal.stage else deal.moves
        self.deals[id_] = replace(deal, stage=stage, modified=at, moves=moves)

    def edit(self, id_: int, **changes: object) -> None:
        self.deals[id_] = replace(self.deals[id_], modified=self.tick(), **changes)

    def delete(self, id_: int) -> None:
        self.deleted[id_] = (self.deals.pop(id_), self.tick())

    def merge(self, into: int, taken: int) -> None:
        loser = self.deals.pop(taken)
        at = self.tick()
        self.merged[taken] = at
        kept = self.deals[into]
        self.deals[into] = replace(
            kept, modified=at, taken=(*kept.taken, taken, *loser.taken)
        )

    def anything(self, rng: random.Random) -> None:
        """Do one thing a salesperson does, drawn at random."""
        ids = list(self.deals)
        act = rng.choice(("create", "move", "move", "edit", "owner", "delete", "merge"))
        if act == "create" or len(ids) < 8:
            self.create(rng)
        elif act == "move":
            self.move(rng.choice(ids), rng.choice(STAGES).key)
        elif act == "edit":
            self.edit(rng.choice(ids), amount=Decimal(rng.randint(0, 999_999)) / 100)
        elif act == "owner":
            self.edit(rng.choice(ids), owner=rng.choice(list(self.people)))
        elif act == "delete":
            self.delete(rng.choice(ids))
        else:
            into, taken = rng.sample(ids, 2)
            self.merge(into, taken)

    def truth(self) -> dict[str, tuple[object, ...]]:
        """Return what each deal is: (name, amount, owner, account, stage, outcome)."""
        return {
            str(deal.id): (
                deal.name,
                deal.amount,
                str(deal.owner),
                str(deal.company),
                self.stage(deal.stage).label,
                "won"
                if self.stage(deal.stage).won
                else "lost"
                if self.stage(deal.stage).lost
                else "open",
            )
            for deal in self.deals.values()
        }

    def told_moves(self) -> set[tuple[str, datetime, str]]:
        """Return (deal, moment, stage) for each move of the deals there are."""
        return {
            (str(deal.id), at, self.stage(key).label)
            for deal in self.deals.values()
            for at, key in deal.moves
        }


def small(seed: int = 1, deals: int = 60) -> World:
    rng = random.Random(seed)
    world = World(
        people={1: "Alice Martin", 2: "Bob Durand", 3: "Chloé Nguyen"},
        companies={n: f"Société {n}" for n in range(1, 9)},
    )
    for _ in range(deals):
        world.create(rng)
    return world
