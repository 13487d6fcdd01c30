# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""One person taken out of the facts, in every generation, and kept out of the next.

`erased.json` beside the generations holds keyed digests of the keys and e-mails of who
was erased: a refresh that brings them back meets the pseudonym before it is published.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from jalon.domain.facts.tables import TABLES, ColumnType
from jalon.domain.people.erasing import Told, digest_of
from jalon.warehouse.schema import BOOKS, present
from jalon.warehouse.sums import written

FILE = "erased.json"
_PERSON = frozenset({"person_id", "owner_id", "manager_id"})
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Register:
    """The secret of the digests, and pseudonym by digest."""

    secret: str
    known: dict[str, str]


def register(folder: Path) -> Register:
    """Return who was erased in a warehouse; a new secret where nobody was."""
    try:
        told = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return Register(secrets.token_hex(32), {})
    return Register(told["secret"], told["known"])


def registered(
    folder: Path, found: Register, told: Told, digests: Sequence[str]
) -> None:
    """Write that somebody was erased, aside first."""
    known = found.known | dict.fromkeys(digests, told.pseudonym)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{FILE}.new"
    aside.write_text(json.dumps({"secret": found.secret, "known": known}), "utf-8")
    aside.chmod(_OWNER_ONLY)
    aside.replace(folder / FILE)


def erase(connection: duckdb.DuckDBPyConnection, told: Told) -> bool:
    """Put the pseudonym in somebody's place in every table; figures are not touched."""
    for table in TABLES:
        _keys_replaced(connection, table, told.key, told.pseudonym)
        written(connection, table)
    _emptied(connection, told.pseudonym)
    for table, names in _texts(connection).items():
        for name in names:
            _text_replaced(connection, table, name, told)
    return True


