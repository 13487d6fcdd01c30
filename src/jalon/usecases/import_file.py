"""Import files: read, merge with what is held, publish one generation, report.

All the files of one call are one generation: either everything in them is published, or
nothing is. Files that bring nothing new publish nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import duckdb

from jalon.connectors.files.convert import Company
from jalon.connectors.files.guesses import Guess
from jalon.connectors.files.mapping import (
    FileMapping,
    TableMapping,
    dumped,
    loaded,
    parsed,
)
from jalon.connectors.files.reading import (
    Guessed,
    Known,
    Look,
    Part,
    Progress,
    Reading,
    Sheet,
    looked,
    read,
)
from jalon.connectors.files.recognise import Recognition
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.resolve import KEYS
from jalon.connectors.files.sources import Given, fingerprint
from jalon.warehouse.compare import names, unchanged
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.warehouse.joining import Join, join_people
from jalon.warehouse.load import merge
from jalon.workspace.folder import Workspace
from jalon.workspace.scratch import scratch

__all__ = [
    "Alongside",
    "FileMapping",
    "Given",
    "Guess",
    "ImportRefusedError",
    "ImportReport",
    "Look",
    "Recognition",
    "Sheet",
    "TableMapping",
    "dumped",
    "import_file",
    "look_at",
    "parsed",
    "remember",
]

FEW_REJECTS = 50


class Alongside(Protocol):
    """What else changes in the generation of an import: history, deletions."""

    @property
    def tables(self) -> frozenset[str]:
        """Return the tables it writes itself, which are not merged."""

    def before(
        self, connection: duckdb.DuckDBPyConnection, staged: Mapping[str, Path]
    ) -> int:
        """Write before the staged files are merged; return how many rows changed."""

    def after(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Count what rests on the rows, once they are merged."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read: where, which value, and the code of the reason."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: read = accepted + rejected + duplicate + filtered.

    `generation` is empty where nothing was published. `rejects` holds the first
    rejected rows; all of them are in the quarantine. `guessed` gives, for each file
    read without a mapping, the TOML of the one used, and where it was saved. `joins`
    tells who was known by name and has a key from now on.
    """

    import_id: str
    generation: str
    dry_run: bool
    parts: tuple[Part, ...]
    rejects: tuple[Reject, ...] = ()
    skipped: tuple[str, ...] = ()
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guessed: tuple[tuple[Guessed, str], ...] = ()
    joins: tuple[Join, ...] = ()

    @property
    def counted(self) -> tuple[Part, ...]:
        """Return the parts that make the totals: each row of a file once."""
        return tuple(part for part in self.parts if not part.drawn)

    @property
    def read(self) -> int:
        """Return the rows read."""
        return sum(part.read for part in self.counted)

    @property
    def accepted(self) -> int:
        """Return the rows that were new or replaced a former one."""
        return sum(part.accepted for part in self.counted)

    @property
    def rejected(self) -> int:
        """Return the rows that went to the quarantine."""
        return sum(part.rejected for part in self.counted)

    @property
    def duplicate(self) -> int:
        """Return the rows that were already there, or twice in the files."""
        return sum(part.duplicate for part in self.counted)

    @property
    def filtered(self) -> int:
        """Return the rows that the mapping leaves out."""
        return sum(part.filtered for part in self.counted)


def import_file(  # noqa: PLR0913 - what, how, and what goes with it
    workspace: Workspace,
    paths: Sequence[Path | Given],
    *,
    mapping: Path | FileMapping | None = None,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    alongside: Alongside | None = None,
) -> ImportReport:
    """Import files, folders or zips into the warehouse of a workspace.

    Args:
        workspace: Where to; its folder is created if absent.
        paths: Files, folders and zips; together they are one generation.
        mapping: A mapping or its file; without one, tables and columns are
            recognised.
        at: The moment of the import.
        dry_run: Read and count, publish nothing and save no mapping.
        progress: Told (step, file, share done).
        alongside: What else changes in the same generation.

    Raises:
        ImportRefusedError: If a file or the mapping cannot be used; nothing is written.
    """
    given = loaded(mapping) if isinstance(mapping, Path) else mapping
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    with scratch(workspace) as folder:
        reading = read(
            paths,
            given,
            folder / "read",
            _known(workspace, generations, folder),
            progress,
        )
        return _published(
            _Import(
                workspace, generations, tuple(paths), given, at, reading, alongside
            ),
            dry_run,
        )


def look_at(
    workspace: Workspace,
    paths: Sequence[Path | Given],
    *,
    progress: Progress | None = None,
) -> Look:
    """Return what files hold and what is recognised in them; nothing is kept.

    Raises:
        ImportRefusedError: If none of the files can be read.
    """
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    with scratch(workspace) as folder:
        known = _known(workspace, generations, folder)
        return looked(paths, folder / "read", known, progress)


