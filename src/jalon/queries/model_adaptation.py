"""A model filled from the company's own data: baseline, season, usual range, target.

One measure of the KPI brings everything for an owner: the period aimed at so far, the
whole periods before it and the company's months. Facts dated after `on` do not count.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.conditions import condition
from jalon.domain.kpis.question import AnswerRow, Ask, Question
from jalon.domain.objectives.adapting import (
    MONTHS,
    TOO_SHORT,
    YEAR,
    Place,
    Range,
    asked_of,
    before,
    legible,
    pasts,
    period_of,
    place_of,
    proposed,
    season_of_year,
    told_since,
    usual_range,
)
from jalon.domain.objectives.given import needs_objectives
from jalon.domain.objectives.models import Model
from jalon.domain.objectives.objective import (
    Action,
    BaselineRule,
    Direction,
    Measured,
    Objective,
    is_flow,
    is_rate,
)
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import months_later
from jalon.locale import figures
from jalon.queries import kpi_values
from jalon.queries.evaluations import computed, current_snapshot
from jalon.queries.organisation import organisation, people_of
from jalon.queries.snapshots import NoDataError
from jalon.workspace.folder import Workspace

PERIODS_ASKED = {1: 36, 3: 20, 6: 12, 12: 8}
OBJECTIVES_ASKED = 4
SEASON_MONTHS = 36
CHOICES = 12
SO_FAR = "so_far"
NO_FACTS = "reason.no_facts_yet"
LANGUAGES = ("fr", "en")
OVER = {  # what the baseline is, after "over"
    BaselineRule.LAST_YEAR: {"fr": "l'an dernier", "en": "last year"},
    BaselineRule.PREVIOUS: {"fr": "la période précédente", "en": "the period before"},
}
DAYS = {"fr": "jours", "en": "days"}
SELLERS = frozenset({"salesperson", "prospector", "account_manager"})


@dataclass(frozen=True, slots=True)
class PastValue:
    """What the KPI was worth over one whole period gone by."""

    period: Period
    value: Decimal


@dataclass(frozen=True, slots=True)
class Beside:
    """Another KPI of the model over the last whole period."""

    kpi: str
    label: Mapping[str, str]
    unit: str
    currency: str
    value: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """One model as this company would take it up, for one owner over one period.

    Figures are in the KPI's unit, a share as a fraction; `reason` says why there is no
    baseline or no range. `season` is each month of the period beside the mean month.
    `people` is the number of sellers a target "per person" is multiplied by.
    """

    model: Model
    owner: str
    period: Period
    where: tuple[str, ...]
    unit: str
    currency: str
    label: Mapping[str, str]
    baseline: Decimal | None
    baseline_rule: BaselineRule
    baseline_period: Period
    so_far: Decimal | None
    asked: Decimal | None
    usual: Range | None
    place: Place
    proposal: Decimal | None
    statement: Mapping[str, str]
    reason: str = ""
    people: int = 1
    history: tuple[PastValue, ...] = ()
    season: Mapping[int, Decimal] = field(default_factory=dict)
    snapshot: str = ""

    @property
    def change(self) -> Decimal | None:
        """Return proposal ÷ baseline − 1; for a rate, their difference."""
        if self.proposal is None or self.baseline is None:
            return None
        if self.unit in {"share", "percent"}:
            return self.proposal - self.baseline
        return self.proposal / self.baseline - 1 if self.baseline else None


def adapt(
    workspace: Workspace,
    model: Model,
    *,
    on: datetime.date,
    owner: str = "company",
    period: Period | None = None,
    where: Sequence[str] | None = None,
) -> Adaptation:
    """Return the model filled from the data of an owner, over the running period.

    A filter the company's facts do not know gives way to its own nearest choice.
    """
    kpi = kpi_values.catalogue(workspace)[model.kpi]
    first_month = workspace.settings.fiscal_first_month
    aimed = period or period_of(model, on=on, first_month=first_month)
    kept = _where(workspace, model, on=on) if where is None else tuple(where)
    asked = _Asked(workspace, model, owner, aimed, kept, on)
    rows = _of_objectives(asked) if needs_objectives(kpi) else _rows(asked)
    return _adapted(asked, kpi, rows)


def choices(
    workspace: Workspace, dimension: str, *, on: datetime.date
) -> tuple[tuple[str, Decimal], ...]:
    """Return the values of a dimension, by the revenue of the last twelve months."""
    year = Period(months_later(on, -YEAR), on + datetime.timedelta(days=1))
    question = Question("revenue", year, by=(dimension,))
    try:
        rows = kpi_values.value(workspace, question, on=on).rows
    except (NoDataError, kpi_values.UnableToAnswerError):
        return ()
    found = [
        (str(row.labels[dimension]), row.value or Decimal(0))
        for row in rows
        if row.labels[dimension]
    ]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0]))[:CHOICES])


def beside(
    adaptation: Adaptation, workspace: Workspace, *, on: datetime.date
) -> tuple[Beside, ...]:
    """Return the model's other KPIs over the last whole period, with their reasons.

    One that looks forward (the open pipeline) is read over the running period, `on`.
    """
    catalogue = kpi_values.catalogue(workspace)
    (last,) = before(adaptation.period, 1)
    eve = last.after - datetime.timedelta(days=1)
    past = Ask(SO_FAR, adaptation.owner, last, ())
    running = Ask(SO_FAR, adaptation.owner, adaptation.period, ())
    return tuple(
        _beside(workspace, catalogue[name], running, on=on)
        if _looks_forward(catalogue[name])
        else _beside(workspace, catalogue[name], past, on=min(eve, on))
        for name in adaptation.model.kpis
        if name != adaptation.model.kpi and name in catalogue
    )


def drafted(
    adaptation: Adaptation,
    *,
    id: str,  # noqa: A002 - an objective's own word
    lang: str,
    target: Decimal | None = None,
    actions: Sequence[Action] = (),
) -> Objective:
    """Return the draft objective of an adaptation; the proposal unless told otherwise.

    `target` keeps the statement true: another figure gives another sentence.
    """
    aimed = adaptation.proposal if target is None else target
    told = _statement(replace(adaptation, proposal=aimed))
    flow_without = adaptation.baseline is None
    return Objective(
        id=id,
        kpi=adaptation.model.kpi,
        owner=adaptation.owner,
        period=adaptation.period,
        direction=Direction(adaptation.model.direction),
        original_target=aimed,
        statement=told[lang],
        lang=lang,
        where=adaptation.where,
        baseline_rule=(BaselineRule.NONE if flow_without else adaptation.baseline_rule),
        baseline=adaptation.baseline,
        baseline_snapshot="" if flow_without else adaptation.snapshot,
        nature=adaptation.model.nature,
        model=adaptation.model.key,
        state=State.DRAFT,
        actions=tuple(actions),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked, kept together on the way."""

    workspace: Workspace
    model: Model
    owner: str
    period: Period
    where: tuple[str, ...]
    on: datetime.date

    @property
    def before(self) -> tuple[Period, ...]:
        """Return the whole periods gone by, as far back as is read."""
        months = MONTHS.get(self.model.period, MONTHS["quarter"])
        found = before(self.period, PERIODS_ASKED[months])
        return tuple(one for one in found if one.after <= self.on)


