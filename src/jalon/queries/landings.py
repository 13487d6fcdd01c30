"""Where objectives will probably end: the facts as the forecast reads them.

Won deals, counted or in money, from the life of every deal; other sums from their daily
figures; rates from their closings; averages, stocks, cohorts and the rest from how past
periods ended. What is counted already is the evaluation's own actual, so that a landing
never falls below it. With too little past there is none, and the reason is said.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

import numpy as np

from jalon.domain.attainment.evaluation import Evaluation, Landing
from jalon.domain.forecast.coherence import reconciled
from jalon.domain.forecast.history import (
    LOST,
    OPEN,
    WON,
    Floats,
    History,
    Series,
    Task,
)
from jalon.domain.forecast.pool import DEALS, SERIES, Forecast, Models, Past, forecast
from jalon.domain.forecast.rates import Closings, rate_samples
from jalon.domain.forecast.windows import Parts, Window, landing_samples
from jalon.domain.kpis.algebra import Kind, Kpi, Measure
from jalon.domain.kpis.conditions import condition
from jalon.domain.kpis.question import AnswerRow, Ask, Question
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.periods import Period
from jalon.domain.quantities import Unit
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.filters import resolved
from jalon.queries.organisation import Organisation, organisation
from jalon.queries.snapshots import Snapshot, snapshot, with_attributes
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cut import Wanted
from jalon.warehouse.compile.lives import lives
from jalon.workspace.folder import Workspace

ONE_DAY = datetime.timedelta(days=1)
EPOCH = datetime.date(1970, 1, 1)
YEARS = 4  # of history a forecast learns from
RECENT = datetime.timedelta(days=90)
FROM_DEALS = {"revenue": False, "deals_won": True}  # KPI: counted, or in money
SUMS = (Kind.SUM, Kind.DISTINCT)
GRADED = "graded_statement"  # its levels are handed in, not read from facts
CENTS = Decimal("0.0001")
PAST_PERIODS = 12
NOBODY, UNOWNED = "", "person:"
COMPANY = "company"
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a figure will land: its samples at the end of the period.

    Those of people and teams over one period are paired: in each, a team's figure is
    what its people's add up to (but for the rounding of counts).
    """

    samples: Floats

    def landing(self) -> Landing:
        """Return the tenth, middle and ninetieth percentile."""
        low, middle, high = (
            Decimal(str(float(one))).quantize(CENTS)
            for one in np.quantile(self.samples, (0.1, 0.5, 0.9))
        )
        return Landing(p10=low, p50=middle, p90=high)

    def probability(self, target: Decimal, *, up: bool) -> Decimal:
        """Return the share of samples that reach the target."""
        wanted = float(target)
        reached = self.samples >= wanted if up else self.samples <= wanted
        return Decimal(str(round(float(reached.mean()), 4)))


def outlooks(
    workspace: Workspace,
    objectives: Sequence[Objective],
    evaluations: Mapping[str, Evaluation],
    *,
    on: datetime.date,
    name: str | None = None,
) -> dict[str, Outlook]:
    """Return the outlook of each objective that runs on `on` and can be forecast."""
    running = [
        one
        for one in objectives
        if one.direction is not Direction.MAINTAIN
        and one.period.first <= on < one.period.after
        and one.id in evaluations
        and evaluations[one.id].actual is not None
    ]
    groups: dict[Key, list[Objective]] = defaultdict(list)
    for one in running:
        groups[one.kpi, one.where].append(one)
    if not groups:
        return {}
    reading = _Reading(workspace, on, name)
    catalogue = kpi_values.catalogue(workspace)
    found: dict[str, Outlook] = {}
    for (kpi, where), group in groups.items():
        if kpi in catalogue:
            found |= reading.group(catalogue[kpi], where, group, evaluations)
    return found


@dataclass(frozen=True, slots=True)
class OwnerForecast:
    """What one owner will probably reach; without enough history, no samples."""

    owner: str
    name: str
    actual: Decimal | None
    outlook: Outlook | None
    method: str
    currency: str | None


