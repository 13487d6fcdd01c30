"""The forecast: several models pooled by their own past skill, then recalibrated.

At each day the same models are run on earlier days, for the same length ahead; their
errors there (CRPS) weigh them by level, and correct the pool's bias and spread. Pools
are means of quantiles, so that a pool of sharp forecasts stays sharp. With too little
past there is no forecast at all, and the reason is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np

from jalon.domain.forecast.history import Floats, History, Task
from jalon.domain.forecast.pipeline import simulate
from jalon.domain.forecast.series import bootstrap, same_days, smoothed, theta

DRAWS = 400
QUANTILES = (np.arange(200) + 0.5) / 200
SCORED = slice(2, None, 5)  # quantiles that skill is measured on, of those
WINDOWS, STEP = 8, 14  # earlier days tried, days between them
TRIED = 2  # earlier days wanted, be they for a shorter length
SHORTEST = 7  # days ahead, below which nothing is learnt
LEAST_DAYS = 45  # of history before an earlier day is tried
LEAST = 10  # wins below which nothing is forecast
NOT_ENOUGH = "not_enough_history"
POWER = 6.0  # how sharply skill decides, with a long past
APART_PRIOR = 4.0  # windows apart that halve it
PRIOR_WINDOWS = 6.0
SHARED = 4.0  # windows apart that the skill over all levels is worth at one
SPREAD_PRIOR = 4.0  # past errors that the spread of all levels is worth at one
SPREAD_LIMITS = (0.9, 1.5)  # hardly surer than said, nor vague after a few misses
LATEST = 3  # windows that widen it alone, should the ground move
MOST_SQUARE = 16.0  # of an error in units of the spread said: one miss is not ten
TINY = 1e-9
Model = Callable[[Any, Sequence[Task], int, int], Floats]


class Past(Protocol):
    """What can be known of a past: deals, or plain daily figures."""

    @property
    def asof(self) -> int:
        """Return the first day unknown."""

    @property
    def observed_from(self) -> int:
        """Return the first day known."""

    def as_of(self, day: int) -> Self:
        """Return what was known on an earlier day."""

    def won_between(self, first: int, after: int) -> Floats:
        """Return each leaf's sum."""

    def daily(self, first: int, after: int) -> Floats:
        """Return each leaf's sum by day."""

    def events(self) -> Floats:
        """Return how many events each leaf has had."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The distribution of a final figure: sorted samples, or why there is none.

    `weights` are those of the models, in their order.
    """

    samples: Floats
    to_date: float
    weights: tuple[float, ...] = ()
    reason: str = ""

    @property
    def enough_history(self) -> bool:
        """Return whether the samples mean anything."""
        return not self.reason

    @property
    def ahead(self) -> Floats:
        """Return what is still to come, in each sample."""
        found: Floats = self.samples - self.to_date
        return found

    def quantile(self, share: float) -> float:
        """Return the value that a share of the samples do not pass."""
        return float(np.quantile(self.samples, share))

    @property
    def mean(self) -> float:
        """Return the expected figure."""
        return float(self.samples.mean())

    def probability(self, target: float, *, better: str = "up") -> float:
        """Return the share of samples that reach the target."""
        reached = self.samples >= target if better == "up" else self.samples <= target
        return float(reached.mean())


def pipeline_model(
    history: History, tasks: Sequence[Task], after: int, draws: int
) -> Floats:
    """Return the Monte Carlo of deals, summed by task: tasks, draws."""
    return _summed(simulate(history, after, draws), tasks)


def _series_model(
    run: Callable[[Floats, int, int, np.random.Generator], Floats], seed: int
) -> Model:
    def model(history: Past, tasks: Sequence[Task], after: int, draws: int) -> Floats:
        daily = history.daily(history.observed_from, history.asof)
        dice = np.random.default_rng(seed)
        return run(_summed(daily, tasks), after - history.asof, draws, dice)

    return model


