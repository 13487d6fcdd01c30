"""What the data say of a sentence: baseline, history, effort, chances, what lacks.

The KPI engine measures the owner's KPI over the whole periods before the one the
sentence aims at; the forecast, where it can tell, gives the probability.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Ask
from jalon.domain.objectives import focus
from jalon.domain.objectives.adapting import before
from jalon.domain.objectives.models import Model, models
from jalon.domain.objectives.objective import is_flow
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, months_later
from jalon.domain.smart.critique.effort import efforts
from jalon.domain.smart.critique.evidence import NOTHING, Effort, Evidence
from jalon.domain.smart.critique.review import QUARTER
from jalon.domain.smart.drafting import drafted, period_of
from jalon.domain.smart.filtering import Filter
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.reading import Reading
from jalon.domain.smart.rewrite import figure
from jalon.locale.figures import figure as counted
from jalon.locale.sentences import kpi_name
from jalon.queries import kpi_values
from jalon.queries.landings import by_owner
from jalon.queries.snapshots import NoDataError
from jalon.queries.suggestions import values_of
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace

_BACK = {1: 24, 3: 12, 6: 8, 12: 5}
_KINDS = {"company": "company", "team": "team", "person": "person"}
_SELLERS = frozenset(
    [
        "calls",
        "meetings",
        "proposals",
        "prospects_contacted",
        "win_rate",
        "deals_won",
        "new_customers",
        "revenue",
        "average_basket",
        "sales_cycle_days",
        "qualified_leads",
        "pipeline_value",
    ]
)
_COMPANY_ONLY = frozenset({"market_share", "ltv", "ltv_cac_ratio", "cac", "nrr", "grr"})
_DIMENSIONS = ("segment", "sector", "region", "channel", "product")


class Source:
    """The data of one owner on a day; each question is asked once."""

    def __init__(
        self, workspace: Workspace, *, owner: str, on: datetime.date, parent: str = ""
    ) -> None:
        self.workspace, self.owner, self.on, self.parent = workspace, owner, on, parent
        self._known: dict[tuple[object, ...], Mapping[str, Decimal | None]] = {}
        self._reasons: dict[str, str] = {}

    def of(self, reading: Reading, *, forecast: bool = True) -> Evidence:
        """Return what the data say of a reading."""
        if reading.kpi is None or reading.kpi == OTHER:
            return (
                NOTHING if reading.kpi is None else Evidence(reason="out_of_catalogue")
            )
        key = engine_kpi(reading)
        catalogue = kpi_values.catalogue(self.workspace)
        if key not in catalogue:
            return Evidence(reason="out_of_catalogue")
        kpi = catalogue[key]
        where = conditions(self.workspace, reading.filters)
        period = self._period(reading)
        try:
            values = self._values(key, period, where)
        except NoDataError:
            return NOTHING
        except kpi_values.UnableToAnswerError as error:
            return Evidence(reason="not_measurable", missing=(str(error),))
        return self._told(reading, kpi, period, where, values, forecast=forecast)

    def _period(self, reading: Reading) -> Period:
        first_month = self.workspace.settings.fiscal_first_month
        aimed = period_of(
            reading,
            on=self.on,
            first_month=first_month,
            week_start=self.workspace.settings.first_weekday,
        )
        running = containing(self.on, Grain.QUARTER, first_month=first_month)
        return aimed or running

    def _values(
        self, key: str, period: Period, where: tuple[str, ...]
    ) -> Mapping[str, Decimal | None]:
        name = (key, period, where)
        if name not in self._known:
            past = _whole(period, self.on)
            asks = [Ask(str(one.first), self.owner, one, where) for one in past]
            rows = kpi_values.measure(self.workspace, key, asks, on=self.on)
            self._known[name] = {day: row.value for day, row in rows.items()}
            told = [row.reason for row in rows.values() if row.reason]
            self._reasons[key] = told[0] if told else ""
        return self._known[name]

    def _told(
        self,
        reading: Reading,
        kpi: Kpi,
        period: Period,
        where: tuple[str, ...],
        values: Mapping[str, Decimal | None],
        *,
        forecast: bool,
    ) -> Evidence:
        told = [
            (day, value) for day, value in sorted(values.items()) if value is not None
        ]
        begun = next((rank for rank, (_, value) in enumerate(told) if value), len(told))
        history = told[begun:]
        baseline = _baseline(dict(history), kpi, period)
        target = self._target(reading, kpi, baseline)
        chance, unknown = (
            self._chance(kpi, period, where, target)
            if forecast
            else (None, "not_asked")
        )
        return Evidence(
            baseline=None if baseline is None else float(baseline),
            baseline_told=""
            if baseline is None
            else self._said(baseline, kpi, reading),
            history=tuple(float(value) for _, value in history),
            target=None if target is None else float(target),
            lower_is_better=str(kpi.better) == "down",
            efforts=self._efforts(kpi, baseline, target),
            probability=chance,
            no_probability=unknown,
            reason=_unknown(reading, target),
            parent=self.parent or self._parent(kpi, period),
            role_fits=self._role_fits(kpi),
            within_reach=self._within_reach(kpi),
            carried=self._carried(period),
            most=focus.MOST_OBJECTIVES,
            currency=self.workspace.settings.currency,
        )

    def _target(
        self, reading: Reading, kpi: Kpi, baseline: Decimal | None
    ) -> Decimal | None:
        found = drafted(reading, kpi, on=self.on) or drafted(
            _in_quarter(reading), kpi, on=self.on
        )
        if found is None:
            return None
        if found.target is not None:
            return found.target
        if baseline is None or reading.amount is None or reading.amount.value is None:
            return None
        value = Decimal(str(reading.amount.value))
        value = -value if reading.direction == "decrease" else value
        if reading.amount.kind == "relative_percent":
            return baseline * (1 + value / 100)
        share = reading.amount.kind == "points" and str(kpi.unit) == "share"
        return baseline + (value / 100 if share else value)

    def _chance(
        self, kpi: Kpi, period: Period, where: tuple[str, ...], target: Decimal | None
    ) -> tuple[float | None, str]:
        """Return the probability of the forecast, else why it cannot tell."""
        if target is None:
            return None, "no_amount"
        if not period.first <= self.on < period.after:
            return None, "not_running"
        kind = _KINDS[self.owner.partition(":")[0]]
        found = by_owner(
            self.workspace, kpi.key, period, by=kind, where=where, on=self.on
        )
        mine = next((one for one in found if one.owner == self.owner), None)
        if mine is None or mine.outlook is None:
            return None, "short_history"
        up = str(kpi.better) != "down"
        return float(mine.outlook.probability(target, up=up)), ""

    def _efforts(
        self, kpi: Kpi, baseline: Decimal | None, target: Decimal | None
    ) -> tuple[Effort, ...]:
        """Return the gap in plain drivers, at the rates of the last twelve months."""
        if baseline is None or target is None:
            return ()
        falls = str(kpi.better) == "down"
        gap = baseline - target if falls else target - baseline
        return efforts(kpi.key, gap, self._rate) if gap > 0 else ()

    def _rate(self, key: str) -> Decimal | None:
        year = Period(months_later(self.on, -12), self.on + datetime.timedelta(days=1))
        if key not in kpi_values.catalogue(self.workspace):
            return None
        try:
            rows = kpi_values.measure(
                self.workspace, key, [Ask("year", self.owner, year)], on=self.on
            )
        except (NoDataError, kpi_values.UnableToAnswerError):
            return None
        return rows["year"].value

    def _said(self, value: Decimal, kpi: Kpi, reading: Reading) -> str:
        currency = self.workspace.settings.currency
        unit = {"money": currency, "share": "%", "days": "day", "day": "day"}
        scaled = float(value) * (100 if str(kpi.unit) == "share" else 1)
        legible = float(f"{scaled:.4g}")
        return figure(legible, unit.get(str(kpi.unit)), reading.lang)

    def _parent(self, kpi: Kpi, period: Period) -> str:
        """Return the company's or a team's objective this one would serve."""
        if self.owner == "company":
            return ""
        return next(
            (
                one.statement or one.id
                for one in objective_rows.load().values()
                if one.kpi == kpi.key
                and not one.is_closed
                and one.owner != self.owner
                and not one.owner.startswith("person:")
                and one.period.first < period.after
                and period.first < one.period.after
            ),
            "",
        )

    def _role_fits(self, kpi: Kpi) -> bool | None:
        suited = [one for one in models() if one.kpi == kpi.key]
        if not self.owner.startswith("person:"):
            return True
        if kpi.key in _SELLERS or any(_for_sellers(one) for one in suited):
            return True
        return None

    def _within_reach(self, kpi: Kpi) -> bool | None:
        if not self.owner.startswith("person:"):
            return True
        return kpi.key not in _COMPANY_ONLY

    def _carried(self, period: Period) -> int | None:
        if not self.owner.startswith("person:"):
            return None
        return sum(
            one.owner == self.owner
            and not one.is_closed
            and one.period.first < period.after
            and period.first < one.period.after
            for one in objective_rows.load().values()
        )


def _unknown(reading: Reading, target: Decimal | None) -> str:
    """Return why a target cannot be judged: no figure, or nothing to start from."""
    if target is not None:
        return ""
    return "short_history" if reading.measurable else "no_amount"


def engine_kpi(reading: Reading) -> str:
    """Return the KPI of the engine: a margin told in per cent is the rate."""
    percent = reading.amount is not None and reading.amount.unit == "%"
    level = (
        percent
        and reading.amount is not None
        and (reading.amount.kind in {"absolute", "from_to"})
    )
    if reading.kpi == "gross_margin" and level:
        return "gross_margin_rate"
    return reading.kpi or ""


def conditions(workspace: Workspace, filters: tuple[Filter, ...]) -> tuple[str, ...]:
    """Return the filters of a sentence that the data know, as the engine takes them."""
    found: list[str] = []
    for one in filters:
        if one.dimension == "deal_amount":
            found.append(f"amount{one.value.split(' ')[0]}")
            continue
        dimension = one.dimension if one.dimension in _DIMENSIONS else ""
        if not dimension:
            continue
        try:
            known = values_of(workspace, dimension, one.value, limit=1)
        except (NoDataError, KeyError):
            continue
        if known:
            found.append(f"{dimension}={known[0]}")
    return tuple(found)


def effort_words(efforts: tuple[Effort, ...], lang: str) -> list[str]:
    """Return each effort in plain words: « 18 leads qualifiés de plus »."""
    return [
        f"{counted(Decimal(round(one.more)), 'count', lang=lang)} "
        f"{kpi_name(one.kpi, lang)}"
        for one in efforts
    ]


def _whole(period: Period, on: datetime.date) -> list[Period]:
    """Return the whole periods gone by of the nearest usual length."""
    days = (period.after - period.first).days
    months = min(_BACK, key=lambda one: abs(one * 30.4 - days))
    first = period.first.replace(day=1)
    unit = Period(first, months_later(first, months))
    return [one for one in before(unit, _BACK[months]) if one.after <= on]


def _baseline(
    history: Mapping[str, Decimal], kpi: Kpi, period: Period
) -> Decimal | None:
    """Return the same period a year before for a flow, else the last whole one."""
    year_ago = str(months_later(period.first.replace(day=1), -12))
    if is_flow(kpi) and year_ago in history:
        return history[year_ago]
    return history[max(history)] if history else None


def _in_quarter(reading: Reading) -> Reading:
    """Return the reading bounded by the running quarter."""
    return replace(reading, deadline=QUARTER)


def _for_sellers(model: Model) -> bool:
    return bool({"salesperson", "prospector", "account_manager"} & set(model.roles))
