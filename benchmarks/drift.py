"""The early warning on made-up weeks: `python -m benchmarks.drift [worlds]`.

Weekly counts around a mean, two quiet years, then a quarter in which the mean falls
from its fourth week on: how often, and after how many weeks, the product's own watch
says so, its level and its dispersion being learnt. Then quiet worlds of many series at
once: how many are told anything in a quarter. Last, the sample company at several
seeds: the week its story is found, and Sundays with an alarm in the year before.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from jalon.domain.drift.series import Family, Series
from jalon.domain.drift.watch import COMPANY, watch

YEARS, QUARTER, FALL = 104, 13, 3
CASES = ((1, 0.5), (3, 0.7), (3, 0.5), (8, 0.7), (8, 0.5), (25, 0.7))
SIMULATED = 600  # quiet quarters a threshold is drawn from, here
SEEDS = (1, 2, 3, 4, 5, 6)
ON = date(2026, 11, 22)


def counts(
    mean: float, fall: float, dice: np.random.Generator, *, size: float = 0.0
) -> np.ndarray:
    """Return two quiet years and a quarter; negative binomial where a size is given."""
    level = np.full(YEARS + QUARTER, float(mean))
    level[YEARS + FALL :] *= fall
    if size:
        level = dice.gamma(size, level / size)
    return dice.poisson(level).astype(np.float64)


def series(owner: str, driver: str, total: np.ndarray) -> Series:
    """Return one series of counts."""
    return Series(owner, driver, Family.COUNT, total, np.ones(len(total)))


def first_told(everything: list[Series], *, allowed: float = 0.10) -> int | None:
    """Return the week of the quarter, from 1, when anything is first told."""
    for week in range(1, QUARTER + 1):
        known = [
            Series(
                one.owner,
                one.driver,
                one.family,
                one.total[: YEARS + week],
                one.number[: YEARS + week],
            )
            for one in everything
        ]
        found = watch(known, allowed=allowed, quarters=SIMULATED)
        if any(drift.at >= YEARS for drift in found.drifts):
            return week
    return None


def one_series(worlds: int) -> None:
    """Print how often a fall is told, and after how many weeks."""
    print("mean, fall | told (median weeks after the fall) | quiet told")
    for mean, fall in CASES:
        dice = np.random.default_rng([int(mean), int(100 * fall)])
        told, quiet = [], 0
        for _ in range(worlds):
            total = counts(mean, fall, dice)
            week = first_told([series(COMPANY, "leads", total)])
            told += [week] if week else []
            calm = counts(mean, 1.0, dice)
            quiet += first_told([series(COMPANY, "leads", calm)]) is not None
        median = np.median(told) - FALL if told else float("nan")
        print(
            f"{mean}, -{100 * (1 - fall):.0f} % | "
            f"{len(told) / worlds:.2f} ({median:.0f}) | {quiet / worlds:.2f}"
        )


def many_series(worlds: int) -> None:
    """Print how many quiet quarters of a whole watched set are told anything."""
    for size, name in ((0.0, "Poisson"), (4.0, "over-dispersed, size 4")):
        dice = np.random.default_rng(int(size) + 7)
        told = 0
        for _ in range(worlds):
            everything = [
                series(COMPANY, driver, counts(mean, 1.0, dice, size=size))
                for driver, mean in (("leads", 30), ("opportunities", 12))
            ]
            everything += [
                series(f"team:{rank}", "leads", counts(8, 1.0, dice, size=size))
                for rank in range(4)
            ]
            everything += [
                series(f"person:{rank}", "leads", counts(4, 1.0, dice, size=size))
                for rank in range(6)
            ]
            told += first_told(everything) is not None
        print(f"12 quiet series, {name}: told in {told / worlds:.2f} of quarters")


def story(seed: int) -> tuple[int | None, list[str], int]:
    """Return the weeks to find the story, its drivers, alarms of the year before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    import django  # noqa: PLC0415 - a workspace must be named first

    from jalon.demo.load import load_rows  # noqa: PLC0415
    from jalon.demo.sample import sample  # noqa: PLC0415
    from jalon.warehouse.generations import Generations  # noqa: PLC0415
    from jalon.workspace.folder import opened  # noqa: PLC0415

    django.setup()
    from jalon.queries import drift as queries  # noqa: PLC0415

    queries._doubts = lambda _on: ()  # noqa: SLF001 - no objectives are written here
    begins = ON - timedelta(days=56)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "jalon.toml").write_text('revenue_basis = "deals"\n', "utf-8")
        workspace = opened(folder)
        load_rows(Generations(workspace.warehouse, 2), sample(ON, seed=seed), on=ON)
        before = sum(
            bool(queries.warned(workspace, on=day).drifts)
            for day in _sundays(begins, 52)
        )
        for weeks in range(1, 9):
            on = begins + timedelta(days=7 * weeks)
            drifts = queries.warned(workspace, on=on).drifts
            if drifts:
                found = [each.driver for each in drifts[0].drivers]
                return weeks, found, before
    return None, [], before


def _sundays(last: date, count: int) -> Iterator[date]:
    for rank in range(count):
        yield last - timedelta(days=7 * rank)


def main() -> None:
    """Print the three tables."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    begun = time.perf_counter()
    one_series(worlds)
    many_series(worlds)
    for seed in SEEDS:
        weeks, found, before = story(seed)
        print(f"sample company, seed {seed}: week {weeks}, {found}; before: {before}")
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
