# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""One person where there were two: known by name first, given a key of their own later.

Somebody whose key is their name is the same as the one other person of that name. What
is said of them under the name goes under the key; figures are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.overlay import TYPED
from jalon.warehouse.schema import columns
from jalon.warehouse.sums import written

PERSON = frozenset({"person_id", "owner_id", "manager_id"})
_FOLDED = "lower(strip_accents({}))"


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody known by name until now, and the key they have from now on."""

    former: str
    key: str
    name: str


def join_people(connection: duckdb.DuckDBPyConnection) -> tuple[Join, ...]:
    """Make one person of each two of one name, one of them known by that name alone.

    Returns who is meant; a name that several others bear is nobody's.
    """
    own = f"{_FOLDED.format('person_id')} = {_FOLDED.format('name')}"
    rows = connection.execute(
        f"SELECT old.person_id, min(new.person_id), min(new.name) "
        f"FROM (SELECT * FROM people WHERE {own}) AS old "
        f"JOIN (SELECT * FROM people WHERE NOT {own}) AS new "
        f"ON {_FOLDED.format('old.name')} = {_FOLDED.format('new.name')} "
        "GROUP BY 1 HAVING count(*) = 1 ORDER BY 1"
    ).fetchall()
    found = tuple(Join(*row) for row in rows)
    rename(connection, found)
    return found


def rename(connection: duckdb.DuckDBPyConnection, joins: Iterable[Join]) -> bool:
    """Put the new keys in the place of the former ones, in every table."""
    for one in joins:
        _filled(connection, one)
        for name in TABLES:
            _moved_over(connection, name, one)
    return True


def _filled(connection: duckdb.DuckDBPyConnection, one: Join) -> None:
    """Give the row under the key what the one under the name says besides.

    What a person typed of them stays above what files say.
    """
    names = [name for name in columns(TABLES["people"]) if name != "person_id"]
    cells = ", ".join(
        f'"{name}" = CASE WHEN old.source = $typed '
        f'THEN coalesce(old."{name}", new."{name}") '
        f'ELSE coalesce(new."{name}", old."{name}") END'
        for name in names
    )
    connection.execute(
        f"UPDATE people AS new SET {cells} FROM people AS old "
        "WHERE new.person_id = $key AND old.person_id = $former",
        {"typed": TYPED, "key": one.key, "former": one.former},
    )
    written(connection, "people")


def _moved_over(connection: duckdb.DuckDBPyConnection, name: str, one: Join) -> None:
    table, values = TABLES[name], {"key": one.key, "former": one.former}
    mine = [column.name for column in table.columns if column.name in PERSON]
    changed = 0
    if "person_id" in table.keys:
        same = " AND ".join(
            f'new."{key}" IS NOT DISTINCT FROM old."{key}"'
            for key in table.keys
            if key != "person_id"
        )
        changed += _count(
            connection,
            f'DELETE FROM "{name}" AS old WHERE person_id = $former AND EXISTS '
            f'(FROM "{name}" AS new WHERE new.person_id = $key AND {same or "true"})',
            values,
        )
    for column in mine:
        changed += _count(
            connection,
            f'UPDATE "{name}" SET "{column}" = $key WHERE "{column}" = $former',
            values,
        )
    if changed:
        written(connection, name)


def _count(
    connection: duckdb.DuckDBPyConnection, statement: str, values: dict[str, str]
) -> int:
    """Run a statement; return how many rows it changed."""
    return int(connection.execute(statement, values).fetchall()[0][0])
