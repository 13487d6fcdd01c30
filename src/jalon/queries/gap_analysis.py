"""Why a figure is off: the gap, its drivers, who and where, the levers.

A gap is the actual less a reference: the same days a year earlier (N-1), the period
before (previous), or a target. Against a target the drivers explain the change since
N-1 (or the period before where there is none), and what the target asks beyond that
reference is a driver of its own, *ambition*. All amounts add up to the gap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from jalon.domain.gaps.funnel import Effect, Funnel, effects, funnel_of
from jalon.domain.gaps.mix import Part, rate_and_mix
from jalon.domain.gaps.prices import Product, merged, price_effects
from jalon.domain.gaps.slices import Cell, Slice, scan
from jalon.domain.kpis.question import Answer, AnswerRow, Question
from jalon.domain.periods import Period
from jalon.domain.periods.comparison import compared, up_to
from jalon.domain.quantities import Unit
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.workspace.folder import Workspace

AGAINST = ("target", "N-1", "previous")
RATIOS = ("ratio", "mean", "share")
COUNTS = ("sum", "distinct")
LMDI = "lmdi"  # effects of a chain: order-free, exact
RATE_MIX = "rate_mix"  # symmetric split of a ratio
PRICES = "price_volume_mix"  # price at new quantities, volume and mix at old prices
SPLITS = ("drivers", PRICES)
MOVEMENTS = "movements"  # of a stock: what came, grew, came back, shrank and left
MRR = {
    "mrr_new": 1,
    "mrr_expansion": 1,
    "mrr_reactivation": 1,
    "mrr_contraction": -1,
    "mrr_churn": -1,
}
TO_THE_CENT = 0.005
SOLD, UNITS = "revenue", "units_sold"
DIMENSIONS = ("team", "person", "product", "segment", "sector", "region", "channel")
NESTED = (frozenset({"team", "person"}),)
CLOSING = (
    "revenue",
    "deals_won",
    "win_rate",
    "win_rate_amount",
)  # a win rate moves them
FEWEST = 30  # closings in each period below which no slice is looked for
_NOT_STARTED = "The period from {first} has not begun on {on}: there is no gap yet."
_NO_VALUE = "{kpi} has no value from {first} to {after} (excluded): nothing to explain."
_NO_PRICES = (
    "{kpi} cannot be split into price, volume and mix: that needs revenue counted on "
    "order lines with their products and quantities. Expected --split drivers, or e.g. "
    "--kpi revenue --basis orders."
)
_NO_REFERENCE = (
    "{kpi} has no value from {first} to {after} (excluded) to compare with. Expected "
    "data there, or another --against."
)

Cuts = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class SliceGap:
    """One group: its own gap, drivers that add up to it, and their sum in the whole."""

    labels: dict[str, str | None]
    keys: dict[str, str | None]
    actual: float | None
    reference: float | None
    gap: float
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap explained. `share` tells of a ratio, whose effects are in points."""

    kpi: str
    unit: str
    currency: str | None
    period: Period
    against: str
    reference_period: Period
    actual: Decimal
    reference: Decimal
    convention: str
    effects: tuple[Effect, ...]
    slices: tuple[SliceGap, ...]
    suspects: tuple[Slice, ...]
    snapshot: str
    better: str = "up"  # or "down": a rise is bad news

    @property
    def amount(self) -> Decimal:
        """Return the actual less the reference."""
        return self.actual - self.reference

    @property
    def residual(self) -> float:
        """Return what the drivers leave unexplained: rounding only."""
        return float(self.amount) - math.fsum(one.amount for one in self.effects)