Rows = Mapping[str, AnswerRow]


def _rows(asked: _Asked) -> Rows:
    """Measure the KPI over the period aimed at, those before, and the months."""
    asks = [
        Ask(_name(one), asked.owner, one, asked.where)
        for one in (asked.period, *asked.before)
    ]
    asks += [Ask(f"m:{_name(one)}", "company", one) for one in _season_months(asked)]
    try:
        return kpi_values.measure(asked.workspace, asked.model.kpi, asks, on=asked.on)
    except NoDataError:
        return {}


def _of_objectives(asked: _Asked) -> Rows:
    """Return the values of a KPI made of objectives, over the last few periods."""
    if not current_snapshot(asked.workspace):
        return {}
    probes = [
        Objective(
            id=_name(one),
            kpi=asked.model.kpi,
            owner=asked.owner,
            period=one,
            direction=Direction(asked.model.direction),
            original_target=Decimal(1),
        )
        for one in (asked.period, *asked.before[:OBJECTIVES_ASKED])
    ]
    found = computed(asked.workspace, probes, on=asked.on)
    return {
        name: AnswerRow({}, {}, one.actual, reason=one.reason.rpartition(".")[2])
        for name, one in found.items()
    }


def _season_months(asked: _Asked) -> tuple[Period, ...]:
    month = asked.on.replace(day=1)
    running = Period(month, months_later(month, 1))
    return tuple(reversed(before(running, SEASON_MONTHS)))


def _name(period: Period) -> str:
    return f"{period.first}/{period.after}"


