"""A random schedule of faults and changes against one source, and how it ended.

Runs that fail keep nothing and are tried again, as the worker does. At the end the
vendor behaves, one last run with a sweep is made, and all must be true.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from jalon.connectors.contract import SourceError
from tests.connectors.sources import CASES, stand

ROUNDS = 4


@dataclass(frozen=True)
class Outcome:
    """What the reader holds and what is true; how many runs failed, how much was asked."""

    held: object
    truth: object
    failed: int
    asked: int


def schedule(kind: str, seed: int, room: Path) -> Outcome:
    """Run one schedule; at least one run of each must not fail for good."""
    rng = random.Random(f"{kind} {seed}")
    failed = 0
    with stand(kind, room, seed=seed, deals=rng.randint(5, 130)) as crm:
        for round_ in range(ROUNDS):
            crm.simulator.misbehave(seed * 100 + round_, rng.choice((0.1, 0.3, 0.6)))
            crm.simulator.in_a_row = rng.choice((1, 3, 8))
            try:
                crm.ledger.refresh(sweep=rng.random() < 0.3)
            except SourceError as error:
                if error.permanent:
                    raise
                failed += 1
            crm.simulator.behave()
            for _ in range(rng.randint(0, 12)):
                crm.world.anything(rng)
        crm.ledger.refresh()
        if CASES[kind].merges and crm.ledger.deals() != crm.world.truth():
            return Outcome(crm.ledger.deals(), crm.world.truth(), failed, 0)
        crm.ledger.refresh(sweep=True)
        tells = CASES[kind].history
        held: tuple[object, ...] = (crm.ledger.deals(),)
        truth: tuple[object, ...] = (crm.world.truth(),)
        if tells:
            held = (*held, _seconds(crm.ledger.moves()))
            truth = (*truth, _seconds(crm.world.told_moves()))
        return Outcome(held, truth, failed, len(crm.simulator.asked))


def _seconds(moves: set) -> set:
    return {(id_, at.replace(microsecond=0), stage) for id_, at, stage in moves}
