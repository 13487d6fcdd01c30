# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""One person where there were two: known by name first, given a key of their own later.

Somebody whose key is their name is the same as the one other person of that name. What
is said of them under the name goes under the key; figures are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """Put the new keys in the place of the former ones, in every table.

    All at once; only where one person was known under several names, name by name.
    """
    waiting = list(joins)
    while waiting:
        now = list({one.key: one for one in waiting}.values())
        waiting = [one for one in waiting if one not in now]
        _renamed(connection, now)
    return True


def _renamed(connection: duckdb.DuckDBPyConnection, joins: Sequence[Join]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE joined AS "
        "SELECT unnest($formers) AS former, unnest($keys) AS key",
        {
            "formers": [one.former for one in joins],
            "keys": [one.key for one in joins],
        },
    )
    _filled(connection)
    for name in TABLES:
        _moved_over(connection, name)
    connection.execute("DROP TABLE temp.joined")


def _filled(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the row under each key what the one under the name says besides.

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
        f"UPDATE people AS new SET {cells} "
        "FROM people AS old JOIN temp.joined AS one ON old.person_id = one.former "
        "WHERE new.person_id = one.key",
        {"typed": TYPED},
    )
    written(connection, "people")


def _moved_over(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    table = TABLES[name]
    changed = 0
    if "person_id" in table.keys:
        same = " AND ".join(
            f'new."{key}" IS NOT DISTINCT FROM old."{key}"'
            for key in table.keys
            if key != "person_id"
        )
        changed += _count(
            connection,
            f'DELETE FROM "{name}" AS old USING temp.joined AS one '
            "WHERE old.person_id = one.former AND EXISTS "
            f'(FROM "{name}" AS new WHERE new.person_id = one.key '
            f"AND {same or 'true'})",
        )
    for column in table.columns:
        if column.name in PERSON:
            changed += _count(
                connection,
                f'UPDATE "{name}" AS mine SET "{column.name}" = one.key '
                f'FROM temp.joined AS one WHERE mine."{column.name}" = one.former',
            )
    if changed:
        written(connection, name)


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement; return how many rows it changed."""
    return int(connection.execute(statement).fetchall()[0][0])
