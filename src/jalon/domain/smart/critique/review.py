"""The whole critique of a reading: its faults in order, and its five letters."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jalon.domain.smart.amounts import RATES
from jalon.domain.smart.critique import faults
from jalon.domain.smart.critique.dates import last_day
from jalon.domain.smart.critique.evidence import NOTHING, Evidence
from jalon.domain.smart.critique.letters import Verdict, verdicts
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.quantities import CURRENCIES
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.rewrite import completed, figure, rewrite, said_deadline
from jalon.domain.smart.times import Deadline
from jalon.domain.smart.words import document

QUARTER = Deadline("end_of_quarter", None, 0, 0)
YEAR = Deadline("end_of_year", None, 0, 0)
PROPOSALS = 2
_SLOW = frozenset(
    ["nps", "csat", "market_share", "rep_retention_rate", "ltv", "cac_payback_months"]
)
_FAST = frozenset(
    [
        "calls",
        "meetings",
        "proposals",
        "leads",
        "qualified_leads",
        "prospects_contacted",
    ]
)
USUAL_CHANGE = 10.0  # per cent, proposed until somebody says better


@dataclass(frozen=True, slots=True)
class Critique:
    """A reading judged."""

    reading: Reading
    faults: tuple[faults.Fault, ...]
    verdicts: tuple[Verdict, ...]
    rewrites: tuple[str, ...]


def critique(
    reading: Reading, *, on: datetime.date, evidence: Evidence = NOTHING
) -> Critique:
    """Return what is wrong with a sentence, seen on a day, and how to say it."""
    return Critique(
        reading=reading,
        faults=tuple(_faults(reading, on, evidence)),
        verdicts=verdicts(reading, evidence),
        rewrites=rewrites(reading, evidence),
    )


def _faults(
    reading: Reading, on: datetime.date, evidence: Evidence
) -> Iterator[faults.Fault]:
    yield from _specific(reading)
    yield from _measurable(reading, evidence)
    yield from _bounded(reading, on)
    if evidence.carried is not None and evidence.carried >= evidence.most:
        yield faults.TooMany(evidence.carried + 1, evidence.most)


def _specific(reading: Reading) -> Iterator[faults.Fault]:
    if "no_kpi" in reading.vague:
        wish = reading.direction is not None
        yield faults.NoKpi() if wish else faults.MeansWithoutEnd()
    if "ambiguous_kpi" in reading.vague:
        yield faults.AmbiguousKpi(_kpi_words(reading), meanings(reading.kpi))
    if reading.kpi == OTHER:
        yield faults.OutOfCatalogue()
    if reading.compound:
        yield faults.TwoGoals(1 + len(reading.also))


def _kpi_words(reading: Reading) -> str:
    span = next((one for one in reading.spans if one.field == "kpi"), None)
    return reading.text[span.start : span.end] if span else ""


def meanings(kpi: str | None) -> tuple[str, ...]:
    """Return the KPIs an ambiguous one may stand for."""
    every = document("meanings.toml")["meanings"]
    found = every.get(kpi or "", [kpi] if kpi else [])
    return tuple(str(one) for one in found)


def _measurable(reading: Reading, evidence: Evidence) -> Iterator[faults.Fault]:
    if "no_amount" in reading.vague:
        yield faults.NoAmount()
    if "placeholder_amount" in reading.vague:
        yield faults.PlaceholderAmount()
    amount = reading.amount
    if amount is not None and _percent_on_rate(reading, amount):
        value = amount.value or 0.0
        lang = reading.lang
        yield faults.PercentOnRate(figure(value, "%", lang), figure(value, "pt", lang))
    if evidence.missing:
        yield faults.NotMeasurable(", ".join(evidence.missing))
    elif _wants_baseline(amount) and evidence.baseline is not None:
        yield faults.NoBaseline(evidence.baseline_told)


def _percent_on_rate(reading: Reading, amount: Amount) -> bool:
    changes = amount.kind == "relative_percent" and amount.value is not None
    return changes and reading.kpi in RATES - {"revenue_growth"}


def _wants_baseline(amount: Amount | None) -> bool:
    return amount is None or amount.kind in {"relative_percent", "points", "delta"}


def _bounded(reading: Reading, on: datetime.date) -> Iterator[faults.Fault]:
    if "no_deadline" in reading.vague:
        quarter = said_deadline(QUARTER, reading.lang)
        yield faults.NoDeadline(quarter, cadence(reading.kpi, reading.lang))
    last = last_day(reading.deadline, on=on)
    if last is not None and last < on:
        yield faults.PeriodPast(last.isoformat())


def cadence(kpi: str | None, lang: str) -> str:
    """Return how often a KPI is usually aimed at, in words."""
    if kpi in _FAST:
        return "par mois" if lang == "fr" else "per month"
    kind = "end_of_year" if kpi in _SLOW else "end_of_quarter"
    return said_deadline(Deadline(kind, None, 0, 0), lang)


def rewrites(reading: Reading, evidence: Evidence = NOTHING) -> tuple[str, ...]:
    """Return the sentence said well; two proposals where something is missing.

    Proposals start from the real baseline where the data give one: the usual change,
    and the best period so far.
    """
    if reading.smart:
        said = rewrite(reading)
        return (said,) if said else ()
    if reading.kpi in {None, OTHER}:
        return ()
    proposals = (
        completed(_plain(reading, kpi), amount=amount, deadline=deadline)
        for kpi, amount, deadline in _proposed(reading, evidence)
    )
    return tuple(dict.fromkeys(filter(None, map(rewrite, proposals))))[:PROPOSALS]


def _proposed(
    reading: Reading, evidence: Evidence
) -> Iterator[tuple[str | None, Amount, Deadline]]:
    """Yield what may be meant, the likeliest first: KPI, amount, end.

    Where the amounts are all alike, an ambiguous name gives its second meaning, a
    missing end gives the year, and a missing figure gives half the usual change.
    """
    ambiguous = "ambiguous_kpi" in reading.vague
    kpis = meanings(reading.kpi) if ambiguous else ()
    first = kpis[0] if reading.kpi == "conversion_rate" else reading.kpi
    amounts = _amounts(reading, evidence)
    for amount in amounts:
        yield first, amount, QUARTER
    for kpi in kpis[1:]:
        if kpi != first and _shared(reading.amount or amounts[0]):
            yield kpi, amounts[0], QUARTER
    if not reading.time_bound:
        yield first, amounts[0], YEAR
    yield first, _half(amounts[0]), QUARTER


def _shared(amount: Amount) -> bool:
    """Return whether a change suits any KPI: it has no unit of its own."""
    return amount.kind in {"relative_percent", "points"}


def _half(amount: Amount) -> Amount:
    if amount.value is None or not _shared(amount):
        return amount
    return replace(amount, value=amount.value / 2)


def _plain(reading: Reading, kpi: str | None) -> Reading:
    fresh = read(reading.text, lang=reading.lang)
    given = fresh.amount if fresh.measurable else None
    return Reading(
        text="",
        lang=reading.lang,
        kpi=kpi,
        direction=_way(reading),
        amount=given,
        filters=reading.filters,
        per=reading.per,
        deadline=reading.deadline,
    )


def _way(reading: Reading) -> str:
    if reading.amount is not None and reading.direction:
        return reading.direction
    return "decrease" if reading.direction == "decrease" else "increase"


def _amounts(reading: Reading, evidence: Evidence) -> list[Amount]:
    base, kpi = evidence.baseline, reading.kpi
    sign = -1 if _way(reading) == "decrease" else 1
    if base is None:
        change = Amount("relative_percent", USUAL_CHANGE, None, "%")
        if kpi in RATES:
            change = Amount("points", 2.0, None, "pt")
        return [change]
    unit = evidence_unit(kpi, reading, currency=evidence.currency)
    scale = 100 if unit == "%" else 1
    start = _rounded(base * scale)
    first = _rounded(base * scale * (1 + sign * USUAL_CHANGE / 100))
    best = _best(evidence, sign, scale)
    second = _rounded(best if best is not None else start * (1 + sign * 0.05))
    kept = dict.fromkeys(one for one in (first, second) if one != start)
    return [Amount("from_to", one, start, unit) for one in kept]


def _best(evidence: Evidence, sign: int, scale: float) -> float | None:
    if not evidence.history:
        return None
    best = (max if sign > 0 else min)(evidence.history) * scale
    start = (evidence.baseline or 0.0) * scale
    return best if (best - start) * sign > 0 else None


def evidence_unit(
    kpi: str | None, reading: Reading, *, currency: str = "EUR"
) -> str | None:
    """Return the unit a KPI's figure is written in; money without a sign has none."""
    from_amount = reading.amount.unit if reading.amount else None
    units = document("meanings.toml")["units"]
    if from_amount is not None:
        return from_amount
    found = units.get(kpi or "") or ("%" if kpi in RATES else None)
    if found == "EUR":
        return currency if currency in CURRENCIES else None
    return str(found) if found else None


def _rounded(value: float) -> float:
    """Return a legible figure: three significant digits."""
    return float(f"{value:.3g}")