@dataclass(frozen=True, slots=True)
class _Import:
    """An import that has been read."""

    workspace: Workspace
    generations: Generations
    paths: tuple[Path | Given, ...]
    mapping: FileMapping | None
    at: datetime
    reading: Reading
    alongside: Alongside | None = None

    def merged(self) -> list[tuple[str, Path]]:
        """Return the tables staged, but those that what goes alongside writes."""
        own = self.alongside.tables if self.alongside else frozenset()
        return [one for one in self.reading.staged.items() if one[0] not in own]

    @property
    def files(self) -> str:
        return ", ".join(str(path) for path in self.paths)

    @property
    def fingerprint(self) -> str:
        marks = "".join(
            fingerprint(one.path if isinstance(one, Given) else one)
            for one in self.paths
        )
        return hashlib.sha256(marks.encode()).hexdigest()

    @property
    def mapping_text(self) -> str:
        found = [self.mapping] if self.mapping else []
        found += [one.mapping for one in self.reading.guessed]
        return "\n".join(dumped(one) for one in found)


def _known(workspace: Workspace, generations: Generations, folder: Path) -> Known:
    """Return what the workspace knows: its settings, its names, its mappings."""
    company = Company(workspace.settings.timezone, workspace.settings.currency)
    held: dict[str, Path] = {}
    try:
        with generations.reader() as reader:
            for kind, key in KEYS.items():
                held[kind] = folder / f"known_{kind}.parquet"
                names(reader, kind=kind, key=key, to=held[kind])
    except NoGenerationError:
        held = {}
    return Known(company, held, _remembered(workspace.mappings))


def _remembered(folder: Path) -> Callable[[Sequence[str]], FileMapping | None]:
    def find(headers: Sequence[str]) -> FileMapping | None:
        found = _saved_for(folder, headers)
        if found is None:
            return None
        saved = loaded(found)
        anywhere = [replace(table, file="*", sheet="") for table in saved.tables]
        return FileMapping(tuple(anywhere))

    return find


def _saved_for(folder: Path, headers: Sequence[str]) -> Path | None:
    """Return the mapping saved for files of these headers, if there is one."""
    return next(iter(sorted(folder.glob(f"*{_shape(headers)}.toml"))), None)


def _shape(headers: Sequence[str]) -> str:
    folded = "\n".join(header.casefold() for header in headers)
    return hashlib.sha256(folded.encode()).hexdigest()[:12]


def _published(done: _Import, dry_run: bool) -> ImportReport:  # noqa: FBT001
    reading = done.reading
    report = ImportReport(
        import_id=f"{done.at:%Y%m%dT%H%M%S}-{done.fingerprint[:8]}",
        generation="",
        dry_run=dry_run,
        parts=reading.parts,
        rejects=_rejects(reading),
        skipped=reading.skipped,
        made=reading.made,
        guessed=tuple((one, "") for one in reading.guessed),
    )
    if dry_run:
        return replace(report, parts=_compared(done))
    outcome = _Outcome(replace(report, guessed=_saved(done)))
    name = done.generations.publish(partial(_change, done, outcome), at=done.at)
    report = outcome.report
    return replace(report, generation=name) if outcome.changed else report


def _compared(done: _Import) -> tuple[Part, ...]:
    """Return the parts as an import would count them now; nothing is written."""
    held, rows = [], 0
    try:
        with done.generations.reader() as reader:
            for table, path in done.merged():
                rows += _row_count(reader, path)
                held.append(unchanged(reader, table=table, staged=path))
    except NoGenerationError:
        return _weighed(done.reading, [], news=True)
    same = sum(count for parts in held for count, _ in parts.values())
    return _weighed(done.reading, held, news=rows > same)


def _weighed(
    reading: Reading, held: Iterable[Mapping[int, tuple[int, int]]], *, news: bool
) -> tuple[Part, ...]:
    """Return the parts, what is already held counted; `news` where any row is new."""
    known: Counter[int] = Counter()
    for parts in held:
        known.update({part: fresh for part, (_, fresh) in parts.items()})
    weighed = (
        replace(part, duplicate=part.duplicate + min(known[n], part.accepted))
        for n, part in enumerate(reading.parts)
    )
    return tuple(one if news else _known_already(one) for one in weighed)


def _known_already(part: Part) -> Part:
    """Return a joined file's part once nothing that it stands beside is new."""
    return replace(part, duplicate=part.read - part.rejected) if part.joined else part


def _row_count(reader: duckdb.DuckDBPyConnection, path: Path) -> int:
    query = "SELECT count(*) FROM read_parquet(?)"
    return int(reader.execute(query, [str(path)]).fetchall()[0][0])


def _rejects(reading: Reading) -> tuple[Reject, ...]:
    """Return the first rejects; nothing is opened where there is none."""
    if not any(part.rejected for part in reading.parts):
        return ()
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT file, line, coalesce(column_name, ''), coalesce(value, ''), reason "
            "FROM read_parquet(?) ORDER BY file, line LIMIT ?",
            [str(reading.quarantine), FEW_REJECTS],
        ).fetchall()
    return tuple(Reject(*row) for row in rows)


