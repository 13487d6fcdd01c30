"""10,000 landings at once: `python -m benchmarks.many_landings`.

2,500 people in 250 teams win made-up deals over two years; every person is forecast to
the end of four periods (month, quarter, half-year, year). Then, apart, the 2,500 are
made to add up to their teams and those to the company.
"""

from __future__ import annotations

import time

import numpy as np

from jalon.domain.forecast.coherence import reconciled
from jalon.domain.forecast.history import LOST, OPEN, WON, History, Task
from jalon.domain.forecast.pool import forecast

PEOPLE, TEAMS, DEALS, DAYS = 2500, 250, 100_000, 730
ENDS = (20, 60, 120, 180)  # days from today


def history() -> History:
    """Return two years of deals: two in five won, after six weeks on average."""
    dice = np.random.default_rng(1)
    created = np.sort(dice.integers(0, DAYS, DEALS))
    closed = created + np.ceil(dice.gamma(2, 21, DEALS)).astype(np.int64)
    outcome = np.where(dice.random(DEALS) < 0.4, WON, LOST)
    outcome = np.where(closed < DAYS, outcome, OPEN)
    amount = dice.lognormal(9, 0.7, DEALS)
    return History(
        asof=DAYS,
        observed_from=0,
        created=created.astype(np.int64),
        closed=closed,
        outcome=outcome,
        amount=amount,
        value=np.where(outcome == WON, amount, 0.0),
        leaf=dice.integers(0, PEOPLE, DEALS),
        leaves=PEOPLE,
    )


def measured() -> dict[str, float]:
    """Return the processor seconds of 10,000 landings and of making them add up."""
    known = history()
    tasks = [
        Task(f"{person}:{end}", "person", (person,), DAYS - 10, DAYS + end)
        for end in ENDS
        for person in range(PEOPLE)
    ]
    spent = time.process_time()
    found = forecast(known, tasks)
    landing = time.process_time() - spent
    samples = {
        f"person:{person}": found[f"{person}:{ENDS[1]}"].ahead
        for person in range(PEOPLE)
    }
    below = {
        f"team:{team}": [f"person:{one}" for one in range(team, PEOPLE, TEAMS)]
        for team in range(TEAMS)
    }
    for team, people in below.items():
        samples[team] = np.sum([np.sort(samples[one]) for one in people], axis=0)
    samples["company"] = np.sum([samples[team] for team in below], axis=0)
    begun = time.process_time()
    reconciled(samples, {"company": list(below), **below}, "company")
    return {
        "landings": len(found),
        "cpu": landing,
        "added_up": len(samples),
        "adding_cpu": time.process_time() - begun,
    }


def main() -> None:
    """Print the seconds of 10,000 landings and of making a company add up."""
    found = measured()
    print(
        f"{found['landings']} landings: {found['cpu']:.1f} s of processor\n"
        f"adding up {found['added_up']}: {found['adding_cpu']:.2f} s of processor"
    )


if __name__ == "__main__":
    main()
