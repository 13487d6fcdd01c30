"""The catalogue as people read it: shelves, one KPI whole, what it lacks to be told.

A KPI can be measured where each table it counts holds something; otherwise the tables
that hold nothing are named. Searching folds case and accents.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jalon.domain.kpis.algebra import STAGE_ENTRIES, Kpi
from jalon.domain.kpis.checking import users_of
from jalon.domain.kpis.explain import LANGUAGES, words
from jalon.domain.kpis.expression import names
from jalon.domain.kpis.families import FAMILIES, OWN, family_of
from jalon.domain.kpis.flattening import flattened
from jalon.domain.kpis.question import AnswerRow, Question
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values, snapshots
from jalon.queries.filters import folded
from jalon.queries.snapshots import NoDataError, Snapshot
from jalon.queries.suggestions import Dimensions, dimensions
from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.workspace.folder import Workspace

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One KPI of the list; `lacking` names the tables that hold nothing.

    `of_objective` where it only has a value on an objective: it needs a target.
    """

    kpi: Kpi
    family: str
    lacking: tuple[str, ...]
    of_objective: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One text an own KPI had: who wrote it, when."""

    at: datetime.datetime
    by: str
    verb: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPage:
    """One KPI, whole; `components` gives what each name of the formula counts."""

    kpi: Kpi
    family: str
    components: tuple[tuple[str, str, Texts], ...]
    made_of: tuple[Kpi, ...]
    used_by: tuple[Kpi, ...]
    ways: Dimensions
    lacking: tuple[str, ...]
    period: Period
    objectives: int
    versions: tuple[Version, ...]


def shelves(
    workspace: Workspace, *, text: str = "", lang: str = "fr"
) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Return each family with its KPIs that hold every word searched."""
    known = kpi_values.catalogue(workspace)
    found = _snapshot(workspace)
    wanted = folded(text).split()
    entries = [
        Entry(
            kpi,
            family_of(kpi.key),
            _lacking(workspace, kpi, found),
            any(one.given for one in kpi.components.values()),
        )
        for kpi in sorted(known.values(), key=lambda kpi: folded(kpi.label[lang]))
        if _holds(kpi, wanted)
    ]
    return tuple(
        (family, kept)
        for family in (OWN, *FAMILIES)
        if (kept := tuple(one for one in entries if one.family == family))
    )


def page(workspace: Workspace, key: str, *, on: date) -> KpiPage:
    """Return one KPI, whole.

    Raises:
        UnknownKpiError: If no KPI has that key.
    """
    known = kpi_values.catalogue(workspace)
    kpi = known[key]
    period = kpi_values.running_period(workspace, on=on)
    found = _snapshot(workspace)
    used = {name for name in _names(kpi) if name in known and name != key}
    return KpiPage(
        kpi=kpi,
        family=family_of(key),
        components=_components(kpi),
        made_of=tuple(known[name] for name in sorted(used)),
        used_by=users_of(key, known),
        ways=_ways(workspace, kpi),
        lacking=_lacking(workspace, kpi, found),
        period=period,
        objectives=len(objective_rows.ids_on(key)),
        versions=versions(key) if kpi.own else (),
    )


def versions(key: str) -> tuple[Version, ...]:
    """Return every text an own KPI had, the newest first."""
    lines = AuditLine.objects.filter(noun="kpi", key=key).order_by("-at", "-id")
    return tuple(
        Version(
            line.at,
            line.by,
            line.verb,
            str(line.details.get("after") or line.details.get("before") or ""),
        )
        for line in lines
    )


def _holds(kpi: Kpi, wanted: Iterable[str]) -> bool:
    said = (kpi.key, *kpi.label.values(), *kpi.question.values())
    text = folded(" ".join(said))
    return all(word in text for word in wanted)


def _names(kpi: Kpi) -> set[str]:
    own = {*kpi.components, *(n for part in kpi.by_basis.values() for n in part)}
    return set(names(kpi.formula)) - own


def _components(kpi: Kpi) -> tuple[tuple[str, str, Texts], ...]:
    parts = {"": kpi.components, **kpi.by_basis}
    return tuple(
        (name, basis, {lang: words(component, lang) for lang in LANGUAGES})
        for basis, components in parts.items()
        for name, component in components.items()
    )


def _snapshot(workspace: Workspace) -> Snapshot | None:
    try:
        return snapshots.snapshot(workspace)
    except NoDataError:
        return None


def _lacking(workspace: Workspace, kpi: Kpi, found: Snapshot | None) -> tuple[str, ...]:
    """Return the tables without which every component cannot be counted."""
    basis = kpi_values.basis_of(workspace, found) if found else "deals"
    flat = flattened(kpi, kpi_values.catalogue(workspace), basis=basis)
    tables = {
        "deals" if one.source.table == STAGE_ENTRIES else one.source.table
        for one in flat.components.values()
        if one.source and not one.others
    }
    counts = found.world.counts if found else {}
    return tuple(sorted(table for table in tables if not counts.get(table)))


def _ways(workspace: Workspace, kpi: Kpi) -> Dimensions:
    try:
        return dimensions(workspace, kpi)
    except NoDataError:
        return Dimensions((), (), ())


def value_of(
    workspace: Workspace, kpi: Kpi, *, on: date
) -> tuple[AnswerRow | None, Refusal | None]:
    """Return the company's value over the running fiscal year, or why there is none."""
    period = kpi_values.running_period(workspace, on=on)
    try:
        answer = kpi_values.value(workspace, Question(kpi.key, period), on=on)
    except Refusal as error:
        return None, error
    return (answer.rows[0], None) if answer.rows else (None, None)
