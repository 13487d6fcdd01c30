"""Names given where an id is expected: found among the known, or made anew.

A person or a team that fits nobody is made, its id being its name; an account or a
product unknown keeps what was written. Names are compared without case or accents; a
name that several people bear is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from jalon.connectors.files.raw import Scratch
from jalon.connectors.files.sql import Node, column, create, named, over, run, sql
from jalon.domain.facts.tables import PROVENANCE, TABLES

KEYS = {
    "people": "person_id",
    "teams": "team_id",
    "accounts": "account_id",
    "products": "product_id",
}
_REFERENCES = {
    "owner_id": "people",
    "person_id": "people",
    "manager_id": "people",
    "team_id": "teams",
    "parent_id": "teams",
    "account_id": "accounts",
    "product_id": "products",
}
MADE = ("people", "teams")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The staged relations with ids for names, and the names that were made anew."""

    staged: Mapping[str, str]
    made: Mapping[str, tuple[str, ...]]


def references(table: str) -> dict[str, str]:
    """Return the columns of a table that point to another, and to which."""
    own = KEYS.get(table)
    return {
        one.name: _REFERENCES[one.name]
        for one in TABLES[table].columns
        if one.name in _REFERENCES and one.name != own
    }


def resolved(
    scratch: Scratch, staged: Mapping[str, str], former: Mapping[str, Path]
) -> Resolved:
    """Return the staged relations once every reference is an id.

    `former` gives, for each kind, a Parquet file of the (id, name) already known.
    """
    relations = dict(staged)
    made: dict[str, tuple[str, ...]] = {}
    if "people" in relations and "people" in former:
        known = _under_their_keys(scratch, relations["people"], former["people"])
        relations["people"] = known
    for kind in KEYS:
        pointing = {
            table: [name for name, to in references(table).items() if to == kind]
            for table in relations
        }
        pointing = {table: names for table, names in pointing.items() if names}
        if pointing:
            strangers = _replace_names(scratch, relations, pointing, kind, former)
            if strangers and kind in MADE:
                made[kind] = strangers
    return Resolved(relations, made)


def _replace_names(
    scratch: Scratch,
    relations: dict[str, str],
    pointing: Mapping[str, list[str]],
    kind: str,
    former: Mapping[str, Path],
) -> tuple[str, ...]:
    """Put ids for the names of one kind; return the names nobody bears."""
    found = _matches(scratch, relations, pointing, kind, former)
    if run(
        scratch.connection,
        over(sql("SELECT count(*) FROM s WHERE id <> given"), s=found),
    )[0][0]:
        for table, names in pointing.items():
            relations[table] = _with_ids(scratch, relations[table], names, found)
    rows = run(
        scratch.connection,
        over(sql("SELECT given FROM s WHERE id IS NULL ORDER BY given"), s=found),
    )
    strangers = tuple(row[0] for row in rows)
    if strangers and kind in MADE:
        relations[kind] = _with_strangers(scratch, relations.get(kind), kind, found)
    return strangers


def _matches(
    scratch: Scratch,
    relations: Mapping[str, str],
    pointing: Mapping[str, list[str]],
    kind: str,
    former: Mapping[str, Path],
) -> str:
    """Create the relation (given, id): NULL where a given value fits nobody."""
    given = [
        over(sql("SELECT $c AS given FROM s", c=column(name)), s=relations[table])
        for table, names in pointing.items()
        for name in names
    ]
    known = _known(scratch, relations, kind, former)
    query = sql(
        "WITH given AS (SELECT DISTINCT given FROM everything "
        "WHERE given IS NOT NULL), "
        "known AS (SELECT id, any_value(name) AS name FROM people GROUP BY id), "
        "named AS (SELECT lower(strip_accents(name)) AS folded, min(id) AS id "
        "FROM known WHERE name IS NOT NULL GROUP BY ALL "
        "HAVING count(*) = 1) "
        "SELECT given.given, coalesce(known.id, named.id) AS id FROM given "
        "LEFT JOIN known ON known.id = given.given "
        "LEFT JOIN named ON named.folded = lower(strip_accents(given.given))"
    )
    everything, relation = scratch.name("given"), scratch.name("matches")
    create(scratch.connection, everything, _union(given), "VIEW")
    create(
        scratch.connection, relation, over(query, everything=everything, people=known)
    )
    return relation