def by_owner(
    workspace: Workspace,
    kpi: str,
    period: Period,
    *,
    by: str,
    where: tuple[str, ...] = (),
    on: datetime.date,
) -> tuple[OwnerForecast, ...]:
    """Return the forecast of a KPI for the company, each team or each person.

    Raises:
        UnknownKpiError: If no KPI has that key.
        NoDataError: If nothing was imported yet.
    """
    reading = _Reading(workspace, on, None)
    known = kpi_values.catalogue(workspace)[kpi]
    owners = reading.owners(by)
    asks = [Ask(owner, owner, period, where) for owner in owners]
    rows = kpi_values.measure(workspace, kpi, asks, on=on)
    goals = [_Goal(owner, kpi, owner, where, period) for owner in owners]
    facts = {
        owner: _Fact(row.value, row.numerator, row.denominator)
        for owner, row in rows.items()
    }
    met = [one for one in goals if facts[one.id].actual is not None]
    found = reading.group(known, where, met, facts) if period.first <= on else {}
    return tuple(
        OwnerForecast(
            owner=owner,
            name=name,
            actual=rows[owner].value,
            outlook=found.get(owner),
            method=reading.method(known),
            currency=rows[owner].currency,
        )
        for owner, name in owners.items()
    )


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is forecast: a figure of an owner, over a period."""

    id: str
    kpi: str
    owner: str
    where: tuple[str, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class _Fact:
    """What the facts say so far."""

    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None


class Asked(Protocol):
    """What a forecast needs to know of an objective."""

    @property
    def id(self) -> str:
        """Return its key."""

    @property
    def owner(self) -> str:
        """Return whose it is."""

    @property
    def where(self) -> tuple[str, ...]:
        """Return its filters."""

    @property
    def period(self) -> Period:
        """Return its days."""


class Known(Protocol):
    """What the facts say of it so far."""

    @property
    def actual(self) -> Decimal | None:
        """Return the figure."""

    @property
    def numerator(self) -> Decimal | None:
        """Return what it divides."""

    @property
    def denominator(self) -> Decimal | None:
        """Return by what."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The deals a forecast learns from, the leaf of each person, who counts for whom.

    `members` holds the leaves of each objective.
    """

    history: History
    leaves: Mapping[str, int]
    members: Mapping[str, tuple[int, ...]]


def pipeline_of(
    workspace: Workspace,
    kpi: Kpi,
    where: tuple[str, ...],
    group: Sequence[Asked],
    *,
    on: datetime.date,
    name: str | None = None,
) -> Pipeline | None:
    """Return the deals behind a KPI's landing; None where no deals are behind it."""
    reading = _Reading(workspace, on, name)
    if reading.method(kpi) != "pipeline_pool":
        return None
    return reading.pipeline(kpi, where, group)


def with_landings(
    workspace: Workspace,
    objectives: Sequence[Objective],
    evaluations: Mapping[str, Evaluation],
    *,
    on: datetime.date,
    name: str | None = None,
    into: dict[str, Outlook] | None = None,
) -> dict[str, Evaluation]:
    """Return the evaluations with their landing and the probability of the target.

    The outlooks themselves are put `into` what is handed in.
    """
    found = outlooks(workspace, objectives, evaluations, on=on, name=name)
    if into is not None:
        into.update(found)
    up = {one.id: one.direction is not Direction.DOWN for one in objectives}
    return {
        key: _with(one, found[key], up=up[key]) if key in found else one
        for key, one in evaluations.items()
    }


def _with(evaluation: Evaluation, outlook: Outlook, *, up: bool) -> Evaluation:
    target = evaluation.target
    return replace(
        evaluation,
        landing=outlook.landing(),
        probability=None if target is None else outlook.probability(target, up=up),
    )