def _adapted(asked: _Asked, kpi: Measured, rows: Rows) -> Adaptation:
    additive, up = _additive(kpi), asked.model.direction == Direction.UP
    flow = is_flow(kpi)
    values = told_since({one: _value(rows, one) for one in asked.before}, flow=flow)
    rule, base_period = _base(asked, values, flow=flow)
    baseline = values.get(base_period)
    year_ago = values.get(_year_ago(asked.period))
    usual = usual_range(
        pasts(values),
        base=baseline if year_ago is None else year_ago,
        additive=additive,
        up=up,
    )
    people = _people(asked)
    step = asked_of(asked.model, baseline=baseline, rate=is_rate(kpi))
    target = None if step is None else step * people
    proposal = proposed(target, usual, baseline=baseline, level=not flow, up=up)
    running = rows.get(_name(asked.period))
    unit = str(kpi.unit)
    found = Adaptation(
        model=asked.model,
        owner=asked.owner,
        period=asked.period,
        where=asked.where,
        unit=unit,
        currency=asked.workspace.settings.currency,
        label=kpi_values.catalogue(asked.workspace)[kpi.key].label,
        baseline=baseline,
        baseline_rule=rule,
        baseline_period=base_period,
        so_far=running.value if running else None,
        asked=None if target is None else legible(target, unit=unit, up=up),
        usual=usual,
        place=place_of(target, usual, up=up),
        proposal=(
            None
            if proposal is None
            else legible(
                proposal, unit=unit, up=up, baseline=None if flow else baseline
            )
        ),
        statement={},
        reason=_reason(rows, asked, baseline=baseline, usual=usual),
        people=people,
        history=tuple(
            PastValue(one, value)
            for one, value in sorted(values.items(), key=lambda pair: pair[0].first)
            if value is not None
        ),
        season=_season(asked, rows) if flow else {},
        snapshot=current_snapshot(asked.workspace),
    )
    return replace(found, statement=_statement(found))


def _additive(kpi: Measured) -> bool:
    """Return whether changes are told as ratios: amounts, counts, money, durations."""
    return not is_rate(kpi) and kpi.kind != "score" and str(kpi.unit) != "score"


def _base(
    asked: _Asked, values: Mapping[Period, Decimal | None], *, flow: bool
) -> tuple[BaselineRule, Period]:
    """Return what the target is compared with: a year ago, else the period before.

    A level starts from where it stands: the last whole period, unless the model says.
    """
    last_year, previous = _year_ago(asked.period), before(asked.period, 1)[0]
    wanted = asked.model.baseline == BaselineRule.LAST_YEAR or flow
    order = (last_year, previous) if wanted else (previous, last_year)
    known = next((one for one in order if values.get(one) is not None), order[0])
    if known == last_year and known != previous:
        return BaselineRule.LAST_YEAR, known
    return BaselineRule.PREVIOUS, known


def _year_ago(period: Period) -> Period:
    return Period(months_later(period.first, -YEAR), months_later(period.after, -YEAR))


def _value(rows: Rows, period: Period) -> Decimal | None:
    row = rows.get(_name(period))
    return row.value if row else None


def _reason(
    rows: Rows, asked: _Asked, *, baseline: Decimal | None, usual: Range | None
) -> str:
    """Return why something is missing, "" where everything could be told."""
    if not rows:
        return NO_FACTS
    told = [row.reason for row in rows.values() if row.reason]
    if baseline is None and told:
        last = rows.get(_name(asked.before[0])) if asked.before else None
        return f"kpi.reason.{last.reason if last and last.reason else told[0]}"
    return "" if usual is not None and baseline is not None else TOO_SHORT


def _season(asked: _Asked, rows: Rows) -> dict[int, Decimal]:
    months = _season_months(asked)
    values = told_since(
        {
            one: row.value if (row := rows.get(f"m:{_name(one)}")) else None
            for one in months
        }
    )
    ordered = [values[one] for one in months if one in values]
    index = season_of_year(ordered, first=asked.on.month)
    aimed = {
        months_later(asked.period.first, rank).month
        for rank in range(MONTHS.get(asked.model.period, MONTHS["quarter"]))
    }
    return {month: index[month] for month in sorted(aimed) if month in index}