def _known(
    scratch: Scratch,
    relations: Mapping[str, str],
    kind: str,
    former: Mapping[str, Path],
) -> str:
    """Create the view (id, name) of what this import and the former ones know."""
    parts: list[Node] = []
    if kind in relations:
        own = sql("SELECT $key AS id, name FROM s", key=column(KEYS[kind]))
        parts.append(over(own, s=relations[kind]))
    if kind in former:
        parts.append(sql("SELECT id, name FROM read_parquet($p)", p=str(former[kind])))
    if not parts:
        parts.append(sql("SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS name LIMIT 0"))
    view = scratch.name("known")
    create(scratch.connection, view, _union(parts), "VIEW")
    return view


def _union(parts: list[Node]) -> Node:
    tree = parts[0]
    for part in parts[1:]:
        tree = exp.union(tree, part, distinct=False)
    return tree


def _with_ids(scratch: Scratch, relation: str, names: list[str], found: str) -> str:
    replaced = [
        named(
            sql(
                "coalesce($new, $old)", new=column("id", f"m{n}"), old=column(name, "s")
            ),
            name,
        )
        for n, name in enumerate(names)
    ]
    star = exp.Column(this=exp.Star(replace=replaced), table=exp.to_identifier("s"))
    query = exp.select(star).from_(exp.alias_(exp.to_table(relation), "s", table=True))
    for n, name in enumerate(names):
        query = query.join(
            exp.alias_(exp.to_table(found), f"m{n}", table=True),
            on=exp.EQ(this=column("given", f"m{n}"), expression=column(name, "s")),
            join_type="left",
        )
    result = scratch.name("resolved")
    create(scratch.connection, result, query)
    return result


def _with_strangers(
    scratch: Scratch, relation: str | None, kind: str, found: str
) -> str:
    """Return the staged rows of a kind with a row for each name made anew."""
    key = KEYS[kind]
    new = over(
        sql(
            "SELECT given AS id_column, given AS name, '' AS source, "
            "given AS source_id, -1 AS _part, 0 AS _line FROM s WHERE id IS NULL"
        ),
        s=found,
    )
    new.selects[0].set("alias", exp.to_identifier(key, quoted=True))
    held = (
        _blank(kind) if relation is None else over(sql("SELECT * FROM s"), s=relation)
    )
    query = exp.union(held, new, distinct=False)
    query.set("by_name", True)
    result = scratch.name("peopled")
    create(scratch.connection, result, query)
    return result


def _blank(kind: str) -> Node:
    """Return the columns of a table of which nothing was staged, without rows."""
    cells = [
        named(sql("NULL::VARCHAR"), one.name)
        for one in TABLES[kind].columns
        if one.name not in {KEYS[kind], "name"}
    ]
    return exp.select(*cells).limit(0)


def _under_their_keys(scratch: Scratch, relation: str, former: Path) -> str:
    """Return the staged people, those named only under the key they are known by.

    What the file does not say of them stays as it is known: it knew no key of theirs.
    """
    aliases = scratch.name("aliases")
    query = sql(
        "SELECT s.key AS given, min(f.id) AS id "
        "FROM (SELECT DISTINCT $key AS key FROM staged "
        "WHERE lower(strip_accents($key)) = lower(strip_accents(name))) AS s "
        "JOIN read_parquet($p) AS f "
        "ON lower(strip_accents(f.name)) = lower(strip_accents(s.key)) "
        "GROUP BY s.key HAVING count(*) = 1 AND min(f.id) <> s.key "
        "AND lower(strip_accents(min(f.id))) <> lower(strip_accents(s.key))",
        key=column("person_id"),
        p=str(former),
    )
    create(scratch.connection, aliases, over(query, staged=relation))
    counted = over(sql("SELECT count(*) FROM s"), s=aliases)
    if not run(scratch.connection, counted)[0][0]:
        return relation
    people = (*TABLES["people"].columns, PROVENANCE[-1])
    kept = [one.name for one in people if one.name != "person_id"]
    filled = [
        named(
            sql(
                "CASE WHEN a.id IS NULL THEN $own ELSE coalesce($own, $known) END",
                own=column(name, "s"),
                known=column(name, "f"),
            ),
            name,
        )
        for name in kept
    ]
    key = named(sql("coalesce(a.id, $own)", own=column("person_id", "s")), "person_id")
    star = exp.Column(
        this=exp.Star(replace=[key, *filled]), table=exp.to_identifier("s")
    )
    laid = sql(
        "SELECT $star FROM staged AS s LEFT JOIN aliases AS a "
        "ON a.given = s.person_id LEFT JOIN read_parquet($p) AS f ON f.id = a.id",
        star=star,
        p=str(former),
    )
    result = scratch.name("known_people")
    create(scratch.connection, result, over(laid, staged=relation, aliases=aliases))
    return result
