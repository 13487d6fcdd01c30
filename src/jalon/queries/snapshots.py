"""A generation opened for reading, with what the compiler must know of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import duckdb
from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.domain.refusals import Refusal
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.world import World
from jalon.warehouse.engines.chosen import engine_of
from jalon.warehouse.engines.port import Engine, Facts, Row
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.workspace.folder import Settings, Workspace


class NoDataError(Refusal):
    """Nothing was imported yet, or the snapshot asked for is not kept any more."""

    def __init__(self, name: str | None = None) -> None:
        if name:
            super().__init__('The snapshot "{name}" is not kept any more.', name=name)
            return
        super().__init__(
            "There is no data yet. Import a file first, e.g. jalon import deals.csv."
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation: its name, the folder it lies in, and what it holds."""

    name: str
    folder: str
    generations: Generations
    world: World
    engine: Engine

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a read-only cursor of one's own on the file of the generation."""
        return self.generations.reader(self.name)

    def run(self, query: exp.Query, bindings: Bindings) -> list[Row]:
        """Return the rows of a compiled query, by the engine of the workspace."""
        return self.engine.run(self._facts(), query, bindings.values)

    def run_columns(
        self, query: exp.Query, bindings: Bindings, *, keys: int
    ) -> list[list[Any]]:
        """Return the columns of a query; those after the first `keys` as text."""
        return self.engine.run_columns(self._facts(), query, bindings.values, keys=keys)

    def _facts(self) -> Facts:
        return Facts(self.generations, self.name)


_kept: dict[tuple[str, str, Settings], Snapshot] = {}


def snapshot(workspace: Workspace, name: str | None = None) -> Snapshot:
    """Return a generation, the current one by default.

    Raises:
        NoDataError: If there is none.
        EngineError: If `jalon.toml` names an engine that does not exist.
    """
    generations = Generations(workspace.warehouse)
    wanted = name or generations.current()
    if wanted is None:
        raise NoDataError
    settings = workspace.settings
    folder = str(workspace.warehouse.resolve())
    engine = engine_of(settings.engine)
    key = (folder, wanted, settings)
    if key not in _kept:
        try:
            cursor = generations.reader(wanted)
        except NoGenerationError as error:
            raise NoDataError(name) from error
        if len(_kept) > 20:  # noqa: PLR2004 - a handful of snapshots at a time
            _kept.clear()
        world = _world(cursor, settings)
        _kept[key] = Snapshot(wanted, folder, generations, world, engine)
    return _kept[key]


def with_attributes(found: Snapshot) -> Snapshot:
    """Return the snapshot knowing the attributes its tables carry (read once)."""
    if found.world.attributes:
        return found
    cursor = found.cursor()
    attributes = {
        table: frozenset(row[0] for row in cursor.execute(_keys(table)).fetchall())
        for table in TABLES
        if found.world.counts[table]
    }
    world = replace(found.world, attributes={"": frozenset(), **attributes})
    known = replace(found, world=world)
    for key, kept in list(_kept.items()):
        if kept is found:
            _kept[key] = known
    return known


def _keys(table: str) -> str:
    return (
        f'SELECT DISTINCT unnest(json_keys(attributes)) FROM "{table}" '  # noqa: S608
        "WHERE attributes IS NOT NULL"
    )


def _world(cursor: duckdb.DuckDBPyConnection, settings: Settings) -> World:
    counts = {table: _count(cursor, table) for table in TABLES}
    return World(
        counts=counts,
        currencies={
            table.name: _currencies(cursor, table.name, settings.currency)
            for table in TABLES.values()
            if "currency" in {column.name for column in table.columns}
            and table.name != "rates"
            and counts[table.name]
        },
        currency=settings.currency,
        rates=counts["rates"] > 0,
        shared_deals=counts["deal_shares"] > 0,
        moving_teams=counts["memberships"] > 0,
        fiscal_first_month=settings.fiscal_first_month,
        week_start=settings.first_weekday,
        parents=dict(cursor.execute(_PARENTS).fetchall()),
    )


_PARENTS = "SELECT team_id, parent_id FROM teams ORDER BY team_id"


def _count(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    query = f'SELECT count(*) FROM "{table}"'  # noqa: S608 - a canonical name
    found = cursor.execute(query).fetchone()
    return int(found[0]) if found else 0


def _currencies(
    cursor: duckdb.DuckDBPyConnection, table: str, currency: str
) -> frozenset[str]:
    """Return the currencies met; rows that say none are in the company's."""
    query = f'SELECT DISTINCT currency FROM "{table}"'  # noqa: S608 - a canonical name
    met = {row[0] for row in cursor.execute(query).fetchall()}
    said = {one for one in met if one}
    if not said or (met - said and len(said) > 1):
        said.add(currency)
    return frozenset(said)
