"""The linear programme of the assignment, and its solution by HiGHS.

One column says that an account goes to a person; every account goes to one. Each load
(potential, workload) of a person is held within the tolerance of the fair share, by
slacks that cost, and one row more holds the number of moves. A solution of the relaxed
programme leaves at most as many accounts split as there are such rows: these few are
then decided exactly, all others standing.
The relaxed value bounds what any assignment among the same candidates could reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from jalon.domain.refusals import Refusal

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]
_WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Columns:
    """Candidates: account `account[k]` to person `person[k]`, costing `cost[k]`.

    `moved` is 1 where the account is taken from somebody present, else 0.
    """

    account: Ranks
    person: Ranks
    cost: Floats
    moved: Floats

    def kept(self, those: NDArray[np.bool_]) -> Columns:
        """Return some of them."""
        return Columns(
            account=self.account[those],
            person=self.person[those],
            cost=self.cost[those],
            moved=self.moved[those],
        )


@dataclass(frozen=True, slots=True)
class Loads:
    """Loads by account (one row a measure), and each person's fair share of them."""

    of: Floats  # measures x accounts
    fair: Floats  # measures x people
    tolerance: float
    price: Floats  # one a measure, for one unit beyond the tolerance
    most_moves: float = np.inf


@dataclass(frozen=True, slots=True)
class Solved:
    """Each account's person, the cost, and the bound no assignment goes below."""

    holder: Ranks
    cost: float
    bound: float


class UnsolvedError(Refusal):
    """The solver gave no solution within its time."""

    def __init__(self, accounts: int, seconds: float) -> None:
        super().__init__(
            "No distribution of the {accounts} accounts was found in {seconds} seconds."
            " Expected fewer accounts at once: take one team, e.g. team:sme.",
            accounts=accounts,
            seconds=round(seconds),
        )


def solved(columns: Columns, loads: Loads, accounts: int, seconds: float) -> Solved:
    """Return the assignment, by the relaxed programme and then the few left split.

    Half of the seconds is for each step. Where the first runs out of time its value is
    no bound, and the gap is told as unknown: infinite.

    Raises:
        UnsolvedError: If the solver gives none within the seconds.
    """
    half = seconds / 2
    values, bound = _run(columns, loads, accounts, half, whole=False)
    settled = values > _WHOLE
    decided = np.zeros(accounts, dtype=bool)
    decided[columns.account[settled]] = True
    kept = settled | ~decided[columns.account]
    few = columns.kept(kept)
    values, cost = _run(few, loads, accounts, half, whole=True)
    taken = values > 0.5  # noqa: PLR2004 - 0 or 1, but for rounding
    holder = np.zeros(accounts, dtype=np.int64)
    holder[few.account[taken]] = few.person[taken]
    return Solved(holder, cost, bound)


def _run(
    columns: Columns, loads: Loads, accounts: int, seconds: float, *, whole: bool
) -> tuple[Floats, float]:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", 1e-4)
    solver.passModel(_model(columns, loads, accounts, whole=whole))
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        raise UnsolvedError(accounts, 2 * seconds)
    values: Floats = np.array(solution.col_value[: len(columns.cost)])
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if not whole and not done:
        return values, -np.inf
    return values, float(solver.getInfo().objective_function_value)


def _model(
    columns: Columns, loads: Loads, accounts: int, *, whole: bool
) -> highspy.HighsLp:
    """Return the programme: candidates, then a slack up and down for each load."""
    measures, people = loads.fair.shape
    candidates, rows = len(columns.cost), measures * people
    model = highspy.HighsLp()
    model.num_col_ = candidates + 2 * rows
    model.num_row_ = accounts + rows + 1
    price = np.repeat(loads.price, people)
    model.col_cost_ = np.concatenate([columns.cost, price, price])
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.concatenate(
        [
            np.ones(candidates),
            np.full(2 * rows, highspy.kHighsInf),
        ]
    )
    fair = loads.fair.ravel()
    ones = np.ones(accounts)
    least, most = fair * (1 - loads.tolerance), fair * (1 + loads.tolerance)
    model.row_lower_ = np.concatenate([ones, least, [0.0]])
    model.row_upper_ = np.concatenate([ones, most, [min(loads.most_moves, accounts)]])
    start, index, value = _matrix(columns, loads, accounts)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = start
    model.a_matrix_.index_ = index
    model.a_matrix_.value_ = value
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * candidates
        kinds += [highspy.HighsVarType.kContinuous] * (2 * rows)
        model.integrality_ = kinds
    return model


def _matrix(
    columns: Columns, loads: Loads, accounts: int
) -> tuple[Ranks, Ranks, Floats]:
    """Return the matrix column by column: account, loads, and the row of the moves."""
    measures, people = loads.fair.shape
    candidates, rows = len(columns.cost), measures * people
    index = np.empty((candidates, 2 + measures), dtype=np.int64)
    value = np.empty((candidates, 2 + measures))
    index[:, 0], value[:, 0] = columns.account, 1.0
    for measure in range(measures):
        index[:, 1 + measure] = accounts + measure * people + columns.person
        value[:, 1 + measure] = loads.of[measure, columns.account]
    index[:, -1], value[:, -1] = accounts + rows, columns.moved
    slack = accounts + np.arange(rows)
    start = np.concatenate(
        [
            np.arange(candidates) * (2 + measures),
            candidates * (2 + measures) + np.arange(2 * rows + 1),
        ]
    )
    return (
        start,
        np.concatenate([index.ravel(), slack, slack]),
        np.concatenate([value.ravel(), np.ones(rows), -np.ones(rows)]),
    )