_SAME_REJECT = (
    "held.table_name = new.table_name AND held.file = new.file "
    "AND held.line = new.line "
    "AND held.column_name IS NOT DISTINCT FROM new.column_name "
    "AND held.value IS NOT DISTINCT FROM new.value AND held.reason = new.reason"
)


@dataclass(slots=True)
class _Outcome:
    """What an import says of itself, once its change is made."""

    report: ImportReport
    changed: bool = False


def _change(
    done: _Import, outcome: _Outcome, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Merge every staged table and write the books; return whether anything is new."""
    staged, import_id = done.reading.staged, outcome.report.import_id
    besides = done.alongside.before(connection, staged) if done.alongside else 0
    counts = [
        merge(connection, table=table, staged=str(path), import_id=import_id)
        for table, path in done.merged()
    ]
    news = done.generations.current() is None or any(one.changed for one in counts)
    parts = _weighed(done.reading, [one.held for one in counts], news=news)
    report = outcome.report = replace(outcome.report, parts=parts)
    rejects = connection.execute(
        "INSERT INTO quarantine BY NAME "  # noqa: S608
        "SELECT ? AS import_id, * FROM read_parquet(?) AS new "
        f"ANTI JOIN quarantine AS held ON {_SAME_REJECT}",
        [import_id, str(done.reading.quarantine)],
    ).fetchall()[0][0]
    outcome.changed = bool(news or besides or rejects)
    if not outcome.changed:
        return False
    row = {
        "import_id": report.import_id,
        "imported_at": done.at,
        "files": done.files,
        "fingerprint": done.fingerprint,
        "mapping": done.mapping_text,
        "rows_read": report.read,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "duplicate": report.duplicate,
        "filtered": report.filtered,
        "people_created": len(report.made.get("people", ())),
    }
    marks = ", ".join(f"${name} AS {name}" for name in row)
    connection.execute(f"INSERT INTO imports BY NAME SELECT {marks}", row)
    if done.alongside:
        done.alongside.after(connection)
    if "people" in staged:
        outcome.report = replace(report, joins=tuple(join_people(connection)))
    return True


def _saved(done: _Import) -> tuple[tuple[Guessed, str], ...]:
    """Save each recognised mapping under the shape of its headers; return where."""
    saved = []
    for one in done.reading.guessed:
        path = ""
        if one.recognition is not None:
            path = str(
                remember(
                    done.workspace, one.mapping, file=one.file, headers=one.headers
                )
            )
        saved.append((one, path))
    return tuple(saved)


def remember(
    workspace: Workspace, mapping: FileMapping, *, file: str, headers: Sequence[str]
) -> Path:
    """Save a mapping for the next file of these headers; return where."""
    workspace.mappings.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w-]+", "-", Path(file).stem).strip("-").lower()
    former = _saved_for(workspace.mappings, headers)
    target = former or workspace.mappings / f"{stem[:60]}-{_shape(headers)}.toml"
    target.write_text(dumped(mapping), "utf-8")
    return target


def as_document(report: ImportReport) -> dict[str, object]:
    """Return the report as the one JSON document of the command line and the API."""
    own = [part for part in report.parts if not part.joined]
    return {
        "import": report.import_id,
        "snapshot": report.generation or None,
        "dry_run": report.dry_run,
        "totals": _totals(report.counted),
        "tables": {
            table: _totals([one for one in own if one.table == table])
            for table in dict.fromkeys(part.table for part in own)
        },
        "files": [
            {
                "file": part.file,
                "sheet": part.sheet or None,
                "table": part.table,
                "drawn": part.drawn,
                "joined": part.joined,
            }
            | _totals([part])
            for part in report.parts
        ],
        "rejects": [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column or None,
                "value": one.value or None,
                "reason": one.reason,
            }
            for one in report.rejects
        ],
        "skipped": list(report.skipped),
        "created": {kind: list(names) for kind, names in report.made.items()},
        "joined": [
            {"name": one.name, "former": one.former, "key": one.key}
            for one in report.joins
        ],
        "assumed_day_first": sorted(
            {f"{part.table}.{name}" for part in report.parts for name in part.assumed}
        ),
        "guessed": [
            {"file": one.file, "mapping": dumped(one.mapping), "saved": path or None}
            | _recognised(one.recognition)
            for one, path in report.guessed
        ],
    }


def _recognised(found: Recognition | None) -> dict[str, object]:
    """Return each guess with how sure it is and why; nothing for a known file."""
    if found is None:
        return {}
    return {
        "vendor": found.vendor or None,
        "guesses": [
            {
                "table": one.table,
                "column": one.column or None,
                "source": one.source,
                "confidence": one.confidence,
                "reason": one.reason,
            }
            | dict(one.parameters)
            for one in found.guesses
        ],
        "unmapped": list(found.unmapped),
    }


def _totals(parts: Sequence[Part]) -> dict[str, int]:
    return {
        name: sum(getattr(part, name) for part in parts)
        for name in ("read", "accepted", "rejected", "duplicate", "filtered")
    }