def _season(months: int, seed: int) -> Model:
    def model(history: Past, tasks: Sequence[Task], after: int, draws: int) -> Floats:
        daily = _summed(history.daily(history.observed_from, history.asof), tasks)
        dice = np.random.default_rng(seed)
        horizon = after - history.asof
        return same_days(daily, horizon, draws, dice, asof=history.asof, months=months)

    return model


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a pool, their names, and their weights before any past."""

    runs: tuple[Model, ...]
    names: tuple[str, ...]
    prior: Floats


SERIES = Models(
    runs=(
        _series_model(bootstrap, 1),
        _series_model(theta, 2),
        _series_model(smoothed, 6),
        _season(1, 3),
        _season(3, 4),
        _season(12, 5),
    ),
    names=("bootstrap", "theta", "smoothed", "months", "quarters", "years"),
    prior=np.array([0.15, 0.15, 0.2, 0.1, 0.2, 0.2]),
)
DEALS = Models(
    runs=(pipeline_model, *SERIES.runs),
    names=("pipeline", *SERIES.names),
    prior=np.array([0.6, 0.08, 0.04, 0.06, 0.04, 0.12, 0.06]),
)


def forecast(
    history: Past, tasks: Sequence[Task], *, models: Models = DEALS, draws: int = DRAWS
) -> dict[str, Forecast]:
    """Return the forecast of each task, all at the history's day.

    `models` is DEALS for a `History` of deals, SERIES for plain daily figures.
    """
    found: dict[str, Forecast] = {}
    for after in sorted({task.after for task in tasks}):
        some = [task for task in tasks if task.after == after]
        found.update(_until(history, some, after, draws, models))
    return found


@dataclass(frozen=True, slots=True)
class _Tried:
    """What the models said on earlier days, and what came: one entry a task and day."""

    day: np.ndarray
    level: np.ndarray
    truth: Floats
    said: Floats  # entries, models, quantiles
    score: Floats  # entries, models
    apart: float  # windows that would not overlap

    @property
    def windows(self) -> int:
        """Return how many earlier days were tried."""
        return len(np.unique(self.day))

    def among(self, these: np.ndarray) -> _Tried:
        """Return some of the entries; the windows left are as far apart as before."""
        days = len(np.unique(self.day[these]))
        return _Tried(
            self.day[these],
            self.level[these],
            self.truth[these],
            self.said[these],
            self.score[these],
            self.apart * days / self.windows,
        )


def _until(
    history: Past, tasks: Sequence[Task], after: int, draws: int, models: Models
) -> dict[str, Forecast]:
    to_date = _to_date(history, tasks)
    if after <= history.asof:
        return {
            task.id: Forecast(np.full(1, done), done)
            for task, done in zip(tasks, to_date, strict=True)
        }
    wins = _summed(history.events()[:, None], tasks)[:, 0]
    horizon = after - history.asof
    known = [task for task, count in zip(tasks, wins, strict=True) if count >= LEAST]
    past = _tried(history, known, horizon, models) if known else None
    return _weighed(history, tasks, after, draws, models, past, wins)


def _weighed(  # noqa: PLR0913, PLR0917 - what one horizon needs
    history: Past,
    tasks: Sequence[Task],
    after: int,
    draws: int,
    models: Models,
    past: _Tried | None,
    wins: Floats,
) -> dict[str, Forecast]:
    now = _quantiles(
        np.stack([run(history, tasks, after, draws) for run in models.runs], axis=1)
    )
    levels = list(dict.fromkeys(task.level for task in tasks))
    weights = _weights(past, levels, models.prior)
    bias = _bias(past, weights)
    spreads = _spreads(past, models.prior)
    found = {}
    to_date = _to_date(history, tasks)
    for rank, task in enumerate(tasks):
        mine = _among(weights[task.level], now[rank])
        pooled = mine @ np.nan_to_num(now[rank])
        ahead = _recalibrated(pooled, bias, spreads.get(task.level, 1.0))
        done = to_date[rank]
        found[task.id] = Forecast(
            samples=done + ahead,
            to_date=done,
            weights=tuple(float(one) for one in mine),
            reason="" if past and wins[rank] >= LEAST else NOT_ENOUGH,
        )
    return found


def _tried(
    history: Past, tasks: Sequence[Task], horizon: int, models: Models
) -> _Tried | None:
    levels = [task.level for task in tasks]
    truths: list[Floats] = []
    said: list[Floats] = []
    horizon = _tryable(history, horizon)
    days = _days_tried(history, horizon)
    for day in days:
        known = history.as_of(day)
        after = day + horizon
        runs = [run(known, tasks, after, DRAWS // 2) for run in models.runs]
        said.append(_quantiles(np.stack(runs, axis=1)))
        truths.append(_summed(history.won_between(day, after)[:, None], tasks)[:, 0])
    if not days:
        return None
    apart = 1 + (days[0] - days[-1]) / horizon
    truth, quantiles = np.concatenate(truths), np.concatenate(said)
    return _Tried(
        np.repeat(days, len(tasks)),
        np.array(levels * len(days)),
        truth,
        quantiles,
        crps(quantiles[..., SCORED], truth[:, None], QUANTILES[SCORED]),
        min(apart, len(days)),
    )


def _days_tried(history: Past, horizon: int) -> list[int]:
    """Return earlier days on which the models are tried, the last first.

    They are at the same place in their months as the day itself where history is long
    enough to hold as many; else two weeks apart.
    """
    last = history.asof - horizon
    room = last - history.observed_from - LEAST_DAYS
    month = np.datetime64(history.asof + horizon, "D").astype("datetime64[M]")
    inside = history.asof - _first_of(month)
    begin = -(-horizon // 28)
    aligned = [
        _first_of(month - rank) + inside for rank in range(begin, begin + WINDOWS)
    ]
    if aligned[-1] - history.observed_from >= LEAST_DAYS:
        return aligned
    return [last - STEP * rank for rank in range(WINDOWS) if STEP * rank <= room]


def _first_of(month: np.datetime64) -> int:
    return int(month.astype("datetime64[D]").astype(np.int64))


def _tryable(history: Past, horizon: int) -> int:
    """Return the length tried: shorter than asked where history is short.

    So that a few weeks of past already tell a steep start from a steady pace.
    """
    room = history.asof - history.observed_from - LEAST_DAYS - STEP * (TRIED - 1)
    return min(horizon, max(room, SHORTEST))


def _weights(
    past: _Tried | None, levels: Sequence[str], prior: Floats
) -> dict[str, Floats]:
    """Return the models' weights by level: the prior, moved by past skill.

    A level tried on few days has little skill of its own to show (a company is one
    series): it is pulled to that of all levels.
    """
    if past is None:
        return dict.fromkeys(levels, prior)
    own: dict[str, Floats] = {
        str(level): _skill_at(past, past.level == level)
        for level in dict.fromkeys(past.level)
    }
    common: Floats = np.mean(list(own.values()), axis=0)
    trust = past.apart / (past.apart + APART_PRIOR)
    found: dict[str, Floats] = {}
    for level in levels:
        shared: Floats = SHARED * common + past.apart * own.get(level, common)
        skill = shared / (past.apart + SHARED)
        moved = prior * np.exp(-POWER * trust * skill)
        found[level] = moved / moved.sum()
    return found


def _skill_at(past: _Tried, these: np.ndarray) -> Floats:
    """Return the logarithm of each model's score over the usual one: less is better."""
    found: Floats = np.log(_skill(past.score[these]))
    return found


