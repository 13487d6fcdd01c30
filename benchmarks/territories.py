"""Promise of the territories: 5,000 accounts, 50 people, 30 seconds, gap told."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.spoken import Result
from jalon.domain.territories.assign import Proposal, assigned
from jalon.domain.territories.wishes import Account, Person, Wishes

ACCOUNTS, PEOPLE = 5_000, 50
MOST = 30.0


def measured() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    people = [Person(f"p{j}", tuple(rng.uniform(0, 500, 2))) for j in range(PEOPLE)]
    accounts = [_account(i, rng) for i in range(ACCOUNTS)]
    started, spent = time.perf_counter(), time.process_time()
    found = assigned(Wishes(accounts, people))
    return {
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - spent,
        "gap": found.gap,
        "moves": len(found.moves),
        "spread": [_spread(found, after=after) for after in (False, True)],
    }


def _account(rank: int, rng: np.random.Generator) -> Account:
    """An account held by chance, the first people holding most of them."""
    return Account(
        f"a{rank}",
        f"p{int(rng.integers(PEOPLE) * rng.random())}",
        float(rng.lognormal(2, 1)),
        float(rng.uniform(0.5, 3)),
        tuple(rng.uniform(0, 500, 2)),
        locked=bool(rng.random() < 0.05),
    )


def _spread(found: Proposal, *, after: bool) -> float:
    """Largest potential of a person over the mean."""
    held = (found.after if after else found.before).values()
    potentials = [one.potential for one in held]
    return max(potentials) / (sum(potentials) / len(potentials))


def table(found: dict[str, Any]) -> list[str]:
    kept = "kept" if found["seconds"] <= MOST else "not kept"
    before, after = found["spread"]
    return [
        f"{ACCOUNTS:,} accounts among {PEOPLE} people, 5 % of them locked:",
        f"**{found['seconds']:.1f} s** ({found['processor']:.1f} s of processor; goal",
        f"{MOST:.0f} s: {kept}), gap to the bound {found['gap']:.2%};",
        f"{found['moves']:,} moves bring the largest potential from {before:.1f} to",
        f"{after:.2f} times the mean.",
    ]


def results(found: dict[str, Any]) -> list[Result]:
    """Return the seconds beside the promise, and the gap to the bound."""
    what = f"{ACCOUNTS:,} accounts among {PEOPLE} people"
    return [
        Result(
            "territories.seconds",
            f"{what}, by the clock",
            f"the {MOST:g} s promised",
            found["seconds"] / MOST,
            goal=1,
            seconds=found["processor"],
        ),
        Result("territories.gap", f"{what}, worse than", "the bound", found["gap"]),
    ]


if __name__ == "__main__":
    print("\n".join(table(measured())))
