"""What may be asked of a KPI, and the values the data hold for a filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jalon.domain.facts.tables import TABLES
from jalon.domain.kpis.algebra import STAGE_ENTRIES, Kpi
from jalon.domain.kpis.flattening import flattened
from jalon.queries import snapshots
from jalon.queries.filters import NOBODY, folded
from jalon.queries.kpi_values import basis_of, catalogue
from jalon.queries.organisation import organisation_of
from jalon.queries.snapshots import Snapshot, with_attributes
from jalon.warehouse.compile.links import DIMENSIONS, carries
from jalon.workspace.folder import Workspace

SHOWN = 30
_NAMED = {"product": "products", "account": "accounts"}
_kept: dict[tuple[str, str, str], tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """How a KPI may be cut: the canonical ways, the attributes, its parameters."""

    known: tuple[str, ...]
    attributes: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return every name a cut may bear."""
        return (*self.known, *self.attributes)


def dimensions(workspace: Workspace, kpi: Kpi, *, basis: str = "") -> Dimensions:
    """Return the ways every component of the KPI can be cut."""
    found = with_attributes(snapshots.snapshot(workspace))
    tables = tables_of(workspace, kpi, found, basis=basis)
    known = [
        name
        for name in DIMENSIONS
        if name != "company" and all(carries(table, name) for table in tables)
    ]
    return Dimensions(
        tuple(known if tables else ()),
        _attributes(found, tables),
        tuple(kpi.parameters),
    )


def tables_of(
    workspace: Workspace, kpi: Kpi, found: Snapshot, *, basis: str = ""
) -> frozenset[str]:
    """Return the tables the KPI counts, those of a whole aside."""
    flat = flattened(kpi, catalogue(workspace), basis=basis_of(workspace, found, basis))
    sources = [one.source for one in flat.components.values() if one.source]
    return frozenset(
        "deals" if source.table == STAGE_ENTRIES else source.table
        for source in sources
        if not source.whole
    )


def values_of(
    workspace: Workspace, dimension: str, text: str = "", *, limit: int = SHOWN
) -> tuple[str, ...]:
    """Return the values of a dimension that hold the text, in alphabetical order."""
    found = snapshots.snapshot(workspace)
    wanted = folded(text)
    met = (value for value in _values(found, dimension) if wanted in folded(value))
    return tuple(value for value, _ in zip(met, range(limit), strict=False))


def _attributes(found: Snapshot, tables: Iterable[str]) -> tuple[str, ...]:
    each = [found.world.attributes.get(table, frozenset()) for table in tables]
    shared = frozenset.intersection(*each) if each else frozenset()
    return tuple(sorted(shared - {*DIMENSIONS}))


def _values(found: Snapshot, dimension: str) -> tuple[str, ...]:
    key = (found.folder, found.name, dimension)
    if key not in _kept:
        if len(_kept) > 200:  # noqa: PLR2004 - a few snapshots of small lists
            _kept.clear()
        met = {value for value in _read(found, dimension) if value}
        _kept[key] = tuple(sorted(met, key=folded))
    return _kept[key]


def _read(found: Snapshot, dimension: str) -> list[str]:
    known = organisation_of(found)
    if dimension == "team":
        return [team.name for team in known.teams]
    if dimension == "manager":
        managers = {person.manager_id for person in known.people}
        return [one.name for one in known.people if one.person_id in managers]
    if dimension == "person":
        return [*(person.name for person in known.people), NOBODY]
    if dimension in _NAMED:
        return _distinct(found, _NAMED[dimension], "name")
    tables = [
        table.name
        for table in TABLES.values()
        if dimension in {column.name for column in table.columns}
        and dimension in DIMENSIONS
    ]
    return [value for table in tables for value in _distinct(found, table, dimension)]


def _distinct(found: Snapshot, table: str, column: str) -> list[str]:
    query = f'SELECT DISTINCT CAST("{column}" AS VARCHAR) FROM "{table}"'  # noqa: S608
    return [row[0] for row in found.cursor().execute(query).fetchall()]