def keep_out(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Put pseudonyms in the place of who was erased and came back with a change.

    Returns whether somebody came back.
    """
    if not (folder / FILE).exists():
        return False
    found, back = register(folder), False
    for key, email in _everybody(connection):
        digests = [digest_of(one.lower(), found.secret) for one in (key, email) if one]
        pseudonym = next((found.known[d] for d in digests if d in found.known), "")
        if pseudonym and pseudonym != key:
            for table in TABLES:
                _keys_replaced(connection, table, key, pseudonym)
            _emptied(connection, pseudonym)
            connection.execute(_REPEATED, {"person": pseudonym})
            back = True
    return back


_REPEATED = """
    DELETE FROM stage_changes AS gone USING (
        SELECT deal_id, "at", origin = 'inferred'
               AND stage IS NOT DISTINCT FROM lag(stage) OVER line
               AND amount IS NOT DISTINCT FROM lag(amount) OVER line
               AND expected_close_on IS NOT DISTINCT FROM
                   lag(expected_close_on) OVER line
               AND owner_id IS NOT DISTINCT FROM lag(owner_id) OVER line
               AND row_number() OVER line > 1 AS same
        FROM stage_changes
        WHERE deal_id IN (SELECT deal_id FROM deals WHERE owner_id = $person)
        WINDOW line AS (PARTITION BY deal_id ORDER BY "at")
    ) AS seen
    WHERE seen.same AND gone.deal_id = seen.deal_id AND gone."at" = seen."at"
"""


def _everybody(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return every key of a person, wherever it stands, with the e-mail known of it."""
    parts = [
        f'SELECT DISTINCT "{column.name}" AS key FROM "{name}"'
        for name, table in TABLES.items()
        for column in table.columns
        if column.name in _PERSON
    ]
    found: list[tuple[str, str]] = connection.execute(
        "SELECT key, coalesce(lower(p.email), '') FROM (" + " UNION ".join(parts) + ") "
        "LEFT JOIN people p ON p.person_id = key WHERE key IS NOT NULL ORDER BY 1"
    ).fetchall()
    return found


def _keys_replaced(
    connection: duckdb.DuckDBPyConnection, name: str, key: str, pseudonym: str
) -> None:
    """Replace a key; of two rows that become one, the one under the key is newer."""
    table = TABLES[name]
    values = {"key": key, "pseudonym": pseudonym}
    if "person_id" in table.keys:
        others = " AND ".join(
            f'new."{one}" IS NOT DISTINCT FROM old."{one}"'
            for one in table.keys
            if one != "person_id"
        )
        connection.execute(
            f'DELETE FROM "{name}" AS old WHERE person_id = $pseudonym AND EXISTS '
            f'(SELECT 1 FROM "{name}" AS new WHERE new.person_id = $key'
            + (f" AND {others})" if others else ")"),
            values,
        )
    for column in table.columns:
        if column.name in _PERSON:
            connection.execute(
                f'UPDATE "{name}" SET "{column.name}" = $pseudonym '
                f'WHERE "{column.name}" = $key',
                values,
            )


def _emptied(connection: duckdb.DuckDBPyConnection, pseudonym: str) -> None:
    """Leave of a person what figures need: key, team, days, capacity; no reason away.

    Where a row came from (`source_id`) may name them too.
    """
    value = {"person": pseudonym}
    connection.execute(
        'UPDATE people SET "name" = $person, email = NULL, attributes = NULL, '
        "source_id = $person WHERE person_id = $person",
        value,
    )
    connection.execute(
        "UPDATE absences SET kind = NULL WHERE person_id = $person", value
    )
    for table in ("memberships", "absences", "crm_usage"):
        connection.execute(
            f'UPDATE "{table}" SET source_id = $person, attributes = NULL '
            "WHERE person_id = $person",
            value,
        )


def _texts(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of words of each table, those of keys left out."""
    there = present(connection)
    facts = {
        name: [
            one.name
            for one in table.columns
            if one.type in (ColumnType.TEXT, ColumnType.JSON)
            and not one.name.endswith("_id")
        ]
        + ["attributes"]
        for name, table in TABLES.items()
    }
    books = {"quarantine": ["value", "row_json"], "suspects": ["key", "detail"]}
    assert books.keys() <= BOOKS.keys()  # noqa: S101 - of our own making
    return {
        table: [name for name in names if name in there.get(table, ())]
        for table, names in (facts | books).items()
    }


def _text_replaced(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, told: Told
) -> None:
    names = () if told.has_namesake else told.names
    looked_for = [one.lower() for one in (*told.emails, *names) if one]
    rows = connection.execute(
        f'SELECT DISTINCT "{name}" FROM "{table}" WHERE list_bool_or(list_transform('
        f'$texts, lambda text: contains(lower("{name}"), text)))',
        {"texts": looked_for},
    ).fetchall()
    for (text,) in rows:
        told_now = told.without(text, theirs=not told.has_namesake)
        if told_now != text:
            connection.execute(
                f'UPDATE "{table}" SET "{name}" = $new WHERE "{name}" = $old',
                {"new": told_now, "old": text},
            )


@dataclass(frozen=True, slots=True)
class Traces:
    """How the facts call somebody, in any generation, and who else is called so."""

    names: tuple[str, ...]
    emails: tuple[str, ...]
    has_namesake: bool
    key_is_plain: bool


def traces(readers: Sequence[duckdb.DuckDBPyConnection], key: str) -> Traces:
    """Return what somebody is called in some generations."""
    names: set[str] = set()
    emails: set[str] = set()
    shared, plain = False, len(key) > _SHORT and not key.isdigit()
    for reader in readers:
        there = present(reader)
        rows = reader.execute(
            'SELECT "name", lower(email) FROM people WHERE person_id = $key',
            {"key": key},
        ).fetchall()
        names |= {name for name, _ in rows if name}
        emails |= {email for _, email in rows if email}
        shared = shared or bool(
            reader.execute(
                'SELECT 1 FROM people WHERE person_id <> $key AND lower("name") IN '
                "(SELECT unnest($names)) LIMIT 1",
                {"key": key, "names": [one.lower() for one in names]},
            ).fetchall()
        )
        plain = plain and not _is_also(reader, key, there)
    return Traces(tuple(sorted(names)), tuple(sorted(emails)), shared, plain)


_SHORT = 2


def _is_also(
    reader: duckdb.DuckDBPyConnection, key: str, there: dict[str, set[str]]
) -> bool:
    """Return whether something else than a person has this key, or is called so."""
    asked = [
        f'SELECT 1 FROM "{name}" WHERE "{column.name}" = $key'
        for name, table in TABLES.items()
        for column in table.columns
        if column.type is ColumnType.TEXT
        and column.name not in _PERSON | {"name", "email"}
        and column.name in there.get(name, ())
    ]
    union = " UNION ALL ".join(asked)
    return bool(reader.execute(f"{union} LIMIT 1", {"key": key}).fetchall())
