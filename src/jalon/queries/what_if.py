"""What if, on one objective: its kept landing, moved by a supposition.

The samples and the draws are kept when objectives are evaluated, with the five biggest
open deals due in the period. A page reads them in one query and simulates nothing.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.forecast.history import LOST, OPEN, WON, Floats, History
from jalon.domain.forecast.what_if import (
    Basis,
    Deal,
    Supposed,
    chances,
    draws_of,
    parts,
    supposed,
    without,
)
from jalon.domain.forecast.what_if_ratio import (
    Ratio,
    baskets,
    closed_lately,
    ending,
    ends_of,
    losses_for_one_won,
    supposed_ratio,
)
from jalon.domain.kpis.question import Ask, CountedRow
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.refusals import Refusal
from jalon.queries import evaluations, kpi_values
from jalon.queries.landings import EPOCH, FROM_DEALS, Outlook, Pipeline, pipeline_of
from jalon.records import evaluation_rows, objective_rows, reading_rows
from jalon.records.reading_rows import Answer, Key
from jalon.workspace.folder import Workspace

ABOUT = "what_if:"
RATIOS = {"win_rate": True, "average_basket": False}  # KPI: over closings, over wins
OF_DEALS = FROM_DEALS.keys() | RATIOS.keys()
COUNTED, MONEY = "deals_won", "revenue"
BIGGEST = 5
RECENT = 90  # days of closings the win rate is read on
LISTED = 500
MADE = 64
SAID = (0.1, 0.5, 0.9)
_made: dict[tuple[str, Key], Answer] = {}


@dataclass(frozen=True, slots=True)
class Landed:
    """A landing: P10, P50, P90, and the probability of the target."""

    low: Decimal
    middle: Decimal
    high: Decimal
    probability: Decimal | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What can be supposed, what was, and where the figure lands before and after."""

    deals: tuple[Deal, ...]
    win_rate: float
    heads: int
    before: Landed
    after: Landed


def key_of(objective: Objective, on: datetime.date, snapshot: str) -> Key:
    """Return the name the draws are kept under."""
    fingerprint = evaluation_rows.fingerprint(objective)
    return Key(f"{ABOUT}{objective.id}", on, snapshot, fingerprint)


def what_if(
    workspace: Workspace, wanted: str, what: Supposed, *, on: datetime.date
) -> WhatIf | None:
    """Return the landing under a supposition; None where none can be told.

    None: the figure is not made of deals, its period is over, or its history is short.
    """
    objective = objective_rows.load([wanted])[wanted]
    if objective.kpi not in OF_DEALS or on >= objective.period.after:
        return None
    answer = _kept(workspace, objective, on)
    if not answer:
        return None
    basis = _read_ratio(answer) if objective.kpi in RATIOS else _read(answer)
    samples = (
        supposed_ratio(basis, what)
        if isinstance(basis, Ratio)
        else supposed(basis, what)
    )
    return WhatIf(
        deals=basis.deals,
        win_rate=basis.win_rate,
        heads=basis.heads,
        before=_landed(basis.samples, answer),
        after=_landed(samples, answer),
    )


def computed(
    workspace: Workspace,
    objectives: Sequence[Objective],
    found: Mapping[str, Evaluation],
    outlooks: Mapping[str, Outlook],
    *,
    on: datetime.date,
    snapshot: str,
) -> list[tuple[Key, Answer]]:
    """Return what is kept of objectives that deals make and that have an outlook."""
    groups: dict[tuple[str, tuple[str, ...], datetime.date], list[Objective]]
    groups = defaultdict(list)
    for one in objectives:
        if one.kpi in OF_DEALS and one.id in outlooks:
            groups[one.kpi, one.where, one.period.after].append(one)
    kept: list[tuple[Key, Answer]] = []
    catalogue = kpi_values.catalogue(workspace)
    for (kpi, where, _after), group in groups.items():
        of = COUNTED if kpi in RATIOS else kpi
        pipeline, money = (
            pipeline_of(workspace, catalogue[each], where, group, on=on, name=snapshot)
            for each in (of, MONEY if kpi in RATIOS else of)
        )
        if pipeline is None or catalogue[kpi].own or money is None:
            continue  # not of deals here: of orders, of the company's own formula
        big = _due(workspace, group[0], on=on, snapshot=snapshot)
        answers = (
            _ratio_answers(pipeline, money, group, big)
            if kpi in RATIOS
            else _answers(pipeline, group, big)
        )
        for one in group:
            evaluation = found[one.id]
            answers[one.id] |= {
                "actual": float(evaluation.actual or 0),
                "above": float(evaluation.numerator or 0),
                "below": float(evaluation.denominator or 0),
                "target": None if evaluation.target is None else str(evaluation.target),
                "up": one.direction is not Direction.DOWN,
                "samples": _rounded(outlooks[one.id].samples),
            }
            kept.append((key_of(one, on, snapshot), answers[one.id]))
    return kept