def _people(asked: _Asked) -> int:
    """Return how many sellers a target "per person" is for; 1 for one person."""
    if asked.model.per != "person" or asked.owner.startswith("person:"):
        return 1
    try:
        present = people_of(asked.workspace, on=asked.on)
        if asked.owner.startswith("team:"):
            team = asked.owner.partition(":")[2]
            known = organisation(asked.workspace, on=asked.on)
            inside = {one.person_id for one in known.members(team, asked.on)}
            present = tuple(one for one in present if one.person_id in inside)
    except NoDataError:
        return 1
    roles = set(asked.model.roles) & SELLERS or SELLERS
    told = [one for one in present if (one.role or "").casefold() in roles]
    leading = {one.manager_id for one in present}
    return len(told) or len([p for p in present if p.person_id not in leading]) or 1


def _where(workspace: Workspace, model: Model, *, on: datetime.date) -> tuple[str, ...]:
    """Return the model's filters, each with a value the company's facts know."""
    rank = -1 if model.kpi == "revenue_share" else 0
    return tuple(_known(workspace, text, rank, on=on) for text in model.where)


def _known(workspace: Workspace, text: str, rank: int, *, on: datetime.date) -> str:
    """Return the filter, or the same on the company's own nearest value.

    A value of the same name stays, whatever its capitals. Else the largest by revenue
    is taken; for a share of revenue (a new sector), the smallest. Comparisons stay.
    """
    read = condition(text)
    if read.operator != "=":
        return text
    known = [name for name, _ in choices(workspace, read.name, on=on)]
    wanted = {value.casefold() for value in read.values}
    if not known or any(name.casefold() in wanted for name in known):
        return text
    return f"{read.name}={known[rank]}"


def _looks_forward(kpi: Kpi) -> bool:
    sources = (component.source for component in kpi.components.values())
    return any(source is not None and source.forward for source in sources)


def _beside(
    workspace: Workspace, kpi: Measured, ask: Ask, *, on: datetime.date
) -> Beside:
    label = kpi_values.catalogue(workspace)[kpi.key].label
    currency = workspace.settings.currency
    unit = str(kpi.unit)
    try:
        row = kpi_values.measure(workspace, kpi.key, [ask], on=on)[SO_FAR]
    except NoDataError:
        return Beside(kpi.key, label, unit, currency, None, NO_FACTS)
    reason = f"kpi.reason.{row.reason}" if row.reason else ""
    return Beside(kpi.key, label, unit, row.currency or currency, row.value, reason)


def _statement(found: Adaptation) -> dict[str, str]:
    """Return the sentence in both languages; the model's own where there is none."""
    told = {}
    for lang in LANGUAGES:
        sentences = found.model.adapted.get(lang, ())
        if not sentences or found.proposal is None:
            told[lang] = found.model.statement[lang]
            continue
        compared = found.baseline is not None and _moves(found)
        with translation.override(lang):
            told[lang] = sentences[0 if compared else 1].format(**_words(found, lang))
    return told


def _moves(found: Adaptation) -> bool:
    """Return whether "from … to …" tells the truth of the model's direction."""
    change = found.change
    if not change:
        return False
    return (change > 0) == (found.model.direction == Direction.UP)


def _words(found: Adaptation, lang: str) -> dict[str, str]:
    def said(value: Decimal | None) -> str:
        if value is None:
            return ""
        if found.unit == "day":
            days = figures.bare(value, found.unit, lang=lang)
            return f"{days} {DAYS[lang]}"
        return figures.figure(
            value,
            found.unit,
            lang=lang,
            currency=found.currency,
            reference=found.proposal,
        )

    change = abs(found.change or Decimal(0))
    points = found.unit in {"share", "percent"}
    last = found.period.after - datetime.timedelta(days=1)
    return {
        "where": "".join(where_words(text, lang=lang) for text in found.where),
        "change": (
            figures.difference(change, found.unit, lang=lang)
            if points
            else figures.percent(change, lang=lang)
        ),
        "baseline": said(found.baseline),
        "over": OVER.get(found.baseline_rule, {}).get(lang, ""),
        "target": said(found.proposal),
        "end": figures.day(last, lang=lang),
    }


def where_words(text: str, *, lang: str) -> str:
    """Return a filter inside a sentence: " dans le secteur santé", with its space."""
    read = condition(text)
    values = ", ".join(read.values)
    known = {
        ("segment", "="): "model.where.segment",
        ("sector", "="): "model.where.sector",
        ("region", "="): "model.where.region",
        ("amount", "<"): "model.where.amount_below",
    }
    with translation.override(lang):
        code = known.get((read.name, read.operator), "model.where.other")
        if read.name == "amount":
            values = figures.figure(Decimal(values), "money", lang=lang)
        sentence = gettext(code)
        return sentence.format(name=read.name, value=values, filter=text)
