"""Landings on made-up companies, beside simple peers: `make bench-forecast`.

Each world has one difficulty: growth, a strong season, a level that drifts, few deals,
months that close on their last days, quarters too, no pipeline, cycles of nine months,
a company that has just begun, with quarters that end in a rush or not. The forecaster
sees what was known on each day, no more; so do the peers, in plain arithmetic. The best
peer is picked afterwards, world by world, which is harder to beat than a peer chosen
beforehand.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.forecast.history import (
    LOST,
    WON,
    Floats,
    History,
    Ints,
    Series,
    Task,
)
from jalon.domain.forecast.pool import DEALS, SERIES, crps, forecast

BEGUN = 16_071  # 1 January 2014
YEAR, QUARTER, WEEK = 365, 91, 7
PEOPLE, TEAMS = 8, 2
FRACTIONS = (0.0, 0.25, 0.5, 0.75)
LEAD = 400  # days the world lives before its closings are recorded
SHARES = (np.arange(200) + 0.5) / 200
INTERVAL = 0.8
SCALE_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class World:
    """How a made-up company sells: deals a day, odds, cycle, and how days differ."""

    name: str
    years: float = 2.5
    people: int = PEOPLE
    deals: float = 0.8  # a person and day
    odds: float = 0.3
    cycle: float = 40.0
    growth: float = 0.0  # a year, of the number of deals, as a logarithm
    season: float = 0.0  # half the swing of the year
    drift: float = 0.0  # what odds gain over the last half-year, as a logarithm
    burst: int = 0  # closings wait for the last days of every so many months
    pipeline: bool = True


WORLDS = (
    World("steady"),
    World("growing", growth=0.7),
    World("seasonal", years=3.5, season=0.7),
    World("drifting", drift=-1.0),
    World("few_deals", people=4, deals=0.06),
    World("month_ends", burst=1),
    World("quarter_ends", burst=3),
    World("no_pipeline", pipeline=False),
    World("no_pipeline_seasonal", years=3.5, season=0.7, pipeline=False),
    World("long_cycles", years=3.5, cycle=270.0),
    World("just_begun", years=0.8, growth=1.5),
    World("young_quarter_ends", years=0.8, people=12, deals=0.5, burst=3),
    World("growing_and_drifting", deals=0.5, cycle=60.0, growth=0.6, drift=-0.4),
    World("hardly_sells", people=2, deals=0.008),
)


def history(world: World, seed: int) -> History:
    """Return everything that happened in a world, its periods to forecast included."""
    dice = np.random.default_rng([seed, *world.name.encode()])
    days = LEAD + int(world.years * YEAR)
    day = np.arange(days)
    season = 1 + world.season * np.sin(2 * np.pi * day / YEAR)
    volume = world.deals * season * np.exp(world.growth * (day - days) / YEAR)
    own = dice.gamma(8, 1 / 8, world.people)
    number = dice.poisson(volume[:, None] * own)
    created = BEGUN - LEAD + np.repeat(day, number.sum(axis=1))
    leaf = np.concatenate([np.repeat(np.arange(world.people), one) for one in number])
    closed = created + np.ceil(dice.gamma(2, world.cycle / 2, len(created)))
    closed = _late(closed.astype(np.int64), world.burst, dice)
    turned = np.clip((closed - (BEGUN + days - LEAD - YEAR / 2)) / (YEAR / 2), 0, 1)
    won = dice.random(len(created)) < world.odds * np.exp(world.drift * turned)
    amount = dice.lognormal(9, 0.7, len(created))
    return History(
        asof=BEGUN + days - LEAD,
        observed_from=BEGUN,
        created=created,
        closed=closed,
        outcome=np.where(won, WON, LOST),
        amount=amount,
        value=np.where(won, amount * dice.uniform(0.8, 1.0, len(amount)), 0.0),
        leaf=leaf,
        leaves=world.people,
    )


def _late(closed: Ints, months: int, dice: np.random.Generator) -> Ints:
    """Return closings of which seven in ten wait for the last days of the period."""
    if not months:
        return closed
    month = closed.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    after = (month // months + 1) * months
    end = after.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    waits = dice.random(len(closed)) < 0.7
    return np.where(waits, end - dice.integers(1, 4, len(closed)), closed)


@dataclass(frozen=True, slots=True)
class Told:
    """What forecasters are told on a day: the past, what is asked, figures by day."""

    past: History | Series
    tasks: tuple[Task, ...]
    daily: Floats  # tasks by days known
    to_date: Floats


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers to all tasks of a world: one row a task."""

    levels: np.ndarray
    truth: Floats
    quantiles: Floats
    refused: Floats  # 1 where no figure would be shown