class _Reading:
    """One snapshot read for forecasts, on one day."""

    def __init__(
        self, workspace: Workspace, on: datetime.date, name: str | None
    ) -> None:
        self._workspace, self._on, self._name = workspace, on, name
        self._people: Organisation = organisation(workspace, on=on)
        self._asof = _number(on) + 1

    def group(
        self,
        kpi: Kpi,
        where: tuple[str, ...],
        group: Sequence[Asked],
        evaluations: Mapping[str, Known],
    ) -> dict[str, Outlook]:
        """Return the outlooks of objectives that share their KPI and filters."""
        if _of_events(kpi):
            return self._rates(kpi, group, evaluations)
        if _ends_as_before(kpi):
            return self._by_windows(kpi, where, group, evaluations)
        try:
            past, leaves, models = self._past(kpi, where)
        except Refusal:
            return {}
        if past is None:
            return {}
        tasks = [self._task(one, leaves) for one in group]
        met = [one for one in tasks if one.members]
        everybody = [
            one
            for first, after in dict.fromkeys((one.first, one.after) for one in met)
            for one in self._everybody(leaves, first, after)
        ]
        said = forecast(past, [*met, *everybody], models=models)
        ahead = _together(said, everybody, self._tree(leaves))
        owners = {one.id: one.owner for one in group}
        return {
            one.id: Outlook(
                _final(
                    ahead.get(
                        _placed(owners[one.id], one.first, one.after),
                        said[one.id].ahead,
                    ),
                    evaluations[one.id],
                    kpi,
                )
            )
            for one in met
            if _usable(said[one.id])
        }

    def _everybody(
        self, leaves: Mapping[str, int], first: int, after: int
    ) -> list[Task]:
        """Return the tasks of the company, every team and every person of a period."""
        people = self._people
        goals = [
            COMPANY,
            *(f"team:{one.team_id}" for one in people.teams),
            *(f"person:{one}" for one in leaves if one),
        ]
        tasks = [
            Task(
                _placed(owner, first, after),
                owner.partition(":")[0],
                self._members(owner, leaves),
                first,
                after,
            )
            for owner in goals
        ]
        nobody = [leaves[NOBODY]] if NOBODY in leaves else []
        if nobody:
            name = _placed(UNOWNED, first, after)
            tasks.append(Task(name, "person", tuple(nobody), first, after))
        return [one for one in tasks if one.members]

    def _tree(self, leaves: Mapping[str, int]) -> dict[str, list[str]]:
        """Return who each owner is made of: teams, their teams, their people."""
        found: dict[str, list[str]] = defaultdict(list)
        known = {one.team_id for one in self._people.teams}
        for team in self._people.teams:
            above = f"team:{team.parent_id}" if team.parent_id in known else COMPANY
            found[above].append(f"team:{team.team_id}")
        for person in leaves:
            row = self._people.person.get(person)
            team_id = row.team_id if row else None
            above = f"team:{team_id}" if team_id in known else COMPANY
            found[above].append(f"person:{person}" if person else UNOWNED)
        return dict(found)

    def pipeline(
        self, kpi: Kpi, where: tuple[str, ...], group: Sequence[Asked]
    ) -> Pipeline | None:
        """Return the deals behind the landings of objectives that share their KPI."""
        try:
            past, leaves, _models = self._past(kpi, where)
        except Refusal:
            return None
        if not isinstance(past, History):
            return None
        members = {one.id: self._task(one, leaves).members for one in group}
        return Pipeline(past, leaves, members)

    def owners(self, by: str) -> dict[str, str]:
        """Return the owners of a level by key, with their names."""
        people = self._people
        if by == "person":
            return {f"person:{one.person_id}": one.name for one in people.people}
        if by == "team":
            return {f"team:{one.team_id}": one.name for one in people.teams}
        return {"company": ""}

    def method(self, kpi: Kpi) -> str:
        """Return how the KPI is forecast; "" where it is not."""
        if _of_events(kpi):
            return "beta_binomial"
        if method_of(kpi) != "pool":
            return method_of(kpi)
        found = snapshot(self._workspace, self._name)
        basis = kpi_values.basis_of(self._workspace, found)
        from_deals = kpi.key in FROM_DEALS and not kpi.own and basis == "deals"
        return "pipeline_pool" if from_deals else "series_pool"

    def _past(
        self, kpi: Kpi, where: tuple[str, ...]
    ) -> tuple[Past | None, dict[str, int], Models]:
        found = with_attributes(snapshot(self._workspace, self._name))
        from_deals = kpi.key in FROM_DEALS and not kpi.own
        if from_deals and kpi_values.basis_of(self._workspace, found) == "deals":
            history, leaves = self._deals(found, where, counted=FROM_DEALS[kpi.key])
            return history, leaves, DEALS
        if kpi.kind in SUMS:
            series, leaves = self._series(kpi, where)
            return series, leaves, SERIES
        return None, {}, SERIES

    def _deals(
        self, found: Snapshot, where: tuple[str, ...], *, counted: bool
    ) -> tuple[History | None, dict[str, int]]:
        """Return the lives of deals, one leaf a person."""
        filters = resolved([condition(text) for text in where], found)
        since = self._on - datetime.timedelta(days=365 * YEARS)
        wanted = Wanted(
            period=Period(since, self._on + ONE_DAY),
            where=filters.where,
            among=filters.among,
            on=self._on,
        )
        bindings = Bindings()
        query = lives(wanted, found.world, bindings)
        rows = found.run(query, bindings)
        leaves = _ranked(row[0] for row in rows)
        return _history(rows, leaves, self._asof, counted=counted), leaves

    def _series(
        self, kpi: Kpi, where: tuple[str, ...]
    ) -> tuple[Series | None, dict[str, int]]:
        """Return the daily figures of a sum, one leaf a person."""
        since = self._on - datetime.timedelta(days=365 * YEARS)
        question = Question(
            kpi.key, Period(since, self._on + ONE_DAY), ("person", "day"), where
        )
        answer = kpi_values.value(
            self._workspace, question, on=self._on, snapshot=self._name
        )
        cells = [
            (row.keys["person_id"], row.labels["day"], row.value)
            for row in answer.rows
            if row.value is not None and row.labels["day"]
        ]
        if not cells:
            return None, {}
        leaves = _ranked(person for person, _, _ in cells)
        days = [_number(datetime.date.fromisoformat(str(day))) for _, day, _ in cells]
        begin = min(days)
        figures = np.zeros((len(leaves), self._asof - begin))
        for (person, _, value), day in zip(cells, days, strict=True):
            figures[leaves[person or NOBODY], day - begin] += float(value)
        return Series(begin, figures), leaves

    def _rates(
        self,
        kpi: Kpi,
        group: Sequence[Asked],
        evaluations: Mapping[str, Known],
    ) -> dict[str, Outlook]:
        """Return the outlooks of a share of closings."""
        recent = Period(self._on - RECENT + ONE_DAY, self._on + ONE_DAY)
        asks = [Ask(one.id, one.owner, recent, one.where) for one in group]
        try:
            rows = kpi_values.measure(
                self._workspace, kpi.key, asks, on=self._on, snapshot=self._name
            )
        except Refusal:
            return {}
        found: dict[str, Outlook] = {}
        for after in {one.period.after for one in group}:
            some = [one for one in group if one.period.after == after]
            closings = [
                closing
                for one in some
                if (closing := _closings(one, evaluations[one.id], rows.get(one.id)))
            ]
            left = (after - self._on).days - 1
            for name, samples in rate_samples(closings, left).items():
                if samples is not None:
                    found[name] = Outlook(np.sort(samples))
        return found

    def _by_windows(
        self,
        kpi: Kpi,
        where: tuple[str, ...],
        group: Sequence[Asked],
        evaluations: Mapping[str, Known],
    ) -> dict[str, Outlook]:
        """Return the outlooks of figures that do not add up day by day."""
        try:
            begun = self._begun(kpi, where)
        except Refusal:
            return {}
        asks: list[Ask] = []
        places: dict[str, list[datetime.date]] = {}
        for one in group:
            places[one.id] = self._past_periods(one.period, begun)
            for rank, first in enumerate(places[one.id]):
                length, gone = _length(one.period), (self._on - one.period.first).days
                whole = Period(first, first + datetime.timedelta(days=length))
                part = Period(first, first + datetime.timedelta(days=gone + 1))
                asks.append(Ask(f"{one.id}|{rank}|end", one.owner, whole, one.where))
                asks.append(Ask(f"{one.id}|{rank}|day", one.owner, part, one.where))
        try:
            rows = kpi_values.measure(
                self._workspace, kpi.key, asks, on=self._on, snapshot=self._name
            )
        except Refusal:
            return {}
        found: dict[str, Outlook] = {}
        for one in group:
            samples = self._from_windows(
                kpi, one, evaluations[one.id], places[one.id], rows
            )
            if samples is not None:
                found[one.id] = Outlook(samples)
        return found

    def _from_windows(
        self,
        kpi: Kpi,
        one: Asked,
        known: Known,
        places: Sequence[datetime.date],
        rows: Mapping[str, AnswerRow],
    ) -> Floats | None:
        past = []
        divided = known.denominator is not None and known.numerator is not None
        for rank, first in enumerate(places):
            begun = _parts(rows.get(f"{one.id}|{rank}|day"), divided=divided)
            ended = _parts(rows.get(f"{one.id}|{rank}|end"), divided=divided)
            if begun is not None and ended is not None:
                end = first + datetime.timedelta(days=_length(one.period))
                past.append(Window(begun, ended, float((self._on - end).days)))
        now = _parts(known, divided=divided)
        if now is None:
            return None
        samples = landing_samples(
            now,
            past,
            divided=divided,
            scaled=kpi.unit in {Unit.MONEY, Unit.COUNT} or divided,
            growing=kpi.kind is Kind.DISTINCT,
        )
        if samples is None:
            return None
        if kpi.unit is Unit.SHARE and all(0 <= _ratio(w.ended) <= 1 for w in past):
            samples = np.clip(samples, 0, 1) if divided else samples
        return np.rint(samples) if kpi.unit is Unit.COUNT else samples

    def _past_periods(
        self, period: Period, begun: datetime.date | None
    ) -> list[datetime.date]:
        """Return the first days of past periods as long, all over by now."""
        length = _length(period)
        step = datetime.timedelta(days=max(7, length // 3))
        found: list[datetime.date] = []
        first = period.first - step
        while begun and first >= begun and len(found) < PAST_PERIODS:
            if first + datetime.timedelta(days=length) <= self._on + ONE_DAY:
                found.append(first)
            first -= step
        return found

    def _begun(self, kpi: Kpi, where: tuple[str, ...]) -> datetime.date | None:
        """Return the first day of the first month that has a figure."""
        since = self._on - datetime.timedelta(days=365 * YEARS)
        question = Question(
            kpi.key, Period(since, self._on + ONE_DAY), ("month",), where
        )
        answer = kpi_values.value(
            self._workspace, question, on=self._on, snapshot=self._name
        )
        months = [
            str(row.labels["month"])
            for row in answer.rows
            if row.value and row.labels["month"]
        ]
        return datetime.date.fromisoformat(f"{min(months)}-01") if months else None

    def _task(self, objective: Asked, leaves: Mapping[str, int]) -> Task:
        return Task(
            objective.id,
            objective.owner.partition(":")[0],
            self._members(objective.owner, leaves),
            _number(objective.period.first),
            _number(objective.period.after),
        )

    def _members(self, owner: str, leaves: Mapping[str, int]) -> tuple[int, ...]:
        """Return the leaves whose figures are the owner's."""
        level, _, key = owner.partition(":")
        people: Sequence[str] = tuple(leaves)
        if level == "person":
            people = (key,)
        elif level == "team":
            teams = self._people.within(key)
            people = [
                person
                for person in leaves
                if person in self._people.person
                and self._people.person[person].team_id in teams
            ]
        return tuple(leaves[person] for person in people if person in leaves)


def _parts(known: AnswerRow | Known | None, *, divided: bool) -> Parts | None:
    """Return a figure's parts; None where it has no value."""
    if known is None:
        return None
    if divided:
        if known.numerator is None or known.denominator is None:
            return None
        return Parts(float(known.numerator), float(known.denominator))
    value = known.value if isinstance(known, AnswerRow) else known.actual
    return None if value is None else Parts(float(value))


def _ratio(parts: Parts) -> float:
    return parts.above / parts.below if parts.below else 0.0


def _length(period: Period) -> int:
    return (period.after - period.first).days


def _placed(owner: str, first: int, after: int) -> str:
    return f"{owner}|{first}|{after}"


def _together(
    said: Mapping[str, Forecast],
    everybody: Sequence[Task],
    tree: Mapping[str, Sequence[str]],
) -> dict[str, Floats]:
    """Return what is still to come of everybody, people adding up to their teams."""
    found: dict[str, Floats] = {}
    for first, after in dict.fromkeys((one.first, one.after) for one in everybody):
        suffix = f"|{first}|{after}"
        ahead = {
            one.id.removesuffix(suffix): said[one.id].ahead
            for one in everybody
            if (one.first, one.after) == (first, after)
            and len(said[one.id].samples) > 1
        }
        if COMPANY in ahead:
            agreed = reconciled(ahead, tree, COMPANY)
            found |= {owner + suffix: samples for owner, samples in agreed.items()}
    return found


def _history(
    rows: Sequence[tuple[object, ...]],
    leaves: Mapping[str, int],
    asof: int,
    *,
    counted: bool,
) -> History | None:
    kept = [row for row in rows if row[1] is not None]
    if not kept:
        return None
    said = {"won": WON, "lost": LOST}
    closed = np.array([-1 if row[2] is None else row[2] for row in kept], np.int64)
    outcome = np.array([said.get(str(row[3]), OPEN) for row in kept], np.int64)
    outcome = np.where((closed < 0) | (closed >= asof), OPEN, outcome)
    share = np.array([row[5] or 0.0 for row in kept], np.float64)
    amount = np.array([row[4] or 0.0 for row in kept], np.float64)
    if counted:
        amount = np.ones(len(kept))
    leaf = np.array([leaves[str(row[0] or NOBODY)] for row in kept], np.int64)
    amount = _hoped(amount, outcome)
    ended = closed[outcome != OPEN]
    return History(
        asof=asof,
        observed_from=int(ended.min()) if len(ended) else asof,
        created=np.array([row[1] for row in kept], np.int64),
        closed=closed,
        outcome=outcome,
        amount=amount if counted else amount * share,
        value=np.where(outcome == WON, amount * share, 0.0),
        leaf=leaf,
        leaves=len(leaves),
    )


def _hoped(amount: Floats, outcome: np.ndarray) -> Floats:
    """Return amounts where those that say nothing are hoped to be the usual one."""
    known = amount[(outcome == WON) & (amount > 0)]
    usual = float(np.median(known)) if len(known) else 0.0
    found: Floats = np.where((outcome != WON) & (amount <= 0), usual, amount)
    return found


def _closings(objective: Asked, evaluation: Known, recent: object) -> Closings | None:
    won, tried = evaluation.numerator, evaluation.denominator
    before_won = getattr(recent, "numerator", None)
    before_tried = getattr(recent, "denominator", None)
    if won is None or tried is None or won > tried:
        return None
    return Closings(
        id=objective.id,
        level=objective.owner.partition(":")[0],
        won=float(won),
        tried=float(tried),
        recent_won=float(before_won or 0),
        recent_tried=float(before_tried or 0),
    )


def method_of(kpi: Kpi) -> str:
    """Return which way a KPI is forecast; "" where it is not."""
    if _of_events(kpi):
        return "beta_binomial"
    if kpi.kind is Kind.SUM:
        return "pool"
    return "past_periods" if _ends_as_before(kpi) else ""


def _ends_as_before(kpi: Kpi) -> bool:
    """Return whether the KPI is forecast from how past periods ended."""
    return kpi.kind is not Kind.SUM and kpi.key != GRADED


def _of_events(kpi: Kpi) -> bool:
    """Return whether the KPI is a share of events (money has no Beta-binomial)."""
    parts = kpi.components.values()
    counts = all(
        one.measure in {Measure.COUNT, Measure.DISTINCT} and one.source for one in parts
    )
    shares = kpi.kind in {Kind.RATIO, Kind.SHARE} and kpi.unit is Unit.SHARE
    return shares and counts and bool(kpi.components)


def _final(ahead: Floats, evaluation: Known, kpi: Kpi) -> Floats:
    """Return the samples of the final figure, in their scenarios.

    Things counted are whole: the middle ones of a team are then whole too, if not to
    the unit the sum of its people's.
    """
    samples = float(_actual(evaluation)) + ahead
    return np.rint(samples) if kpi.unit is Unit.COUNT else samples


def _usable(one: Forecast) -> bool:
    return one.enough_history and len(one.samples) > 1


def _actual(evaluation: Known) -> Decimal:
    return Decimal(0) if evaluation.actual is None else evaluation.actual


def _ranked(people: object) -> dict[str, int]:
    names = sorted({str(person or NOBODY) for person in people})  # type: ignore[attr-defined]
    return {name: rank for rank, name in enumerate(names)}


def _number(day: datetime.date) -> int:
    return (day - EPOCH).days
