# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""People and teams as somebody typed them: read, changed, published as a generation.

Typed rows carry the source "typed". A file imported later fills what they leave empty
and never takes back what they say (see `overlay`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.domain.people.roster import (
    Absence,
    Changes,
    Membership,
    Person,
    Roster,
    Team,
)
from jalon.warehouse.generations import Generations
from jalon.warehouse.load import merge
from jalon.warehouse.overlay import TYPED
from jalon.warehouse.schema import columns, create_tables

RAMP = "ramp_days"


@dataclass(frozen=True, slots=True)
class Entered:
    """The generation published ("" if nothing changed) and what it changed."""

    generation: str
    import_id: str
    before: Roster
    changes: Changes


def held(generations: Generations) -> Roster:
    """Return everybody the current generation knows; nobody before the first."""
    name = generations.current()
    return _held(generations.folder, name) if name else Roster()


@lru_cache(maxsize=4)
def _held(folder: Path, name: str) -> Roster:
    """Return the roster of a generation, which never changes."""
    with Generations(folder).reader(name) as reader:
        return _read(reader)[0]


def entered(
    generations: Generations, plan: Callable[[Roster], Changes], *, at: datetime
) -> Entered:
    """Publish what `plan` makes of the roster; it is read under the writer's lock."""
    found: list[tuple[Roster, Changes]] = []
    import_id = f"{at:%Y%m%dT%H%M%S%f}-typed"

    def change(connection: duckdb.DuckDBPyConnection) -> bool:
        create_tables(connection)
        roster, more = _read(connection)
        changes = plan(roster)
        found.append((roster, changes))
        if not changes:
            return False
        counts = [
            _merge(connection, table, rows, import_id)
            for table, rows in _rows(changes, more).items()
            if rows
        ]
        _book(connection, import_id, at, sum(counts))
        return True

    name = generations.publish(change, at=at)
    roster, changes = found[-1]
    return Entered(name if changes else "", import_id, roster, changes)


def _read(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Roster, Mapping[str, dict[str, object]]]:
    """Return the roster, and the attributes of each person."""
    people, more = {}, {}
    for key, *row, attributes in connection.execute(
        'SELECT person_id, "name", email, "role", manager_id, team_id, started_on, '
        "left_on, capacity, attributes FROM people ORDER BY 1"
    ).fetchall():
        found = json.loads(attributes) if attributes else {}
        more[key] = found
        name, email, role, manager, team, started, left, capacity = row
        people[key] = Person(
            person_id=key,
            name=name or key,
            email=email,
            role=role,
            manager_id=manager,
            team_id=team,
            started_on=started,
            left_on=left,
            capacity=capacity,
            ramp_days=int(found[RAMP]) if found.get(RAMP) is not None else None,
        )
    teams = {
        key: Team(team_id=key, name=name or key, parent_id=parent, purpose=purpose)
        for key, name, parent, purpose in connection.execute(
            'SELECT team_id, "name", parent_id, purpose FROM teams ORDER BY 1'
        ).fetchall()
    }
    stays = connection.execute(
        'SELECT person_id, team_id, "first", "after" FROM memberships ORDER BY ALL'
    ).fetchall()
    away = connection.execute(
        'SELECT person_id, "first", "after", kind FROM absences ORDER BY ALL'
    ).fetchall()
    roster = Roster(
        people,
        teams,
        tuple(Membership(*row) for row in stays),
        tuple(Absence(*row) for row in away),
    )
    return roster, more


def _rows(
    changes: Changes, more: Mapping[str, dict[str, object]]
) -> dict[str, list[dict[str, object]]]:
    return {
        "teams": [
            {name: getattr(one, name) for name in ("team_id", *_NAMES["teams"])}
            for one in changes.teams
        ],
        "people": [
            {name: getattr(one, name) for name in ("person_id", *_NAMES["people"])}
            | {"attributes": _attributes(one, more.get(one.person_id, {}))}
            for one in changes.people
        ],
        "memberships": [
            {
                "person_id": one.person_id,
                "team_id": one.team_id,
                "first": one.first,
                "after": one.after,
            }
            for one in changes.memberships
        ],
        "absences": [
            {
                "person_id": one.person_id,
                "first": one.first,
                "after": one.after,
                "kind": one.kind,
            }
            for one in changes.absences
        ],
    }


_NAMES = {
    "teams": ("name", "parent_id", "purpose"),
    "people": (
        *("name", "email", "role", "manager_id", "team_id"),
        *("started_on", "left_on", "capacity"),
    ),
}


def _attributes(person: Person, known: Mapping[str, object]) -> str | None:
    told = {name: value for name, value in known.items() if name != RAMP}
    if person.ramp_days is not None:
        told[RAMP] = person.ramp_days
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else None


def _merge(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Mapping[str, object]],
    import_id: str,
) -> int:
    """Stage the rows aside and merge them; return how many."""
    kinds = columns(TABLES[table])
    listed = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE typed_rows ({listed})")
    marks = ", ".join("?" for _ in kinds)
    keys = TABLES[table].keys
    connection.executemany(
        f"INSERT INTO typed_rows VALUES ({marks})",
        [
            [
                {**row, "source": TYPED, "source_id": _identity(row, keys)}.get(name)
                for name in kinds
            ]
            for row in rows
        ],
    )
    merge(connection, table=table, staged="temp.typed_rows", import_id=import_id)
    connection.execute("DROP TABLE temp.typed_rows")
    return len(rows)


def _identity(row: Mapping[str, object], keys: Sequence[str]) -> str:
    return "/".join(str(row[key]) for key in keys)


def _book(
    connection: duckdb.DuckDBPyConnection, import_id: str, at: datetime, count: int
) -> None:
    row = {
        "import_id": import_id,
        "imported_at": at,
        "files": TYPED,
        "rows_read": count,
        "accepted": count,
        "rejected": 0,
        "duplicate": 0,
        "filtered": 0,
        "people_created": 0,
    }
    marks = ", ".join(f"${name} AS {name}" for name in row)
    connection.execute(f"INSERT INTO imports BY NAME SELECT {marks}", row)