def _skill(score: Floats) -> Floats:
    """Return each model's score over that of those always there, on the days it was.

    `score` is entries by models, NaN where a model had nothing to say; 1 where it
    never had.
    """
    there = np.isfinite(score)
    always = score[:, there.all(axis=0)].mean(axis=1)
    own = np.nansum(score, axis=0)
    usual = (there * always[:, None]).sum(axis=0)
    found: Floats = np.where(usual > 0, np.maximum(own, TINY) / (usual + TINY), 1.0)
    return found


def _among(weights: Floats, said: Floats) -> Floats:
    """Return the weights of the models that said something, summing to 1.

    `said` is models by quantiles.
    """
    there = weights * np.isfinite(said[..., 0])
    found: Floats = there / there.sum(axis=-1, keepdims=True)
    return found


def crps(quantiles: Floats, truth: Floats, shares: Floats = QUANTILES) -> Floats:
    """Return the continuous ranked probability score along the last axis.

    Twice the mean pinball loss over quantiles (Gneiting and Raftery 2007), those of
    the `shares`.
    """
    error = truth[..., None] - quantiles
    found: Floats = 2 * np.maximum(shares * error, (shares - 1) * error).mean(-1)
    return found


def _pooled(past: _Tried, weights: dict[str, Floats]) -> Floats:
    each = np.stack([weights[level] for level in past.level])
    each = _among(each, past.said)
    found: Floats = np.einsum("em,emq->eq", each, np.nan_to_num(past.said))
    return found