def _kept(workspace: Workspace, objective: Objective, on: datetime.date) -> Answer:
    """Return what is kept of an objective, else made here and now; {} for nothing."""
    snapshot = evaluations.current_snapshot(workspace)
    key = key_of(objective, on, snapshot)
    stored = reading_rows.kept([key]).get(key)
    if stored is not None:
        return stored
    known = (str(workspace.folder), key)
    if known not in _made:
        outlooks: dict[str, Outlook] = {}
        fresh = evaluations.computed(
            workspace, [objective], on=on, snapshot=snapshot, outlooks=outlooks
        )
        made = computed(
            workspace, [objective], fresh, outlooks, on=on, snapshot=snapshot
        )
        while len(_made) >= MADE:
            _made.pop(next(iter(_made)))
        _made[known] = made[0][1] if made else {}
    return _made[known]


def _due(
    workspace: Workspace, one: Objective, *, on: datetime.date, snapshot: str
) -> tuple[CountedRow, ...]:
    """Return the open deals due in the period, whoever holds them."""
    ask = Ask("due", "company", one.period, one.where)
    try:
        found = kpi_values.explain(
            workspace, "pipeline_value", ask, on=on, limit=LISTED, snapshot=snapshot
        )
    except Refusal:
        return ()
    return tuple(row for part in found.components for row in part.rows)


def _answers(
    pipeline: Pipeline, group: Sequence[Objective], due: Sequence[CountedRow]
) -> dict[str, dict[str, Any]]:
    """Return the parts of each objective's draws, with its biggest deals apart."""
    history = pipeline.history
    after = (group[0].period.after - EPOCH).days
    chance = chances(history, after)
    apart = _apart(pipeline, group, due, after)
    drawn = {place: draws_of(chance[place], place) for place in apart.every}
    worth = {place: history.amount[place] * drawn[place] for place in apart.every}
    found: dict[str, dict[str, Any]] = {}
    for one in group:
        members = list(pipeline.members[one.id])
        found[one.id] = {
            "still_open": _rounded(apart.rest(one.id, history, members, worth)),
            "to_come": _rounded(apart.to_come[members].sum(axis=0)),
            "deals": [
                {
                    "id": str(row.facts.get("deal_id", "")),
                    "name": str(row.facts.get("name") or row.facts.get("deal_id", "")),
                    "worth": round(float(history.amount[place]), 2),
                    "chance": round(float(chance[place]), 4),
                    "won": _bits(drawn[place]),
                }
                for place, row in apart.big[one.id]
            ],
            "win_rate": _win_rate(history, members),
            "heads": _heads(history, members),
        }
    return found


@dataclass(frozen=True, slots=True)
class _Apart:
    """The biggest deals of each objective, drawn apart, and the parts of all others."""

    big: Mapping[str, Sequence[tuple[int, CountedRow]]]
    every: Sequence[int]
    still: Floats
    to_come: Floats

    def rest(
        self,
        objective: str,
        history: History,
        members: list[int],
        drawn: Mapping[int, Floats],
    ) -> Floats:
        """Return what an owner's other open deals bring, big ones of others too."""
        own = {place for place, _row in self.big[objective]}
        found: Floats = self.still[members].sum(axis=0)
        for place in self.every:
            if place not in own and history.leaf[place] in members:
                found = found + drawn[place]
        return found


def _apart(
    pipeline: Pipeline,
    group: Sequence[Objective],
    due: Sequence[CountedRow],
    after: int,
) -> _Apart:
    history = pipeline.history
    places = _places(history, pipeline.leaves, due)
    big = {one.id: _biggest(history, pipeline.members[one.id], places) for one in group}
    every = sorted({place for chosen in big.values() for place, _row in chosen})
    still, to_come = parts(without(history, every), after)
    return _Apart(big, every, still, to_come)


def _ratio_answers(
    pipeline: Pipeline,
    money: Pipeline,
    group: Sequence[Objective],
    due: Sequence[CountedRow],
) -> dict[str, dict[str, Any]]:
    """Return the draws of both parts of each ratio, its biggest deals apart."""
    history = pipeline.history
    after = (group[0].period.after - EPOCH).days
    won, lost = ends_of(history, after)
    apart = _apart(pipeline, group, due, after)
    ends = {place: ending(won[place], lost[place], place) for place in apart.every}
    wins = {place: is_won for place, (is_won, _lost) in ends.items()}
    found: dict[str, dict[str, Any]] = {}
    for one in group:
        members = list(pipeline.members[one.id])
        rest = apart.rest(one.id, history, members, wins)
        new = apart.to_come[members].sum(axis=0)
        paid = list(money.members[one.id])
        lately = closed_lately(history, members, RECENT)
        found[one.id] = {
            "closings": RATIOS[one.kpi],
            "wins_open": _rounded(rest),
            "wins_new": _rounded(new),
            "losses": _rounded(losses_for_one_won(*lately)),
            "basket": _rounded(baskets(money.history, paid, rest + new)),
            "deals": [
                {
                    "id": str(row.facts.get("deal_id", "")),
                    "name": str(row.facts.get("name") or row.facts.get("deal_id", "")),
                    "worth": round(float(row.counted or 0), 2),
                    "chance": round(float(won[place]), 4),
                    "won": _bits(ends[place][0]),
                    "lost": _bits(ends[place][1]),
                }
                for place, row in apart.big[one.id]
            ],
            "win_rate": _win_rate(history, members),
            "heads": _heads(history, members),
        }
    return found


