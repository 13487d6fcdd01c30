"""The columns a mapping may name: those of its file, then those of the joined ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from sqlglot import exp

from jalon.connectors.files.cells import tidy, trimmed
from jalon.connectors.files.mapping import Join, TableMapping, nearest
from jalon.connectors.files.raw import RawTable
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sql import Node, all_of, column, named, over, sql


@dataclass(frozen=True, slots=True)
class Beside:
    """A table joined: under which alias, and the canonical columns read from it.

    `line` is the column that holds, for each row, the line of the joined row.
    """

    raw: RawTable
    join: Join
    alias: str
    columns: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Return the name of the column of joined lines."""
        return f"_line_{self.alias}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where source columns are found: `names` has each by its name, folded."""

    label: str
    names: Mapping[str, Node]
    shown: tuple[str, ...]
    source: exp.Select
    beside: tuple[Beside, ...] = ()

    def text(self, name: str) -> Node:
        """Return the tidy text of a source column.

        Raises:
            ImportRefusedError: If there is no such column, with the nearest one.
        """
        return tidy(trimmed(self.raw(name)))

    def raw(self, name: str) -> Node:
        """Return a source column as written.

        Raises:
            ImportRefusedError: If there is no such column, with the nearest one.
        """
        found = self.names.get(_folded(name))
        if found is None:
            near = nearest(name, self.shown)
            raise ImportRefusedError(
                "unknown_source_column", path=self.label, name=name, nearest=near
            )
        return found


@dataclass(frozen=True, slots=True)
class Tidied:
    """The source columns that are read, each tidied once however often it is used."""

    scope: Scope
    places: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> Node:
        """Return the column of `relation` that holds a tidy text.

        Raises:
            ImportRefusedError: If there is no such column, with the nearest one.
        """
        self.scope.raw(name)
        place = self.places.setdefault(_folded(name), f"cell{len(self.places) + 1}")
        return column(place)

    def relation(self, also: Mapping[str, Node]) -> exp.Select:
        """Return the query of the texts asked for so far, beside other columns.

        In two layers: a text is trimmed in the one within, and read twice in the other.
        """
        inner = [named(node, name) for name, node in also.items()]
        inner += [
            named(trimmed(self.scope.names[name]), place)
            for name, place in self.places.items()
        ]
        cells = [named(tidy(column(one)), one) for one in self.places.values()]
        source = self.scope.source.copy().select(*inner, append=False, copy=False)
        return exp.select(*map(column, also), *cells, copy=False).from_(
            source.subquery("trimmed", copy=False), copy=False
        )


def scope_of(
    main: RawTable, table: TableMapping, find: Callable[[Join], RawTable]
) -> Scope:
    """Return the scope of a mapping over a raw table and those it joins."""
    names = {_folded(name): column(place, "m") for name, place in main.places.items()}
    shown = list(main.headers)
    source = over(sql("SELECT * FROM raw AS m"), raw=main.relation)
    beside: list[Beside] = []
    for number, join in enumerate(table.joins, 1):
        other, alias = find(join), f"j{number}"
        stem = PurePosixPath(other.file.name.removesuffix(".gz")).stem
        for name, place in other.places.items():
            node = column(place, alias)
            names.setdefault(_folded(name), node)
            names[_folded(f"{stem}.{name}")] = node
            shown += [name, f"{stem}.{name}"]
        partial = Scope(main.label, names, tuple(shown), source)
        source = _joined(source, partial, other, join, alias)
        beside.append(Beside(other, join, alias))
    whole = Scope(main.label, names, tuple(shown), source)
    told = tuple(replace(one, columns=_read_from(one, table, whole)) for one in beside)
    return replace(whole, beside=told)


def _read_from(one: Beside, table: TableMapping, scope: Scope) -> tuple[str, ...]:
    """Return the canonical columns whose text is a cell of a joined table."""
    nodes = {name: scope.raw(source) for name, source in table.columns.items()}
    return tuple(
        name
        for name, node in nodes.items()
        if isinstance(node, exp.Column) and node.table == one.alias
    )


def keys_of(other: RawTable, join: Join) -> list[Node]:
    """Return what a joined table is found by.

    Raises:
        ImportRefusedError: If it has no such column, with the nearest one.
    """
    own = Scope(
        other.label,
        {_folded(name): column(place) for name, place in other.places.items()},
        other.headers,
        exp.select("*"),
    )
    return [_as_key(own.text(theirs)) for theirs in join.on.values()]


def _joined(
    source: exp.Select, scope: Scope, other: RawTable, join: Join, alias: str
) -> exp.Select:
    """Return the source with another table beside it: at most one row for each row."""
    keys = keys_of(other, join)
    first = sql("row_number() OVER (ORDER BY line)")
    first.set("partition_by", [key.copy() for key in keys])
    shown = [
        exp.alias_(key.copy(), f"k{place}", quoted=True)
        for place, key in enumerate(keys)
    ]
    inner = over(
        exp.select("*", *shown, exp.alias_(first, "place")).from_("other"),
        other=other.relation,
    )
    one = exp.select("*").from_(inner.subquery("candidates")).where("place = 1")
    matches = [
        exp.EQ(this=_as_key(scope.text(ours)), expression=column(f"k{place}", alias))
        for place, ours in enumerate(join.on)
    ]
    return source.join(one.subquery(alias), on=all_of(matches), join_type="left")


def _as_key(text: Node) -> Node:
    """Return the text two files agree on: a number of an id may be written `12.0`."""
    return sql(r"regexp_replace(:v, '^(-?[0-9]+)[.]0+$', '\1')", v=text)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