Forecaster = Callable[[Told], Floats]


def periods(world: World) -> list[tuple[int, int]]:
    """Return the months and quarters of the last half-year of a world."""
    end = BEGUN + int(world.years * YEAR)
    last = np.datetime64(int(end), "D").astype("datetime64[M]").astype(int)
    first = [last - back for back in range(1, 5)]
    spans = [(one, one + 1) for one in first] + [(last - 3, last), (last - 6, last - 3)]
    return [(_day_of(one), _day_of(after)) for one, after in spans]


def _day_of(month: int) -> int:
    return int(np.datetime64(int(month), "M").astype("datetime64[D]").astype(int))


def told(world: World, full: History, first: int, after: int, cut: int) -> Told:
    """Return what was known on `cut` of a period, and what is asked of it."""
    everyone = tuple(range(world.people))
    groups = [("company", everyone)]
    groups += [("team", everyone[rank::TEAMS]) for rank in range(TEAMS)]
    groups += [("person", (one,)) for one in everyone]
    tasks = tuple(
        Task(f"{rank}", level, members, first, after)
        for rank, (level, members) in enumerate(groups)
    )
    known: History | Series = full.as_of(cut)
    leaves = known.daily(full.observed_from, cut)
    if not world.pipeline:
        known = Series(full.observed_from, leaves)
    daily = np.stack([leaves[list(one.members)].sum(axis=0) for one in tasks])
    gone = daily[:, max(first - full.observed_from, 0) :].sum(axis=1)
    return Told(known, tasks, daily, gone)


def answers(world: World, seed: int, forecaster: Forecaster) -> Answered:
    """Return what a forecaster says on every day asked of a world, and what came."""
    full = history(world, seed)
    levels, truth, said = [], [], []
    for first, after in periods(world):
        ended = full.won_between(first, after)
        for share in FRACTIONS:
            cut = first + int(share * (after - first))
            asked = told(world, full, first, after, cut)
            said.append(forecaster(asked))
            truth += [float(ended[list(one.members)].sum()) for one in asked.tasks]
            levels += [one.level for one in asked.tasks]
    found = np.concatenate(said)
    refused = np.isnan(found).any(axis=1)
    return Answered(np.array(levels), np.array(truth), found, refused.astype(float))


def jalon(asked: Told) -> Floats:
    """Return the product's own answers; no value where it says it cannot tell."""
    models = DEALS if isinstance(asked.past, History) else SERIES
    found = forecast(asked.past, asked.tasks, models=models)
    return np.stack(
        [
            np.quantile(found[one.id].samples, SHARES)
            if found[one.id].enough_history
            else np.full(len(SHARES), np.nan)
            for one in asked.tasks
        ]
    )


def pace(asked: Told) -> Floats:
    """Return linear pacing: the goal bar; on the first day the period before."""
    task, asof = asked.tasks[0], asked.past.asof
    length, gone = task.after - task.first, asof - task.first
    paced = asked.to_date * length / gone if gone else _summed(asked.daily, 0, length)
    return np.repeat(paced[:, None], len(SHARES), axis=1)


