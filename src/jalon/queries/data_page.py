# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""What the Data page says: sources, imports, quarantine, generations, freshness, trust.

What a generation holds never changes, so that it is counted once and kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from jalon.domain.facts.tables import TABLES, ColumnType
from jalon.queries.trust import trust
from jalon.records.audit import AuditLine
from jalon.records.uploads import Upload
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.warehouse.quality import counted
from jalon.workspace.folder import Workspace

PAGE = 50
EXPORTED = 100_000
LATEST = 200
FRESH_DAYS, OLD_DAYS = 7, 31
DATED = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
# Lists of what there is: that nothing came lately does not make them old.
LISTS = frozenset({"people", "teams", "memberships", "products", "markets", "accounts"})
# What a date of these columns says is yet to come, or not when the fact happened.
_AHEAD = frozenset({"expected_close_on", "renewal_due_on", "after"})


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table: its rows, the last day it tells of, how old that is."""

    name: str
    rows: int
    last_on: datetime.date | None
    days: int | None

    @property
    def status(self) -> str:
        """Return how fresh it is, as a state of the boards; a list has no state."""
        if self.days is None or self.name in LISTS:
            return "no_data"
        if self.days <= FRESH_DAYS:
            return "on_track"
        return "watch" if self.days <= OLD_DAYS else "off_track"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where facts come from: a file's name, and the rows each table has of it."""

    name: str
    tables: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        """Return its rows over all tables."""
        return sum(rows for _, rows in self.tables)


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import: when, who, which files, how many rows, how long it took."""

    import_id: str
    at: datetime.datetime
    by: str
    files: str
    read: int
    accepted: int
    rejected: int
    duplicate: int
    filtered: int
    quarantined: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """One snapshot: when it was made, its size, whether current, why it is kept."""

    name: str
    made_at: datetime.datetime
    megabytes: Decimal
    current: bool
    pins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspectLine:
    """Rows that contradict themselves: which rule, how many."""

    table: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class DataPage:
    """Everything the page shows; `snapshot` is empty before the first import."""

    snapshot: str = ""
    tables: tuple[TableLine, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    imports: tuple[ImportLine, ...] = ()
    generations: tuple[GenerationLine, ...] = ()
    suspects: tuple[SuspectLine, ...] = ()
    quarantined: int = 0
    last_fact_on: datetime.date | None = None
    freshness_days: int | None = None
    completeness: Decimal | None = None

    @property
    def suspected(self) -> int:
        """Return how many rows contradict themselves."""
        return sum(one.count for one in self.suspects)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read: where, which value, why, and the whole row."""

    import_id: str
    table: str
    file: str
    line: int
    column: str
    value: str
    reason: str
    row: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Rejected rows that match a filter, and what can be filtered."""

    rows: tuple[Reject, ...]
    total: int
    files: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the quarantine; empty is everything."""

    import_id: str = ""
    file: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a generation holds, whatever the day."""

    lasts: Mapping[str, tuple[int, datetime.date | None]]
    sources: tuple[SourceLine, ...]
    imports: tuple[tuple[object, ...], ...]
    suspects: tuple[SuspectLine, ...]
    quarantined: Mapping[str, int] = field(default_factory=dict)


_kept: dict[tuple[str, str, datetime.date], _Held] = {}


def data_page(workspace: Workspace, *, on: datetime.date) -> DataPage:
    """Return what is known of the data on a day."""
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    name = generations.current()
    if name is None:
        return DataPage()
    held = _held(generations, name, on)
    told = trust(workspace, on=on)
    last, share = told["last_fact_on"], told["completeness"]
    return DataPage(
        snapshot=name,
        tables=tuple(
            TableLine(table, rows, day, (on - day).days if day else None)
            for table, (rows, day) in held.lasts.items()
        ),
        sources=held.sources,
        imports=_imports(held),
        generations=_generations(generations, name),
        suspects=held.suspects,
        quarantined=sum(held.quarantined.values()),
        last_fact_on=datetime.date.fromisoformat(str(last)) if last else None,
        freshness_days=(on - datetime.date.fromisoformat(str(last))).days
        if last
        else None,
        completeness=Decimal(str(share)) if share is not None else None,
    )


def quarantine(
    workspace: Workspace, wanted: Wanted, *, limit: int = PAGE
) -> Quarantine:
    """Return the rejected rows that match, the latest import first."""
    try:
        reader = Generations(workspace.warehouse).reader()
    except NoGenerationError:
        return Quarantine((), 0, (), ())
    where, values = _matching(wanted)
    rows = reader.execute(
        "SELECT import_id, table_name, file, line, coalesce(column_name, ''), "
        "coalesce(value, ''), reason, coalesce(row_json, '') FROM quarantine "
        f"WHERE {where} ORDER BY import_id DESC, file, line LIMIT ?",
        [*values, limit],
    ).fetchall()
    (total,) = reader.execute(
        f"SELECT count(*) FROM quarantine WHERE {where}", values
    ).fetchall()[0]
    return Quarantine(
        rows=tuple(Reject(*row) for row in rows),
        total=total,
        files=_distinct(reader, "file"),
        reasons=_distinct(reader, "reason"),
    )


def _matching(wanted: Wanted) -> tuple[str, list[str]]:
    told = {
        "import_id": wanted.import_id,
        "file": wanted.file,
        "reason": wanted.reason,
    }
    given = {name: value for name, value in told.items() if value}
    return " AND ".join(["true", *(f"{name} = ?" for name in given)]), [*given.values()]


def _distinct(reader: duckdb.DuckDBPyConnection, name: str) -> tuple[str, ...]:
    query = f"SELECT DISTINCT {name} FROM quarantine ORDER BY 1"
    return tuple(row[0] for row in reader.execute(query).fetchall())


def _held(generations: Generations, name: str, on: datetime.date) -> _Held:
    key = (str(generations.folder.resolve()), name, on)
    if key not in _kept:
        if len(_kept) > 20:  # noqa: PLR2004 - a handful of snapshots at a time
            _kept.clear()
        reader = generations.reader(name)
        _kept[key] = _Held(
            lasts=_lasts(reader, on),
            sources=_sources(reader),
            imports=tuple(reader.execute(_IMPORTS).fetchall()),
            suspects=_suspects(reader),
            quarantined=dict(reader.execute(_QUARANTINED).fetchall()),
        )
    return _kept[key]


_IMPORTS = (
    "SELECT import_id, imported_at, files, rows_read, accepted, rejected, duplicate, "
    "coalesce(filtered, 0) FROM imports ORDER BY imported_at DESC, import_id DESC"
)
_QUARANTINED = "SELECT import_id, count(*) FROM quarantine GROUP BY import_id"


def _lasts(
    reader: duckdb.DuckDBPyConnection, on: datetime.date
) -> dict[str, tuple[int, datetime.date | None]]:
    """Return the rows of each filled table and the last day it tells of, to `on`."""
    found = {}
    for table in TABLES.values():
        days = [
            f'max(CAST("{one.name}" AS DATE)) '
            f'FILTER (CAST("{one.name}" AS DATE) <= $on)'
            for one in table.columns
            if one.type in DATED and one.name not in _AHEAD
        ]
        last = f"greatest({', '.join(days)})" if days else "NULL"
        given = {"on": on} if days else {}
        query = f'SELECT count(*), {last} FROM "{table.name}"'
        (rows, day) = reader.execute(query, given).fetchall()[0]
        if rows:
            found[table.name] = (int(rows), day)
    return found


def _sources(reader: duckdb.DuckDBPyConnection) -> tuple[SourceLine, ...]:
    held: dict[str, list[tuple[str, int]]] = {}
    for table in TABLES:
        query = (
            f"SELECT coalesce(source, ''), count(*) FROM \"{table}\" "
            "GROUP BY 1 ORDER BY 1"
        )
        for source, rows in reader.execute(query).fetchall():
            held.setdefault(source, []).append((table, int(rows)))
    return tuple(SourceLine(name, tuple(rows)) for name, rows in sorted(held.items()))


def _suspects(reader: duckdb.DuckDBPyConnection) -> tuple[SuspectLine, ...]:
    found = []
    for name, count in counted(reader).items():
        table, _, code = name.partition(".")
        found.append(SuspectLine(table, code, count))
    return tuple(found)


def _imports(held: _Held) -> tuple[ImportLine, ...]:
    """Return the imports with who made them: what the audit and the uploads keep."""
    names = [str(row[0]) for row in held.imports]
    who = dict(
        AuditLine.objects.filter(noun="data", verb="import", key__in=names)
        .order_by("at")
        .values_list("key", "by")
    )
    took = _seconds()
    return tuple(
        ImportLine(
            import_id=name,
            at=datetime.datetime.fromisoformat(str(row[1])),
            by=who.get(name, ""),
            files=str(row[2]),
            read=int(str(row[3])),
            accepted=int(str(row[4])),
            rejected=int(str(row[5])),
            duplicate=int(str(row[6])),
            filtered=int(str(row[7])),
            quarantined=held.quarantined.get(name, 0),
            seconds=took.get(name),
        )
        for name, row in zip(names, held.imports, strict=True)
    )


def _seconds() -> dict[str, float]:
    """Return how long the latest imports from the pages took, by import."""
    found = Upload.objects.exclude(report=None).order_by("-at")[:LATEST]
    return {
        upload.report["import"]: (upload.ended_at - upload.started_at).total_seconds()
        for upload in found
        if upload.report and upload.ended_at and upload.started_at
    }


def _generations(generations: Generations, current: str) -> tuple[GenerationLine, ...]:
    pins = generations.pins()
    lines = []
    for name in sorted({*generations.names(), *pins}, reverse=True):
        path = generations.path(name)
        if path.exists():
            told = path.stat()
            lines.append(
                GenerationLine(
                    name=name,
                    made_at=datetime.datetime.fromtimestamp(
                        told.st_mtime, tz=datetime.UTC
                    ),
                    megabytes=Decimal(told.st_size) / 1024**2,
                    current=name == current,
                    pins=tuple(pins.get(name, ())),
                )
            )
    return tuple(lines)
