"""Landings: sums are sums, the past is not peeked at, thin pasts give no number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jalon.domain.forecast.coherence import agreed, paired, reconciled, reordered
from jalon.domain.forecast.hazards import fitted
from jalon.domain.forecast.history import LOST, OPEN, WON, History, Series, Task
from jalon.domain.forecast.pipeline import simulate
from jalon.domain.forecast.pool import SERIES, Models, crps, forecast
from jalon.domain.forecast.rates import Closings, rate_samples
from jalon.domain.forecast.series import bootstrap, smoothed, theta

START = 17_000  # a day in 2016


def steady(*, days: int = 400, leaves: int = 4, seed: int = 1) -> History:
    """Return a world where each leaf opens a deal a day; 30 % are won, on day ten."""
    dice = np.random.default_rng(seed)
    created = np.repeat(np.arange(START, START + days), leaves)
    leaf = np.tile(np.arange(leaves), days)
    asof = START + days
    wins = dice.random(len(created)) < 0.3
    done = created + 10 < asof
    outcome = np.where(done, np.where(wins, WON, LOST), OPEN)
    ones = np.ones(len(created))
    return History(
        asof=asof,
        observed_from=START + 30,
        created=created,
        closed=created + 10,
        outcome=outcome,
        amount=ones * 100,
        value=np.where(outcome == WON, 100.0, 0.0),
        leaf=leaf,
        leaves=leaves,
    )


def uneven() -> History:
    """Return the steady world with odds of 10 % and 50 % by turns of four weeks."""
    known = steady()
    turn = (known.closed - START) // 28 % 2
    wins = np.random.default_rng(2).random(len(turn)) < np.where(turn, 0.5, 0.1)
    outcome = np.where(known.outcome == OPEN, OPEN, np.where(wins, WON, LOST))
    value = np.where(outcome == WON, 100.0, 0.0)
    return replace(known, outcome=outcome, value=value)


def everybody(history: History, horizon: int = 30) -> list[Task]:
    """Return the company's task and each leaf's, of the month to come."""
    first, after = history.asof, history.asof + horizon
    each = [Task(f"p{n}", "person", (n,), first, after) for n in range(history.leaves)]
    whole = tuple(range(history.leaves))
    return [Task("all", "company", whole, first, after), *each]


def test_a_steady_world_lands_where_it_always_did() -> None:
    """4 leaves x 30 days x 30 % x 100 = 3,600, within its own 80 % interval."""
    history = steady()
    found = forecast(history, everybody(history))["all"]
    assert found.enough_history
    assert found.mean == pytest.approx(3600, rel=0.08)
    assert found.quantile(0.1) < 3600 < found.quantile(0.9)


def test_what_is_won_already_is_the_least_it_can_be() -> None:
    """Samples never fall below the figure to date."""
    history = steady()
    tasks = [Task("t", "company", (0, 1), history.asof - 10, history.asof + 5)]
    found = forecast(history, tasks)["t"]
    assert (
        found.to_date == history.won_between(history.asof - 10, history.asof)[:2].sum()
    )
    assert found.samples.min() >= found.to_date


def test_a_period_that_is_over_lands_on_its_figure() -> None:
    """Nothing is left to chance."""
    history = steady()
    tasks = [Task("t", "company", (0,), history.asof - 40, history.asof - 10)]
    found = forecast(history, tasks)["t"]
    assert set(found.samples) == {found.to_date}
    assert found.probability(found.to_date) == 1


def test_a_thin_history_gives_a_reason_instead_of_a_number() -> None:
    """Forty days hold too little to learn from."""
    history = steady(days=45, leaves=1)
    found = forecast(history, everybody(history))["all"]
    assert not found.enough_history
    assert found.reason == "not_enough_history"


def test_an_earlier_day_knows_nothing_of_what_came_after() -> None:
    """Deals closed since are open again, deals opened since are unknown."""
    history = steady()
    day = history.asof - 50
    known = history.as_of(day)
    assert known.created.max() < day
    assert np.all(known.closed[known.outcome != OPEN] < day)
    later = (history.created < day) & (history.closed >= day)
    assert (known.outcome == OPEN).sum() == later.sum()


def test_the_same_facts_give_the_same_figures() -> None:
    """Reproducible from its snapshot, to the last digit."""
    history = steady()
    one, two = (forecast(history, everybody(history))["p0"] for _ in range(2))
    assert np.array_equal(one.samples, two.samples)


def test_hazards_win_in_the_share_seen() -> None:
    """In the steady world three deals in ten are won, all on their tenth day."""
    history = steady(days=900)
    chance = fitted(history).incidence(history.asof, 60, np.array([0]))[0]
    assert chance[-1] == pytest.approx(0.3, abs=0.06)
    assert np.all(np.diff(chance) >= 0)


def test_leaves_share_the_shocks_that_the_company_has_known() -> None:
    """Where good and bad months come by turns, the sum of leaves varies far more.

    Independent leaves: the variance of the sum is the sum of variances. In the steady
    world little is added; by turns of 10 % and 50 %, the company goes two thirds up and
    down of its mean.
    """
    ratio = []
    for history in (steady(), uneven()):
        found = simulate(history, START + 400 + 30, 2000)
        ratio.append(found.sum(axis=0).var() / found.var(axis=1).sum())
    assert ratio[0] < 1.3
    assert ratio[1] > 1.5


@pytest.mark.parametrize("model", [bootstrap, theta, smoothed])
def test_a_constant_series_goes_on(model: Any) -> None:
    """Ten a day for thirty days is three hundred, whatever the method."""
    daily = np.full((2, 364), 10.0)
    found = model(daily, 30, 50, np.random.default_rng(0))
    assert found == pytest.approx(np.full((2, 50), 300.0))


def test_people_add_up_to_their_team_in_every_scenario() -> None:
    """The team's distribution is kept; the parts' sums equal it one by one."""
    dice = np.random.default_rng(3)
    whole = dice.gamma(50, 10, 400)
    parts = [dice.gamma(5, 20, 400) for _ in range(4)] + [np.zeros(400)]
    found = agreed(reordered(whole, parts), parts)
    total = np.sum(found, axis=0)
    assert np.sort(total) == pytest.approx(np.sort(whole))
    assert reordered(whole, found) == pytest.approx(total)
    assert min(part.min() for part in found) >= 0


def test_teams_stay_as_unsure_as_they_were_said_to_be() -> None:
    """A company surer than its teams' sum does not make each team surer than it is."""
    dice = np.random.default_rng(4)
    teams = {f"t{rank}": dice.normal(100, 20, 400) for rank in range(4)}
    samples = {**teams, "company": dice.normal(400, 30, 400)}
    found = reconciled(samples, {"company": list(teams)}, "company")
    for team, said in teams.items():
        assert found[team].std() == pytest.approx(said.std(), rel=0.1)
    together = np.sum([found[team] for team in teams], axis=0)
    assert together == pytest.approx(found["company"])


