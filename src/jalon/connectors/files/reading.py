"""Reading files whole: from paths to staged Parquet files, rejects and counts.

Nothing is kept outside the folder given; nothing is written to the warehouse here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import duckdb
from sqlglot import exp

from jalon.connectors.files import recognise as recognition
from jalon.connectors.files.beside import Aside, asides
from jalon.connectors.files.content import looks_like_a_code
from jalon.connectors.files.convert import SQL_TYPES, Company, Converted, converted
from jalon.connectors.files.formats import tables_of
from jalon.connectors.files.mapping import (
    FileMapping,
    Join,
    SourceShape,
    TableMapping,
    covers,
)
from jalon.connectors.files.raw import RawTable, Scratch, Wish
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.resolve import resolved
from jalon.connectors.files.setaside import set_aside
from jalon.connectors.files.sources import Given, SourceFile, expanded
from jalon.connectors.files.sql import (
    Node,
    column,
    create,
    named,
    over,
    run,
    sql,
)
from jalon.connectors.files.together import recognise_lines
from jalon.domain.facts.tables import PROVENANCE, TABLES

MEMORY = "700MB"
_SAMPLES, _SAMPLED_ROWS = 200, 20000

Progress = Callable[[str, str, float], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one [[table]] took from one file (or sheet).

    `drawn` is true where the same rows are already counted for another table, `joined`
    where the file is only read beside the rows of another.
    """

    file: str
    sheet: str
    table: str
    read: int
    rejected: int
    filtered: int
    duplicate: int
    assumed: tuple[str, ...] = ()
    drawn: bool = False
    joined: bool = False

    @property
    def accepted(self) -> int:
        """Return the rows that are neither rejected, repeated nor left out."""
        return self.read - self.rejected - self.duplicate - self.filtered


@dataclass(frozen=True, slots=True)
class Guessed:
    """A mapping that was recognised, or remembered from a file of the same headers."""

    file: str
    headers: tuple[str, ...]
    mapping: FileMapping
    recognition: recognition.Recognition | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: a Parquet file for each canonical table, rejects, counts.

    Staged files hold the canonical columns, the provenance, and `_part`, `_fresh`:
    which of `parts` the row comes from (-1: made here) and how many rows it stands for.
    """

    staged: Mapping[str, Path]
    quarantine: Path
    parts: tuple[Part, ...]
    guessed: tuple[Guessed, ...] = ()
    skipped: tuple[str, ...] = ()
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table found in the files given, before anything is imported of it.

    `tables` is empty where it was recognised as nothing; `recognition` is None there,
    and where the mapping was remembered and knows every word.
    """

    file: str
    shape: SourceShape
    rows: int
    tables: tuple[TableMapping, ...] = ()
    recognition: recognition.Recognition | None = None
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What files hold: their tables, and the files that cannot be read, with why."""

    sheets: tuple[Sheet, ...]
    unreadable: tuple[tuple[str, ImportRefusedError], ...] = ()


Remembered = Callable[[Sequence[str]], FileMapping | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace knows before the import.

    `names` gives Parquet files of (id, name) by kind; `remembered` the mapping saved
    for a file of these headers.
    """

    company: Company = field(default_factory=Company)
    names: Mapping[str, Path] = field(default_factory=dict)
    remembered: Remembered = lambda headers: None  # noqa: ARG005


def looked(
    paths: Iterable[Path | Given],
    folder: Path,
    known: Known | None = None,
    progress: Progress | None = None,
) -> Look:
    """Return what the files hold and what it was recognised as; nothing is staged.

    Raises:
        ImportRefusedError: If none of the files can be read.
    """
    with _scratch(folder) as scratch:
        return _Reader(scratch, known or Known(), progress).look(tuple(paths))