def _bias(past: _Tried | None, weights: dict[str, Floats]) -> float:
    """Return what came over what was said, shrunk to 1."""
    if past is None:
        return 1.0
    said = _pooled(past, weights).mean(axis=1).sum()
    if not said:
        return 1.0
    prior = PRIOR_WINDOWS / past.windows * said
    return float((past.truth.sum() + prior) / (said + prior))


def _spreads(past: _Tried | None, prior: Floats) -> dict[str, float]:
    """Return by how much past errors passed the spread said, by level.

    Those of a level are pulled to those of all. The last days tried can widen it
    alone.
    """
    if past is None:
        return {}
    square = _squares(past, prior)
    levels = [str(level) for level in dict.fromkeys(past.level)]
    means = [square[past.level == level].mean() for level in levels]
    usual = _pulled(float(np.mean(means)), past.apart * len(levels), 1.0)
    return {
        level: _spread(square[past.level == level], past, usual) for level in levels
    }


def _squares(past: _Tried, prior: Floats) -> Floats:
    """Return the squared errors, in units of the spread said.

    On each day tried, of the pool that the other days would have made: weights and
    bias fitted on a day too would call its error smaller than a day to come will be.
    """
    found = np.zeros(len(past.truth))
    for day in np.unique(past.day):
        inside = past.day == day
        rest = past if inside.all() else past.among(~inside)
        weights = _weights(rest, [str(one) for one in np.unique(past.level)], prior)
        bias, own = _bias(rest, weights), past.among(inside)
        pooled = _pooled(own, weights)
        deviation = pooled.std(axis=1) + TINY
        errors = (own.truth - bias * pooled.mean(axis=1)) / (bias * deviation)
        found[inside] = np.minimum(errors**2, MOST_SQUARE)
    return found


def _spread(square: Floats, past: _Tried, usual: float) -> float:
    """Return a level's spread from its squared errors, the last days first.

    Owners of a level have part of their errors in common: they count by their root.
    """
    owners = len(square) // past.windows
    latest = min(LATEST, past.windows)
    apart = past.apart * float(np.sqrt(owners))
    whole = _pulled(float(square.mean()), apart, usual)
    last = _pulled(
        float(square[: latest * owners].mean()), apart * latest / past.windows, usual
    )
    return float(np.clip(np.sqrt(max(whole, last)), *SPREAD_LIMITS))


def _pulled(mean: float, count: float, prior: float) -> float:
    return (count * mean + SPREAD_PRIOR * prior) / (count + SPREAD_PRIOR)


def _recalibrated(samples: Floats, bias: float, spread: float) -> Floats:
    """Return samples wider or narrower around their mean, times the bias.

    Narrowed as powers, so that nothing at all stays as likely.
    """
    mean = samples.mean()
    if spread >= 1 or mean <= 0:
        wide: Floats = np.maximum(bias * (mean + spread * (samples - mean)), 0)
        return wide
    narrow = (np.maximum(samples, 0) / mean) ** spread
    found: Floats = bias * mean * narrow / narrow.mean()
    return found


def _quantiles(samples: Floats) -> Floats:
    """Return samples as quantiles along the last axis, between ranks a straight line.

    Sorted once: `np.quantile` is far slower for so many.
    """
    ordered = np.sort(samples, axis=-1)
    place = QUANTILES * (samples.shape[-1] - 1)
    below = place.astype(np.int64)
    part = place - below
    above = np.minimum(below + 1, samples.shape[-1] - 1)
    found: Floats = ordered[..., below] * (1 - part) + ordered[..., above] * part
    return found


def _summed(leaves: Floats, tasks: Sequence[Task]) -> Floats:
    """Return sums over each task's leaves: tasks by what `leaves` is by."""
    return np.stack([leaves[list(task.members)].sum(axis=0) for task in tasks])


def _to_date(history: Past, tasks: Sequence[Task]) -> list[float]:
    """Return what each task's leaves have brought already."""
    spans = {task: (task.first, min(task.after, history.asof)) for task in tasks}
    gone = {span: history.won_between(*span) for span in set(spans.values())}
    return [float(gone[spans[task]][list(task.members)].sum()) for task in tasks]