def test_a_whole_tree_adds_up_and_its_root_is_as_it_was() -> None:
    """A company of two teams, one of them with a team inside and a person beside it."""
    dice = np.random.default_rng(5)
    names = ("company", "north", "south", "lille", "ann", "bob", "cleo", "dan")
    samples = {name: dice.gamma(4, 25, 200) for name in names}
    below = {
        "company": ["north", "south"],
        "north": ["lille", "ann"],
        "lille": ["bob", "cleo"],
        "south": ["dan", "gone"],  # nobody forecasts who is gone
    }
    found = reconciled(samples, below, "company")
    assert set(found) == set(names)
    for node, parts in below.items():
        told = [found[one] for one in parts if one in found]
        assert found[node] == pytest.approx(np.sum(told, axis=0))
    assert np.sort(found["company"]) == pytest.approx(np.sort(samples["company"]))


def test_people_share_a_part_of_their_chance() -> None:
    """Good quarters are good for everybody: paired samples go together, not wholly."""
    dice = np.random.default_rng(6)
    ann, bob = (paired(name, dice.gamma(4, 25, 4000)) for name in ("ann", "bob"))
    assert 0.15 < np.corrcoef(ann, bob)[0, 1] < 0.45


def test_the_score_of_a_certain_forecast_is_its_error() -> None:
    """The CRPS of a point is the absolute error (Gneiting and Raftery 2007)."""
    assert crps(np.full(200, 5.0), np.asarray(8.0)) == pytest.approx(3.0)


def test_a_rate_lands_between_its_figure_and_its_habit() -> None:
    """20 of 40 so far, usually 30 %: the end lies between, and narrows with time."""
    owner = Closings("a", "person", won=20, tried=40, recent_won=60, recent_tried=200)
    early = rate_samples([owner], 60)["a"]
    late = rate_samples([owner], 2)["a"]
    assert early is not None
    assert late is not None
    assert 0.3 < early.mean() < 0.5
    assert late.std() < early.std()


def test_a_rate_of_a_few_closings_is_not_forecast() -> None:
    """Three closings tell nothing."""
    owner = Closings("a", "person", won=1, tried=1, recent_won=1, recent_tried=2)
    assert rate_samples([owner], 30)["a"] is None


def test_a_steep_start_is_learnt_from_a_few_weeks() -> None:
    """Sixty-two days that double each three weeks: more is to come than the mean says.

    What the bootstrap of those days says is their mean, 28 times.
    """
    daily = np.rint(10 * 2 ** (np.arange(62) / 21))[None, :]
    past = Series(0, daily)
    task = Task("all", "company", (0,), 62, 90)
    found = forecast(past, [task], models=SERIES)["all"]
    assert found.enough_history
    assert found.mean > 1.15 * daily.mean() * 28


def test_a_spread_is_measured_on_days_that_bias_was_not_fitted_on() -> None:
    """Two earlier days, one model that says 300 ± 50; 370 came, then 300.

    By hand: without the first day the bias is (300 + 1800) / (300 + 1800) = 1, its error
    70 / 50; without the other 2170 / 2100, its error 10 / 51.67. Their mean square is
    .999, so that the spread said is kept. Fitted on both days, the bias is 2470 / 2400
    and the mean square of what is left .723: the spread would be .933 of the said.
    """
    figures = np.full((1, 89), 10.0)
    figures[0, -14:] = 15.0

    def says(history: Any, tasks: Any, after: int, draws: int) -> Any:
        evenly = (np.arange(draws) + 0.5) / draws - 0.5
        return np.tile(300 + 50 * np.sqrt(12) * evenly, (len(tasks), 1))

    history = Series(START, figures)
    task = Task("all", "company", (0,), history.asof, history.asof + 30)
    only = Models(runs=(says,), names=("only",), prior=np.array([1.0]))
    landing = forecast(history, [task], models=only)["all"]
    assert landing.mean == pytest.approx(300 * 2470 / 2400, rel=1e-3)
    assert landing.samples.std() == pytest.approx(50 * 2470 / 2400, rel=0.01)