def read(
    paths: Iterable[Path | Given],
    mapping: FileMapping | None,
    folder: Path,
    known: Known | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Return what the files say, staged in `folder`.

    `progress` is told (step, file, share done from 0 to 1).

    Raises:
        ImportRefusedError: If a file or the mapping cannot be used at all.
    """
    with _scratch(folder) as scratch:
        return _Reader(scratch, known or Known(), progress).read(tuple(paths), mapping)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Scratch]:
    """Open the database of one reading."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(folder / "scratch.duckdb"))
    try:
        # Nothing of it is read again: it is not put in order when it closes.
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET enable_progress_bar = false")
        yield Scratch(connection, folder)
    finally:
        connection.close()


class _Reader:
    """One reading under way."""

    def __init__(
        self, scratch: Scratch, known: Known, progress: Progress | None
    ) -> None:
        self.scratch = scratch
        self.known = known
        self.progress = progress or (lambda *_: None)
        self.files: tuple[SourceFile, ...] = ()
        self.tables: dict[str, tuple[RawTable, ...]] = {}
        self.guessed: list[Guessed] = []
        self.skipped: list[str] = []
        self.mapping = FileMapping(())

    def look(self, paths: tuple[Path | Given, ...]) -> Look:
        self.files = expanded(paths, self.scratch.folder / "given")
        sheets: list[Sheet] = []
        unreadable: list[tuple[str, ImportRefusedError]] = []
        for number, file in enumerate(self.files):
            self.progress("reading", file.name, number / len(self.files))
            try:
                sheets += [self._seen(raw) for raw in self._tables(file, Wish())]
            except ImportRefusedError as error:
                unreadable.append((file.name, error))
        if not sheets:
            raise unreadable[0][1]
        return Look(tuple(sheets), tuple(unreadable))

    def _seen(self, raw: RawTable) -> Sheet:
        """Return a table with what it was recognised as, bound to its very file."""
        guess = self._guess(raw)
        tables = guess.mapping.tables if guess else ()
        return Sheet(
            file=raw.file.name,
            shape=_shape(self.scratch, raw),
            rows=_count(self.scratch, raw),
            tables=tuple(
                replace(one, file=raw.file.name, sheet=raw.sheet) for one in tables
            ),
            recognition=guess.recognition if guess else None,
            remembered=self.known.remembered(raw.headers) is not None,
        )

    def read(
        self, paths: tuple[Path | Given, ...], mapping: FileMapping | None
    ) -> Reading:
        self.files = expanded(paths, self.scratch.folder / "given")
        self.mapping = mapping or self.mapping
        found = self._converted_with(mapping) if mapping else self._converted_alone()
        if not found:
            raise ImportRefusedError(
                "nothing_mapped" if mapping else "not_recognised",
                path=", ".join(file.name for file in self.files[:5]),
            )
        self.progress("writing", "", 0.8)
        return self._staged(found)

    def _converted_with(self, mapping: FileMapping) -> list[Converted]:
        used: set[str] = set()
        found = []
        for number, table in enumerate(mapping.tables):
            for file in (one for one in self.files if covers(table.file, one.name)):
                used.add(file.name)
                self.progress("reading", file.name, 0.7 * number / len(mapping.tables))
                wish = _wish(mapping, file.name)
                raw = _chosen(self._tables(file, wish), table.sheet, file.name)
                found.append(self._convert(raw, table))
        joined = {join.file for table in mapping.tables for join in table.joins}
        self.skipped += [
            file.name
            for file in self.files
            if file.name not in used and not any(covers(j, file.name) for j in joined)
        ]
        return found

    def _converted_alone(self) -> list[Converted]:
        found = []
        for number, file in enumerate(self.files):
            self.progress("reading", file.name, 0.7 * number / len(self.files))
            try:
                tables = self._tables(file, Wish())
            except ImportRefusedError:
                if len(self.files) == 1:
                    raise
                self.skipped.append(file.name)
                continue
            for raw in tables:
                guess = self._guess(raw)
                if guess is None:
                    self.skipped.append(raw.label)
                    continue
                self.guessed.append(guess)
                found += [self._convert(raw, one) for one in guess.mapping.tables]
        joined = {join.file for one in found for join in one.table.joins}
        self.skipped = [
            name for name in self.skipped if not any(covers(j, name) for j in joined)
        ]
        return found

    def _guess(self, raw: RawTable) -> Guessed | None:
        shape = _shape(self.scratch, raw)
        remembered = self.known.remembered(raw.headers)
        if remembered is not None:
            new = recognition.renewed(remembered, shape)
            known = new.mapping if new else remembered
            return Guessed(raw.label, raw.headers, known, new)
        found = recognition.recognise(shape)
        if not found.tables:
            found = recognise_lines(shape, self._others(raw))
        if not found.tables:
            return None
        return Guessed(raw.label, raw.headers, found.mapping, found)

    def _others(self, raw: RawTable) -> list[SourceShape]:
        """Return the shapes of the other tables given, those that can be read."""
        shapes = []
        for file in self.files:
            with contextlib.suppress(ImportRefusedError):
                others = self._tables(file, Wish())
                shapes += [_shape(self.scratch, one) for one in others if one != raw]
        return shapes

    def _tables(self, file: SourceFile, wish: Wish) -> tuple[RawTable, ...]:
        if file.name not in self.tables:
            self.tables[file.name] = tables_of(self.scratch, file, wish)
        return self.tables[file.name]

    def _convert(self, raw: RawTable, table: TableMapping) -> Converted:
        def find(join: Join) -> RawTable:
            return self._joined(raw, join)

        return converted(self.scratch, raw, table, self.known.company, find)

    def _joined(self, raw: RawTable, join: Join) -> RawTable:
        """Return the table a join names: among the files given, or beside them."""
        files = [one for one in self.files if covers(join.file, one.name)]
        if not files:
            beside = sorted(raw.file.folder.glob("*"))
            paths = [one for one in beside if covers(join.file, one.name)]
            if not paths:
                raise ImportRefusedError(
                    "missing_join", path=raw.file.name, name=join.file
                )
            files = list(expanded(paths[:1], self.scratch.folder / "joined"))
        return _chosen(
            self._tables(files[0], _wish(self.mapping, files[0].name)),
            join.sheet,
            files[0].name,
        )

    def _staged(self, found: list[Converted]) -> Reading:
        """Write the Parquet files and return the reading."""
        joined = asides(self.scratch, found)
        quarantine = self._quarantined(found, joined)
        unions = {
            into: self._union(
                [(n, one) for n, one in enumerate(found) if one.table.into == into]
            )
            for into in dict.fromkeys(one.table.into for one in found)
        }
        names = resolved(self.scratch, unions, self.known.names)
        staged: dict[str, Path] = {}
        repeated: dict[int, int] = {}
        for into, relation in names.staged.items():
            self.progress("writing", into, 0.8 + 0.2 * len(staged) / len(names.staged))
            path = self.scratch.folder / f"staged_{into}.parquet"
            repeats = self._written(into, relation, path)
            for part, count in repeats.items():
                repeated[part] = repeated.get(part, 0) + count
            staged[into] = path
        facts = {one.raw.label for one in found if not one.table.distinct}
        parts = [
            _part(one, repeated.get(n, 0), drawn=one.raw.label in facts)
            for n, one in enumerate(found)
        ]
        parts += [_joined_part(one) for one in joined]
        return Reading(
            staged=staged,
            quarantine=quarantine,
            parts=tuple(parts),
            guessed=tuple(self.guessed),
            skipped=tuple(self.skipped),
            made=names.made,
        )

    def _union(self, found: list[tuple[int, Converted]]) -> str:
        """Create the view of every good row meant for one canonical table."""
        view = self.scratch.name("union")
        tree: Node | None = None
        for number, one in found:
            part = over(
                sql(
                    "SELECT * EXCLUDE (kept, bad_column, bad_value, bad_reason), "
                    "$part AS _part FROM s WHERE kept AND bad_column IS NULL",
                    part=number,
                ),
                s=one.relation,
            )
            tree = part if tree is None else exp.union(tree, part, distinct=False)
        if tree is None:
            raise ImportRefusedError("nothing_to_read", path="")
        create(self.scratch.connection, view, tree, "VIEW")
        return view

    def _written(self, into: str, relation: str, path: Path) -> dict[int, int]:
        """Write the rows of a table, one for each key; return repeats by part."""
        connection, keys = self.scratch.connection, TABLES[into].keys
        shown = _canonical(self.scratch, into, relation)
        counts = exp.select(
            sql("count(*)"),
            sql("count(DISTINCT $h)", h=_hash(keys)),
        ).from_("s")
        rows, distinct = run(connection, over(counts, s=shown))[0]
        if rows == distinct:
            _copy(connection, over(sql("SELECT *, 1 AS _fresh FROM s"), s=shown), path)
            return {}
        return _written_once_each(self.scratch, into, shown, path)

    def _quarantined(self, found: list[Converted], joined: tuple[Aside, ...]) -> Path:
        path = self.scratch.folder / "quarantine.parquet"
        tree: Node = sql(
            "SELECT NULL::VARCHAR AS table_name, NULL::VARCHAR AS file, "
            "NULL::BIGINT AS line, NULL::VARCHAR AS column_name, "
            "NULL::VARCHAR AS value, NULL::VARCHAR AS reason, "
            "NULL::VARCHAR AS row_json LIMIT 0"
        )
        wrong = [(one.raw, one.table.into, self._wrong(one)) for one in found]
        wrong += [(one.raw, one.into, one.bad) for one in joined]
        for raw, into, bad in wrong:
            for part in set_aside(raw, into=into, bad=bad):
                tree = exp.union(tree, part, distinct=False)
        _copy(self.scratch.connection, tree, path)
        return path

    def _wrong(self, one: Converted) -> str:
        """Return the relation of the rows of one part that a cell spoilt."""
        bad = self.scratch.name("bad")
        cells = sql(
            "SELECT _line AS line, nullif(bad_column, '') AS bad_column, bad_value, "
            "bad_reason FROM typed WHERE kept AND bad_column IS NOT NULL"
        )
        create(self.scratch.connection, bad, over(cells, typed=one.relation), "VIEW")
        return bad


def _wish(mapping: FileMapping, name: str) -> Wish:
    """Return what the tables of a mapping ask of the reading of one file."""
    own = [one for one in mapping.tables if covers(one.file, name)]
    headers = next((one.headers for one in own if one.headers), ())
    joining = [
        one
        for one in mapping.tables
        if any(covers(join.file, name) for join in one.joins)
    ]
    tables = [*own, *joining]
    extra = next((one.extra_field for one in tables if one.extra_field), "")
    return Wish(headers, extra)


def _chosen(tables: tuple[RawTable, ...], sheet: str, name: str) -> RawTable:
    if not sheet:
        return tables[0]
    for one in tables:
        if one.sheet.strip().casefold() == sheet.strip().casefold():
            return one
    sheets = ", ".join(one.sheet for one in tables if one.sheet)
    raise ImportRefusedError("unknown_sheet", path=name, name=sheet, sheets=sheets)


def _shape(scratch: Scratch, raw: RawTable) -> SourceShape:
    """Return what recognition looks at: some distinct values of each column."""
    samples: dict[str, tuple[str, ...]] = {}
    for name, place in raw.places.items():
        query = sql(
            "SELECT DISTINCT $c FROM (SELECT * FROM s LIMIT $rows) AS some "
            "WHERE $c IS NOT NULL LIMIT $n",
            c=column(place),
            rows=_SAMPLED_ROWS,
            n=_SAMPLES,
        )
        rows = run(scratch.connection, over(query, s=raw.relation))
        samples[name] = tuple(str(row[0]) for row in rows)
    name = PurePosixPath(raw.file.name).name
    codes = [one for one, cells in samples.items() if looks_like_a_code(cells)]
    telling = frozenset(one for one in codes if _tells_rows(scratch, raw, one))
    return SourceShape(name, raw.headers, samples, raw.sheet, telling)


def _tells_rows(scratch: Scratch, raw: RawTable, header: str) -> bool:
    """Return whether each of several rows has a value of its own under a header."""
    query = sql(
        "SELECT count(*), count(DISTINCT $c) FROM s", c=column(raw.places[header])
    )
    rows, distinct = run(scratch.connection, over(query, s=raw.relation))[0]
    return bool(1 < rows == distinct)


def _count(scratch: Scratch, raw: RawTable) -> int:
    query = over(sql("SELECT count(*) FROM s"), s=raw.relation)
    return int(run(scratch.connection, query)[0][0])


def _part(one: Converted, repeated: int, *, drawn: bool) -> Part:
    """Return the counts of one part; `distinct` counts repeated rows once."""
    read = one.read - repeated if one.table.distinct else one.read
    return Part(
        file=one.raw.file.name,
        sheet=one.raw.sheet,
        table=one.table.into,
        read=read,
        rejected=one.rejected,
        filtered=one.filtered,
        duplicate=0 if one.table.distinct else repeated,
        assumed=one.assumed,
        drawn=drawn and one.table.distinct,
    )


def _joined_part(one: Aside) -> Part:
    return Part(
        file=one.raw.file.name,
        sheet=one.raw.sheet,
        table=one.into,
        read=one.read,
        rejected=one.rejected,
        filtered=0,
        duplicate=one.duplicate,
        joined=True,
    )


def _canonical(scratch: Scratch, into: str, relation: str) -> str:
    """Create the view of a table's own columns, typed, whatever the relation has."""
    described = scratch.connection.execute(f"DESCRIBE {relation}").fetchall()
    there = {row[0] for row in described}
    shown = []
    for one in (*TABLES[into].columns, *PROVENANCE):
        cell = column(one.name) if one.name in there else exp.null()
        kind = exp.DataType.build(SQL_TYPES[one.type], dialect="duckdb")
        shown.append(named(exp.Cast(this=cell, to=kind), one.name))
    query = exp.select(*shown, column("_part"), column("_line")).from_("s")
    view = scratch.name("canonical")
    create(scratch.connection, view, over(query, s=relation), "VIEW")
    return view


def _hash(names: Sequence[str]) -> Node:
    return exp.func("hash", *(column(name) for name in names))


def _written_once_each(
    scratch: Scratch, into: str, shown: str, path: Path
) -> dict[int, int]:
    """Write the last row of each key; return how many rows repeat one before them."""
    keys = TABLES[into].keys
    content = [one.name for one in (*TABLES[into].columns, PROVENANCE[-1])]
    ranked = scratch.name("ranked")
    within = _windowed("row_number()", [column(one) for one in keys], last=True)
    same = _windowed(
        "row_number()", [*(column(one) for one in keys), _hash(content)], last=False
    )
    query = exp.select("*", named(within, "_rank"), named(same, "_again")).from_("s")
    create(scratch.connection, ranked, over(query, s=shown))
    fresh = _windowed("count(*) FILTER (_again = 1)", [column(one) for one in keys])
    inner = over(exp.select("*", named(fresh, "_fresh")).from_("s"), s=ranked)
    last = exp.select("*").from_(inner.subquery("counted")).where("_rank = 1")
    _copy(scratch.connection, last, path)
    repeats = sql("SELECT _part, count(*) FROM s WHERE _again > 1 GROUP BY _part")
    return dict(run(scratch.connection, over(repeats, s=ranked)))


def _windowed(function: str, by: list[Node], *, last: bool | None = None) -> Node:
    order = {
        None: "",
        True: "ORDER BY _part DESC, _line DESC",
        False: "ORDER BY _part, _line",
    }
    window = sql(f"{function} OVER ({order[last]})")
    window.set("partition_by", [one.copy() for one in by])
    return window


def _copy(connection: duckdb.DuckDBPyConnection, query: Node, path: Path) -> None:
    """Write the rows of a query to a Parquet file."""
    relation = connection.sql(query.sql("duckdb"))
    relation.write_parquet(str(path), compression="zstd")