def blocks(asked: Told) -> Floats:
    """Return weeks of the last quarter drawn again until the end."""
    dice = np.random.default_rng(0)
    left = asked.tasks[0].after - asked.past.asof
    recent = asked.daily[:, -QUARTER:]
    starts = dice.integers(0, recent.shape[1] - WEEK + 1, (300, left // WEEK + 1))
    days = (starts[:, :, None] + np.arange(WEEK)).reshape(300, -1)[:, :left]
    drawn = recent[:, days].sum(axis=2)
    return asked.to_date[:, None] + np.quantile(drawn, SHARES, axis=1).T


def _again(back: int) -> Forecaster:
    """Return the peer that repeats the same days of a season before."""

    def again(asked: Told) -> Floats:
        left = asked.tasks[0].after - asked.past.asof
        if asked.daily.shape[1] < 2 * back:
            return blocks(asked)
        usual = _summed(asked.daily, back - left, left)
        weekly = asked.daily[:, back:] - asked.daily[:, :-back]
        whole = weekly.shape[1] // WEEK * WEEK
        sums = weekly[:, -whole:].reshape(len(weekly), -1, WEEK).sum(axis=2)
        spread = sums.std(axis=1) * np.sqrt(left / WEEK)
        score = np.sort(np.random.default_rng(0).standard_normal(4000))
        ahead = usual[:, None] + spread[:, None] * np.quantile(score, SHARES)
        return asked.to_date[:, None] + np.maximum(ahead, 0)

    return again


def smoothed(asked: Told) -> Floats:
    """Return exponential smoothing of weeks, its errors growing with the length."""
    left = asked.tasks[0].after - asked.past.asof
    whole = asked.daily.shape[1] // WEEK * WEEK
    weekly = asked.daily[:, -whole:].reshape(len(asked.daily), -1, WEEK).sum(axis=2)
    level, errors = weekly[:, :4].mean(axis=1), []
    for week in weekly.T:
        errors.append(week - level)
        level = level + 0.2 * errors[-1]
    spread = np.std(errors, axis=0) * np.sqrt(left / WEEK)
    score = np.quantile(np.random.default_rng(0).standard_normal(4000), SHARES)
    ahead = level[:, None] * left / WEEK + spread[:, None] * score
    return asked.to_date[:, None] + np.maximum(ahead, 0)


PEERS: dict[str, Forecaster] = {
    "pace": pace,
    "blocks": blocks,
    "quarter_again": _again(QUARTER),
    "year_again": _again(364),
    "smoothed": smoothed,
}


def _summed(daily: Floats, back: int, length: int) -> Floats:
    """Return the sum of `length` days that end `back` days before the last one."""
    after = daily.shape[1] - max(back, 0)
    found: Floats = daily[:, max(after - length, 0) : after].sum(axis=1)
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """How a forecaster did: CRPS in units of each level's mean, share in interval."""

    crps: dict[str, float]
    inside: float
    refused: float


def score(found: Answered, among: Floats | None = None) -> Score:
    """Return the score of answers, over the tasks kept in `among`."""
    kept = found.refused == 0 if among is None else among
    missed = crps(found.quantiles, found.truth)
    low, high = np.quantile(found.quantiles, (0.1, 0.9), axis=1)
    inside = (low <= found.truth) & (found.truth <= high)
    by_level = {}
    for level in dict.fromkeys(found.levels):
        mine = found.levels == level
        scale = max(found.truth[mine].mean(), SCALE_FLOOR)
        some = mine & kept
        by_level[level] = float(missed[some].mean() / scale) if some.any() else np.nan
    covered = float(inside[kept].mean()) if kept.any() else np.nan
    return Score(by_level, covered, float(found.refused.mean()))


def beside_peers(world: World, seed: int) -> dict[str, Score]:
    """Return the scores of Jalon and of its peers, over what Jalon answers."""
    own = answers(world, seed, jalon)
    kept = own.refused == 0
    found = {"jalon": score(own)}
    for name, peer in PEERS.items():
        found[name] = score(answers(world, seed, peer), kept)
    return found


def worst_ratio(scores: dict[str, Score]) -> float:
    """Return the CRPS of Jalon over the best peer's, at the level where it is worst."""
    return max(_ratios(scores).values())


def _ratios(scores: dict[str, Score]) -> dict[str, float]:
    own = scores["jalon"].crps
    return {
        level: own[level] / min(scores[peer].crps[level] for peer in PEERS)
        for level in own
    }


def table(seeds: Sequence[int], *, worlds: Sequence[World] = WORLDS) -> list[str]:
    """Return a table in Markdown: a line a world, the mean over the seeds."""
    levels = ("company", "team", "person")
    head = " | ".join((*levels, *(f"÷ best peer, {one}" for one in levels)))
    lines = [
        f"| world | {head} | in the 80 % interval | no figure |",
        f"|---{'|---:' * 8}|",
    ]
    for world in worlds:
        runs = [beside_peers(world, seed) for seed in seeds]
        own = [np.mean([run["jalon"].crps[one] for run in runs]) for one in levels]
        best = [
            min(np.mean([run[peer].crps[one] for run in runs]) for peer in PEERS)
            for one in levels
        ]
        cells = [f"{one:.3f}" for one in own]
        cells += [f"{one / peer:.2f}" for one, peer in zip(own, best, strict=True)]
        cells += [f"{np.mean([run['jalon'].inside for run in runs]):.2f}"]
        cells += [f"{np.mean([run['jalon'].refused for run in runs]):.0%}"]
        lines.append(f"| {world.name} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Print the table; worlds of other seeds than those looked at while building."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast_worlds")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    chosen = parser.parse_args()
    begun = time.process_time()
    print("\n".join(table(chosen.seeds)))
    print(f"\n{time.process_time() - begun:.0f} s of processor")


if __name__ == "__main__":
    main()
