"""Rows of files read only beside others: each counted once, the bad ones set aside.

A row is bad if it could not be cut, if it lacks what joins it, or if a cell of it that
is used cannot be read: then the rows that needed it are rejected besides. A row whose
key an earlier one has is never used: it is a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from jalon.connectors.files.convert import Converted
from jalon.connectors.files.raw import RawTable, Scratch
from jalon.connectors.files.scope import Beside, keys_of
from jalon.connectors.files.sql import Node, column, create, over, run, sql


@dataclass(frozen=True, slots=True)
class Aside:
    """One file read beside others: its counts, and the relation of its bad rows.

    `bad` has line, bad_column, bad_value and bad_reason, one row for each bad line.
    """

    into: str
    raw: RawTable
    bad: str
    read: int
    rejected: int
    duplicate: int


def asides(scratch: Scratch, found: Iterable[Converted]) -> tuple[Aside, ...]:
    """Return the files that no table is made of, which others read beside theirs."""
    all_found = tuple(found)
    own = {one.raw.label for one in all_found}
    users: dict[str, list[tuple[Converted, Beside]]] = {}
    for one in all_found:
        for beside in one.beside:
            if beside.raw.label not in own:
                users.setdefault(beside.raw.label, []).append((one, beside))
    return tuple(_aside(scratch, using) for using in users.values())


def _aside(scratch: Scratch, using: list[tuple[Converted, Beside]]) -> Aside:
    first, beside = using[0]
    raw, keys = beside.raw, keys_of(beside.raw, beside.join)
    tree: Node = _keyless(beside, keys)
    for one, part in using:
        if part.columns:
            tree = exp.union(tree, _unread(one, part), distinct=False)
    everything, bad = scratch.name("wrong"), scratch.name("bad")
    create(scratch.connection, everything, tree, "VIEW")
    each = sql(
        "SELECT DISTINCT ON (line) * FROM wrong ORDER BY line, bad_column, bad_value"
    )
    create(scratch.connection, bad, over(each, wrong=everything))
    counts = sql(
        "SELECT count(*), count(*) FILTER (good AND place > 1), "
        "count(*) FILTER (NOT good) FROM (SELECT $place AS place, good FROM "
        "(SELECT *, line NOT IN (SELECT line FROM bad) AS good FROM s) AS marked)",
        place=_place(keys),
    )
    read, repeated, wrong = run(
        scratch.connection, over(counts, s=raw.relation, bad=bad)
    )[0]
    lines = sql("SELECT count(*) FROM s")
    lost = run(scratch.connection, over(lines, s=raw.rejects))[0][0]
    return Aside(first.table.into, raw, bad, read + lost, wrong + lost, repeated)


def _place(keys: list[Node]) -> Node:
    """Return the rank of a row among those of its key, the good ones first."""
    rank = sql("row_number() OVER (ORDER BY good DESC, line)")
    rank.set("partition_by", [key.copy() for key in keys])
    return rank


def _keyless(beside: Beside, keys: list[Node]) -> Node:
    """Return the rows that lack a key: nothing can be joined to them."""
    headers = list(beside.join.on.values())
    lacks = [exp.Is(this=key.copy(), expression=exp.Null()) for key in keys]
    which = exp.Case()
    for header, lack in zip(headers, lacks, strict=True):
        which = which.when(lack.copy(), sql("$v", v=header), copy=False)
    query = sql(
        "SELECT line, $which AS bad_column, CAST(NULL AS VARCHAR) AS bad_value, "
        "'missing_key' AS bad_reason FROM other WHERE $lacks",
        which=which,
        lacks=exp.or_(*lacks),
    )
    return over(query, other=beside.raw.relation)


def _unread(one: Converted, part: Beside) -> Node:
    """Return the rows whose cell spoilt a row of the file they stand beside."""
    columns = [sql("$v", v=name) for name in part.columns]
    query = sql(
        "SELECT $line AS line, bad_column, bad_value, bad_reason FROM typed "
        "WHERE kept AND bad_column IN (0) AND $line IS NOT NULL",
        line=column(part.line),
    )
    inside = query.find(exp.In)
    inside.set("expressions", columns)
    return over(query, typed=one.relation)