def explain_gap(
    workspace: Workspace,
    question: Question,
    *,
    against: str,
    on: date,
    target: Decimal | None = None,
    split: str = SPLITS[0],
) -> Gap:
    """Return the gap of a KPI and what it is made of.

    `split` says into what: the drivers of its own funnel, or price, volume and mix of
    the products sold (revenue on order lines only).

    Raises:
        Refusal: If the period has not begun, one side has no value, or the split does
            not fit the KPI.
    """
    period = up_to(question.period, on)
    if period is None:
        raise Refusal(_NOT_STARTED, first=question.period.first, on=on)
    reading = _Reading(workspace, question, on)
    step = "N-1" if against == "target" else against
    before = compared(period, step, whole=question.period)
    if against == "target" and reading.total(before) is None:
        before = compared(period, "previous", whole=question.period)
    actual, was = reading.total(period), reading.total(before)
    if actual is None or actual.value is None:
        raise _without(_NO_VALUE, question.kpi, period)
    if (was is None or was.value is None) and target is None:
        raise _without(_NO_REFERENCE, question.kpi, before)
    known = Decimal(0) if was is None or was.value is None else was.value
    change = actual.value - known
    found = (
        reading.by_price(period, before, float(change))
        if split == PRICES
        else reading.explained(period, before, change)
    )
    reference = known if target is None else target
    return Gap(
        kpi=question.kpi,
        unit=reading.unit,
        currency=actual.currency,
        period=period,
        against=against,
        reference_period=before,
        actual=actual.value,
        reference=reference,
        convention=found.convention,
        effects=_with_ambition(found.effects, known, target),
        slices=found.slices,
        suspects=reading.suspects(period, before),
        snapshot=reading.snapshot,
        better=reading.better,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    convention: str
    effects: tuple[Effect, ...]
    slices: tuple[SliceGap, ...]


class _Reading:
    """The figures of one question, each read once from the engine."""

    def __init__(self, workspace: Workspace, question: Question, on: date) -> None:
        self._workspace, self._question, self._on = workspace, question, on
        self._kpi = kpi_values.catalogue(workspace)[question.kpi]
        self._kept: dict[tuple[str, Period, Cuts], Answer | None] = {}
        self.unit = self._kpi.unit.value
        self.better = self._kpi.better
        self._closes = question.kpi in CLOSING
        self.snapshot = ""

    def total(self, period: Period) -> AnswerRow | None:
        """Return the figure without any cut; None where it cannot be read."""
        return self._row(self._question.kpi, period)

    def _row(self, kpi: str, period: Period) -> AnswerRow | None:
        answer = self._answer(kpi, period, ())
        row = None if answer is None else next(iter(answer.rows), None)
        return None if row is None or row.value is None else row

    def explained(self, period: Period, before: Period, change: Decimal) -> _Found:
        """Return the drivers of the change, and by group where groups are asked."""
        if self._kpi.kind.value in RATIOS:
            return self._ratio(period, before)
        if self._kpi.key == "mrr" and not self._question.by:
            moved = self._movements(period, before)
            if (
                abs(math.fsum(one.amount for one in moved) - float(change))
                < TO_THE_CENT
            ):
                return _Found(MOVEMENTS, _settled(moved, float(change)), ())
        funnel = self._funnel(period)
        groups = _even(self._groups(funnel, period, before, self._question.by))
        slices = tuple(self._slice(funnel, group) for group in groups)
        if not self._question.by:
            whole = slices[0].effects if slices else ()
            return _Found(LMDI, _settled(whole, float(change)), ())
        alone = _bared(self._groups(funnel, period, before, ()), groups)
        whole = effects(funnel, alone[0].was, alone[0].now) if alone else ()
        summed = _summed(whole, [one.effects for one in slices])
        return _Found(LMDI, _settled(summed, float(change)), slices)

    def by_price(self, period: Period, before: Period, change: float) -> _Found:
        """Return price, volume and mix of the products, and the same by group.

        Raises:
            Refusal: If the KPI is no revenue on order lines.
        """
        answer = self._answer(self._question.kpi, period, ())
        if self._kpi.key != SOLD or answer is None or answer.basis != "orders":
            raise Refusal(_NO_PRICES, kpi=self._question.kpi)
        by = self._question.by
        sold = self._sold(period, before)
        groups = _even(
            self._groups(Funnel(SOLD, "", (SOLD,), ("",)), period, before, by)
        )
        slices = tuple(
            self._priced(group, sold.get(_told(group.row), [])) for group in groups
        )
        everything = [one for group in sold.values() for one in group]
        whole = price_effects(merged(everything), change)
        return _Found(PRICES, whole, slices if by else ())

    def _priced(self, group: _Group, sold: list[Product]) -> SliceGap:
        actual, reference = group.now[-1], group.was[-1]
        gap = (actual or 0.0) - (reference or 0.0)
        return SliceGap(
            labels=dict(group.row.labels),
            keys=dict(group.row.keys),
            actual=actual,
            reference=reference,
            gap=gap,
            effects=price_effects(sold, gap),
        )

    def _sold(self, period: Period, before: Period) -> dict[Cuts, list[Product]]:
        """Return units and mean price of each product in both periods, by group."""
        cells: dict[tuple[Cuts, str], list[float]] = {}
        for at, (kpi, days) in enumerate(
            [(SOLD, before), (UNITS, before), (SOLD, period), (UNITS, period)]
        ):
            answer = self._answer(kpi, days, (*self._question.by, "product"))
            for row in answer.rows if answer else ():
                product = row.keys.get("product_id") or row.labels.get("product")
                if product:
                    key = (_told(row, without="product"), product)
                    cells.setdefault(key, [0.0] * 4)[at] = float(row.value or 0)
        found: dict[Cuts, list[Product]] = {}
        for (group, product), (was, units_was, now, units_now) in cells.items():
            one = Product(
                product,
                was / units_was if units_was > 0 else 0.0,
                max(units_was, 0.0),
                now / units_now if units_now > 0 else 0.0,
                max(units_now, 0.0),
            )
            found.setdefault(group, []).append(one)
        return found

    def suspects(self, period: Period, before: Period) -> tuple[Slice, ...]:
        """Return the slices whose win rate fell beyond the general change."""
        if not self._closes:
            return ()
        try:
            dimensions = self._carried()
            now = self._cells(period, dimensions)
            was = self._cells(before, dimensions)
        except Refusal:
            return ()
        if min(_closings(now), _closings(was)) < FEWEST:
            return ()
        cells = [
            Cell(dict(zip(dimensions, key, strict=True)), *was.get(key, (0, 0)), *found)
            for key, found in {**dict.fromkeys(was, (0.0, 0.0)), **now}.items()
        ]
        return scan(cells, dimensions, nested=NESTED)

    def _carried(self) -> tuple[str, ...]:
        """Return the dimensions that distinguish anything in this company."""
        found = []
        for name in DIMENSIONS:
            answer = self._answer("win_rate", self._question.period, (name,))
            if answer is not None and len(answer.rows) > 1:
                found.append(name)
        return tuple(found)

    def _cells(
        self, period: Period, dimensions: tuple[str, ...]
    ) -> dict[tuple[str, ...], tuple[float, float]]:
        answer = self._answer("win_rate", period, dimensions)
        found: dict[tuple[str, ...], tuple[float, float]] = {}
        for row in answer.rows if answer else ():
            key = tuple(row.labels[name] or "" for name in dimensions)
            tried, won = found.get(key, (0.0, 0.0))
            found[key] = (
                tried + float(row.denominator or 0),
                won + float(row.numerator or 0),
            )
        return found

    def _funnel(self, period: Period) -> Funnel:
        answer = self._answer(self._question.kpi, period, ())
        counted = self.unit == Unit.COUNT.value and self._kpi.kind.value in COUNTS
        return funnel_of(
            self._question.kpi,
            "" if answer is None else answer.basis,
            alone="volume" if counted else "figure",
        )

    def _movements(self, period: Period, before: Period) -> tuple[Effect, ...]:
        """Return what moved a stock of subscriptions from one last day to the other."""
        between = Period(before.after, period.after)
        found = []
        for kpi, sign in MRR.items():
            row = self._row(kpi, between)
            amount = 0.0 if row is None else float(row.value or 0)
            found.append(Effect(kpi, None, None, sign * amount))
        return tuple(found)

    def _groups(
        self, funnel: Funnel, period: Period, before: Period, by: tuple[str, ...]
    ) -> list[_Group]:
        now = [self._level(level, period, by) for level in funnel.levels]
        was = [self._level(level, before, by) for level in funnel.levels]
        names: dict[Cuts, AnswerRow] = {}
        for level in (*now, *was):
            for key, (row, _) in level.items():
                names.setdefault(key, row)
        return [
            _Group(
                row=row,
                now=[level[key][1] if key in level else None for level in now],
                was=[level[key][1] if key in level else None for level in was],
            )
            for key, row in names.items()
        ]

    def _level(
        self, level: str, period: Period, by: tuple[str, ...]
    ) -> dict[Cuts, tuple[AnswerRow, float | None]]:
        """Return a level's values by group; empty where the KPI cannot be read."""
        kpi, _, part = level.partition(".")
        answer = self._answer(kpi, period, by)
        if answer is None:
            return {}
        return {
            tuple(row.keys.values()) or tuple(row.labels.values()): (
                row,
                _number(getattr(row, part or "value")),
            )
            for row in answer.rows
        }

    def _slice(self, funnel: Funnel, group: _Group) -> SliceGap:
        actual, reference = group.now[-1], group.was[-1]
        return SliceGap(
            labels=dict(group.row.labels),
            keys=dict(group.row.keys),
            actual=actual,
            reference=reference,
            gap=(actual or 0.0) - (reference or 0.0),
            effects=effects(funnel, group.was, group.now),
        )

    def _ratio(self, period: Period, before: Period) -> _Found:
        """Return rate and mix over the groups asked, or over the teams."""
        by = self._question.by or ("team",)
        now = self._fractions(period, by)
        was = self._fractions(before, by)
        if not now or not was:
            by = ()
            now, was = self._fractions(period, by), self._fractions(before, by)
        keys = {**was, **now}
        parts = [
            Part(str(rank), _pair(was.get(key)), _pair(now.get(key)))
            for rank, key in enumerate(keys)
        ]
        found = rate_and_mix(parts)
        rows = list(keys.values())
        own = "rate" if self._closes else "own_level"
        slices = tuple(
            _ratio_slice(row, part, (own, one.rate), one.mix)
            for row, part, one in zip(rows, parts, found, strict=True)
        )
        rate = math.fsum(one.rate for one in found)
        mix = math.fsum(one.mix for one in found)
        whole = (Effect(own, None, None, rate), Effect("mix", None, None, mix))
        return _Found(RATE_MIX, whole, slices if self._question.by else ())

    def _fractions(self, period: Period, by: tuple[str, ...]) -> dict[Cuts, AnswerRow]:
        answer = self._answer(self._question.kpi, period, by)
        rows = answer.rows if answer else ()
        return {
            tuple(row.keys.values()) or tuple(row.labels.values()): row
            for row in rows
            if row.denominator
        }

    def _answer(self, kpi: str, period: Period, by: Cuts) -> Answer | None:
        key = (kpi, period, by)
        if key not in self._kept:
            self._kept[key] = self._read(kpi, period, by)
        return self._kept[key]

    def _read(self, kpi: str, period: Period, by: Cuts) -> Answer | None:
        question = replace(
            self._question, kpi=kpi, period=period, by=tuple(str(one) for one in by)
        )
        try:
            answer = kpi_values.value(self._workspace, question, on=self._on)
        except kpi_values.UnableToAnswerError:
            if kpi == self._question.kpi:
                raise
            return None
        self.snapshot = answer.snapshot
        return answer


@dataclass(frozen=True, slots=True)
class _Group:
    row: AnswerRow
    now: list[float | None]
    was: list[float | None]


def _told(row: AnswerRow, without: str = "") -> Cuts:
    """Return a row's own cuts, by their key where there is one, else by their label."""
    names = [name for name in row.labels if name != without]
    return tuple(row.keys.get(f"{name}_id", row.labels[name]) for name in names)


def _even(groups: Sequence[_Group]) -> list[_Group]:
    """Return the groups that have the KPI, on the levels all of them have."""
    held = [group for group in groups if group.now[-1] or group.was[-1]]
    return [_bare(group, _missing(held)) for group in held]


def _bared(alone: Sequence[_Group], groups: Sequence[_Group]) -> list[_Group]:
    """Return the whole on the levels its groups have."""
    return [_bare(group, _missing(groups)) for group in alone]


def _missing(groups: Sequence[_Group]) -> set[int]:
    """Return the ranks of the levels that a group lacks in both periods."""
    return {
        rank
        for group in groups
        for rank, (now, was) in enumerate(zip(group.now, group.was, strict=True))
        if not now and not was
    }


def _bare(group: _Group, without: set[int]) -> _Group:
    return replace(
        group,
        now=[None if rank in without else one for rank, one in enumerate(group.now)],
        was=[None if rank in without else one for rank, one in enumerate(group.was)],
    )


def _with_ambition(
    found: tuple[Effect, ...], known: Decimal, target: Decimal | None
) -> tuple[Effect, ...]:
    """Return the drivers, with what a target asks beyond the reference."""
    if target is None:
        return found
    asked = Effect("ambition", float(known), float(target), float(known - target))
    return (*found, asked)


def _summed(
    whole: Sequence[Effect], each: Sequence[tuple[Effect, ...]]
) -> tuple[Effect, ...]:
    """Return the drivers of the whole, their amounts those of the groups added up."""
    amounts: dict[str, list[float]] = {one.driver: [] for one in whole}
    for one in (effect for found in each for effect in found):
        amounts.setdefault(one.driver, []).append(one.amount)
    known = {one.driver: one for one in whole}
    return tuple(
        replace(known.get(driver, Effect(driver, None, None, 0.0)), amount=sum(parts))
        for driver, parts in amounts.items()
    )


def _settled(found: tuple[Effect, ...], change: float) -> tuple[Effect, ...]:
    """Return effects that add up to the change to the last digit."""
    if not found:
        return ()
    largest = max(range(len(found)), key=lambda rank: abs(found[rank].amount))
    left = change - math.fsum(one.amount for one in found)
    return tuple(
        replace(one, amount=one.amount + left) if rank == largest else one
        for rank, one in enumerate(found)
    )


def _ratio_slice(
    row: AnswerRow, part: Part, own: tuple[str, float], mix: float
) -> SliceGap:
    driver, rate = own
    was = part.was[0] / part.was[1] if part.was[1] else None
    now = part.now[0] / part.now[1] if part.now[1] else None
    return SliceGap(
        labels=dict(row.labels),
        keys=dict(row.keys),
        actual=now,
        reference=was,
        gap=rate + mix,
        effects=(Effect(driver, None, None, rate), Effect("mix", None, None, mix)),
    )


def _pair(row: AnswerRow | None) -> tuple[float, float]:
    if row is None:
        return 0.0, 0.0
    return float(row.numerator or 0), float(row.denominator or 0)


def _closings(cells: dict[tuple[str, ...], tuple[float, float]]) -> float:
    return sum(tried for tried, _ in cells.values())


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _without(sentence: str, kpi: str, period: Period) -> Refusal:
    return Refusal(sentence, kpi=kpi, first=period.first, after=period.after)