def _bits(draws: Floats) -> str:
    return "".join("1" if one else "0" for one in draws)


def _places(
    history: History, leaves: Mapping[str, int], due: Sequence[CountedRow]
) -> list[tuple[int, CountedRow]]:
    """Return the rank in the history of each deal due: same owner, same first day."""
    found: list[tuple[int, CountedRow]] = []
    taken: set[int] = set()
    for row in due:
        owner, day = row.facts.get("owner_id"), row.facts.get("created_on")
        leaf = leaves.get(str(owner or ""))
        if leaf is None or not isinstance(day, datetime.date):
            continue
        first = (day - EPOCH).days if type(day) is datetime.date else 0
        same = (history.leaf == leaf) & (history.created == first)
        ranks = [
            int(rank)
            for rank in np.flatnonzero(same & (history.outcome == OPEN))
            if int(rank) not in taken
        ]
        if ranks:
            worth = float(row.counted or 0)
            nearest = min(ranks, key=lambda rank: abs(history.amount[rank] - worth))
            taken.add(nearest)
            found.append((nearest, row))
    return found


def _biggest(
    history: History,
    members: tuple[int, ...],
    places: Sequence[tuple[int, CountedRow]],
) -> list[tuple[int, CountedRow]]:
    own = [one for one in places if history.leaf[one[0]] in members]

    def worth(one: tuple[int, CountedRow]) -> tuple[float, float]:
        return -float(history.amount[one[0]]), -float(one[1].counted or 0)

    return sorted(own, key=worth)[:BIGGEST]


def _win_rate(history: History, members: list[int]) -> float:
    recent = (history.closed >= history.asof - RECENT) & (history.closed < history.asof)
    own = recent & np.isin(history.leaf, members)
    won = int((own & (history.outcome == WON)).sum())
    lost = int((own & (history.outcome == LOST)).sum())
    return won / (won + lost) if won + lost else 0.0


def _heads(history: History, members: list[int]) -> int:
    recent = history.created >= history.asof - RECENT
    own = history.leaf[recent & np.isin(history.leaf, members)]
    return max(len(np.unique(own)), 1)


def _landed(samples: Floats, answer: Answer) -> Landed:
    outlook = Outlook(samples)
    landing = outlook.landing()
    target = answer["target"]
    return Landed(
        low=landing.p10 or Decimal(0),
        middle=landing.p50 or Decimal(0),
        high=landing.p90 or Decimal(0),
        probability=None
        if target is None
        else outlook.probability(Decimal(target), up=bool(answer["up"])),
    )


def _read(answer: Answer) -> Basis:
    return Basis(
        actual=float(answer["actual"]),
        samples=np.array(answer["samples"], np.float64),
        still_open=np.array(answer["still_open"], np.float64),
        to_come=np.array(answer["to_come"], np.float64),
        deals=_deals(answer),
        win_rate=float(answer["win_rate"]),
        heads=int(answer["heads"]),
    )


def _read_ratio(answer: Answer) -> Ratio:
    draws = {
        name: np.array(answer[name], np.float64)
        for name in ("samples", "wins_open", "wins_new", "losses", "basket")
    }
    return Ratio(
        above=float(answer["above"]),
        below=float(answer["below"]),
        deals=_deals(answer),
        lost=tuple(_draws_in(one["lost"]) for one in answer["deals"]),
        win_rate=float(answer["win_rate"]),
        heads=int(answer["heads"]),
        closings=bool(answer["closings"]),
        **draws,
    )


def _deals(answer: Answer) -> tuple[Deal, ...]:
    return tuple(
        Deal(
            id=one["id"],
            name=one["name"],
            worth=float(one["worth"]),
            chance=float(one["chance"]),
            won=_draws_in(one["won"]),
        )
        for one in answer["deals"]
    )


def _draws_in(bits: str) -> Floats:
    return np.array([float(bit) for bit in bits])


def _rounded(values: Floats) -> list[float]:
    return [round(float(one), 4) for one in values]
