# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""Immutable generations of the warehouse: `gNNNNNNNN.duckdb` files and CURRENT.

A published file is never written again, so readers need no lock; one writer at a time
builds the next file aside and names it in CURRENT by an atomic replacement.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import itertools
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.domain.refusals import Refusal
from jalon.warehouse.erasing import keep_out
from jalon.warehouse.quality import recompute
from jalon.warehouse.schema import create_tables, missing
from jalon.warehouse.sums import Sum, measured, recorded, same_engine, summed

_NAME = re.compile(r"g(\d{8})")
_BUILDING = ".building"
_OPEN_TRIES = 5
_NO_DATA = "{folder} holds no data yet. Expected e.g. jalon import FILE.csv"
_NO_SNAPSHOT = "{folder} holds no snapshot {name}."
_DAMAGED = (
    "The snapshot {name} cannot be read: its file is damaged. "
    "`jalon doctor` says what to do."
)
_BROKEN = "What was just built cannot be read back: {why}."
_ABSENT = "What was just built cannot be read back; missing: {tables}."
_BUSY = (
    "{folder}: another import has been running for more than {seconds} s. "
    "Wait for its end, then try again."
)

Change = Callable[[duckdb.DuckDBPyConnection], bool | None]


class NoGenerationError(Refusal):
    """The warehouse holds no generation of that name, or none at all yet."""


class WriterBusyError(Refusal):
    """Another process has been writing for longer than one was ready to wait."""


class UnreadableGenerationError(Refusal):
    """The file of a generation is damaged: it cannot be opened."""


class BrokenGenerationError(Refusal):
    """The generation just built cannot be read back; nothing was published."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a code of `warehouse.*`, its facts."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """Files of the warehouse open for reading, by name; they outlive their removal."""

    current: str
    files: dict[str, IO[bytes]]


class Generations:
    """The generations in one folder; objects on the same folder share readers."""

    def __init__(self, folder: Path, keep: int = 5, wait: float = 60.0) -> None:
        """Keep at least `keep` generations; `wait` seconds for another writer."""
        self.folder = folder
        self.keep = max(1, keep)
        self.wait = wait

    def current(self) -> str | None:
        """Return the name that CURRENT holds, None before the first generation."""
        try:
            return (self.folder / "CURRENT").read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def path(self, name: str) -> Path:
        """Return where a generation of that name is kept."""
        return self.folder / f"{name}.duckdb"

    def names(self) -> tuple[str, ...]:
        """Return the published generations, oldest first."""
        last = self.current() or ""
        return tuple(name for name in self._files() if name <= last)

    def reader(self, name: str | None = None) -> duckdb.DuckDBPyConnection:
        """Return a read-only cursor of its own on a generation, the current by default.

        Raises:
            NoGenerationError: If there is no such generation.
        """
        for _ in range(_OPEN_TRIES):
            wanted = name or self.current()
            if wanted is None or not _NAME.fullmatch(wanted):
                break
            with contextlib.suppress(FileNotFoundError):
                return _readers.cursor(self.path(wanted), pinned=name is not None)
        raise self._nothing_to_read(name)

    def publish(self, change: Change, *, at: datetime | None = None) -> str:
        """Apply a change to a copy of the last generation and make it the current one.

        A change that returns False publishes nothing: the current name is returned.

        Raises:
            WriterBusyError: If another writer does not end within `wait` seconds.
            BrokenGenerationError: If the new file cannot be read back.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "WRITER.lock", self.wait):
            self._remove_leftovers()
            parent = self.current()
            name = f"g{_number(parent) + 1:08d}"
            building = self.folder / f"{name}{_BUILDING}"
            try:
                if parent is not None:
                    shutil.copyfile(self.path(parent), building)
                changed = _changed(building, change, _Birth(name, parent, at))
                if parent is not None and not changed:
                    return parent
                _sync(building)
                building.rename(self.path(name))
            finally:
                _discard(building)
            self._make_current(name)
        self.prune()
        return name

    def _make_current(self, name: str) -> None:
        """Name a new file in CURRENT, once it opens as its readers will open it."""
        try:
            _check(self.path(name))
            _write_atomically(self.folder / "CURRENT", name)
        except BaseException:
            self.let_go()
            _discard(self.path(name))
            raise

    def rewrite(self, change: Change) -> tuple[str, ...]:
        """Apply a change to every generation but the current one, each in its place.

        For the erasure of a person, or the key of one known by name: nothing else may
        change what was published, and neither changes a figure.
        What a file no longer says is not left in it either: each is written anew.

        Raises:
            WriterBusyError: If another writer does not end within `wait` seconds.
        """
        with locked(self.folder / "WRITER.lock", self.wait):
            names = [name for name in self._files() if name != self.current()]
            self.let_go()
            for name in names:
                _rewritten(self.path(name), change)
        return tuple(names)

    def let_go(self) -> None:
        """Close what this process reads here: a file is about to be replaced."""
        _readers.forget(self.folder)

    def pins(self) -> dict[str, list[str]]:
        """Return, for each pinned generation, the reasons to keep it."""
        try:
            return dict(json.loads((self.folder / "pins.json").read_text("utf-8")))
        except FileNotFoundError:
            return {}

    def pin(self, name: str, reason: str) -> None:
        """Keep a generation for as long as that reason holds.

        Raises:
            NoGenerationError: If there is no such generation.
        """
        with locked(self.folder / "PINS.lock", self.wait):
            if not self.path(name).exists():
                raise self._nothing_to_read(name)
            pins = self.pins()
            reasons = sorted({*pins.get(name, []), reason})
            self._write_pins(pins | {name: reasons})

    def unpin(self, name: str, reason: str | None = None) -> None:
        """Drop one reason to keep a generation, or every reason."""
        with locked(self.folder / "PINS.lock", self.wait):
            pins = self.pins()
            left = [kept for kept in pins.pop(name, []) if kept != reason]
            if reason is not None and left:
                pins[name] = left
            self._write_pins(pins)

    @contextlib.contextmanager
    def held(self) -> Iterator[Held]:
        """Hold open what a backup takes: the current generation and the pinned ones."""
        with contextlib.ExitStack() as opened:
            with locked(self.folder / "PINS.lock", self.wait):
                current = self.current()
                names = {*self.pins(), *([current] if current else [])}
                files: dict[str, IO[bytes]] = {
                    path.name: opened.enter_context(path.open("rb"))
                    for path in (self.path(name) for name in sorted(names))
                    if path.exists()
                }
                files["pins.json"] = io.BytesIO(json.dumps(self.pins()).encode())
                if current:
                    files["CURRENT"] = io.BytesIO(current.encode("ascii"))
            yield Held(current or "", files)

    def prune(self) -> list[str]:
        """Remove generations beyond the newest `keep`, save current and pinned ones.

        A process that still reads a removed generation goes on reading it.
        """
        with locked(self.folder / "PINS.lock", self.wait):
            published = self.names()
            kept = {*published[-self.keep :], *self.pins()}
            removed = [name for name in published if name not in kept]
            for name in removed:
                _discard(self.path(name))
        return removed

    def sweep(self) -> None:
        """Remove what a killed writer left; the next publication does it too.

        Raises:
            WriterBusyError: If another writer does not end within `wait` seconds.
        """
        if self.folder.is_dir():
            with locked(self.folder / "WRITER.lock", self.wait):
                self._remove_leftovers()

    def verify(self) -> list[Finding]:
        """Return what is wrong with the warehouse, nothing when all is well."""
        current = self.current()
        if current is None:
            return [Finding("warehouse.empty")]
        leftovers = [
            Finding("warehouse.leftover", {"file": path.name})
            for path in self._leftovers()
        ]
        lost = [
            Finding("warehouse.pin_lost", {"name": name, "reasons": ", ".join(reasons)})
            for name, reasons in sorted(self.pins().items())
            if not self.path(name).exists()
        ]
        return [*self._verified(current), *lost, *leftovers]

    def _verified(self, current: str) -> list[Finding]:
        try:
            reader = self.reader(current)
        except NoGenerationError:
            return [Finding("warehouse.current_missing", {"name": current})]
        except UnreadableGenerationError as error:
            facts = {"name": current, "error": str(error.__cause__)}
            return [Finding("warehouse.current_unreadable", facts)]
        try:
            return _discrepancies(reader, current)
        except duckdb.Error as error:
            facts = {"name": current, "error": str(error)}
            return [Finding("warehouse.current_unreadable", facts)]

    def _nothing_to_read(self, name: str | None) -> NoGenerationError:
        sentence = _NO_SNAPSHOT if name else _NO_DATA
        return NoGenerationError(sentence, folder=self.folder, name=name)

    def _files(self) -> list[str]:
        found = (path.stem for path in self.folder.glob("g*.duckdb"))
        return sorted(name for name in found if _NAME.fullmatch(name))

    def _leftovers(self) -> list[Path]:
        """Return what a killed writer left: unfinished files, unpublished ones."""
        last = self.current() or ""
        pinned = self.pins()
        unpublished = [
            self.path(name)
            for name in self._files()
            if name > last and name not in pinned
        ]
        unfinished = [
            path
            for pattern in (f"g*{_BUILDING}*", "*.new")
            for path in self.folder.glob(pattern)
        ]
        return sorted({*unpublished, *unfinished})

    def _remove_leftovers(self) -> None:
        with locked(self.folder / "PINS.lock", self.wait):
            for path in self._leftovers():
                _discard(path)

    def _write_pins(self, pins: dict[str, list[str]]) -> None:
        text = json.dumps(pins, indent=1, sort_keys=True)
        _write_atomically(self.folder / "pins.json", text)


@dataclass(frozen=True, slots=True)
class _Birth:
    """What a generation remembers of where it comes from."""

    name: str
    parent: str | None
    at: datetime | None


class _Readers:
    """The read-only connections of this process: the current ones and a few others."""

    _PINNED = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Path, tuple[Path, duckdb.DuckDBPyConnection]] = {}
        self._pinned: dict[Path, tuple[duckdb.DuckDBPyConnection, int]] = {}

    def cursor(self, path: Path, *, pinned: bool) -> duckdb.DuckDBPyConnection:
        """Return a cursor on a file, opening it once.

        Raises:
            FileNotFoundError: If there is no such file.
        """
        with self._lock:
            held, connection = self._open.get(path.parent, (None, None))
            if connection is not None and held == path:
                return connection.cursor()
            if pinned:
                return self._other(path).cursor()
            opened = _opened_read_only(path)
            self._open[path.parent] = (path, opened)
            return opened.cursor()

    def forget(self, folder: Path) -> None:
        """Close what this process reads of a folder: its files are to be replaced.

        The engine hands an open file back by its path, whatever took its place.
        """
        with self._lock:
            for path in [one for one in self._pinned if one.parent == folder]:
                self._pinned.pop(path)[0].close()
            _, connection = self._open.pop(folder, (None, None))
            if connection is not None:
                connection.close()

    def _other(self, path: Path) -> duckdb.DuckDBPyConnection:
        found, file = self._pinned.pop(path, (None, 0))
        now = path.stat().st_ino
        if found is not None and file != now:  # written anew: somebody was erased
            found.close()
            found = None
        found = found or _opened_read_only(path)
        self._pinned[path] = (found, now)
        while len(self._pinned) > self._PINNED:
            del self._pinned[next(iter(self._pinned))]
        return found


_readers = _Readers()
_before_fork: list[_Readers] = []


def _forget_readers() -> None:
    """Give a forked child readers of its own; closing the parent's could hang."""
    global _readers  # noqa: PLW0603 -- one set of readers per process is the point
    _before_fork.append(_readers)
    _readers = _Readers()


os.register_at_fork(after_in_child=_forget_readers)


def _opened_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise FileNotFoundError(path)
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise UnreadableGenerationError(_DAMAGED, name=path.stem) from error


def _changed(building: Path, change: Change, birth: _Birth) -> bool:
    """Apply a change and its books in one transaction; return whether there is one."""
    connection = duckdb.connect(str(building))
    try:
        # Written in the file at once: nobody reads it before, no log is of any use.
        connection.execute("SET checkpoint_threshold = '1KB'")
        connection.execute("BEGIN")
        as_before = not create_tables(connection)
        if change(connection) is False and birth.parent is not None:
            connection.execute("ROLLBACK")
            return False
        as_before = not keep_out(connection, building.parent) and as_before
        _keep_books(connection, birth, recorded(connection) if as_before else {})
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
    return True


def _rewritten(path: Path, change: Change) -> None:
    """Write a generation anew with a change, then give the file its name."""
    building = path.with_name(f"{path.stem}{_BUILDING}")
    fresh = path.with_name(f"{path.stem}{_BUILDING}-anew")
    try:
        shutil.copyfile(path, building)
        with duckdb.connect(str(building)) as connection:
            change(connection)
            held = connection.execute("SELECT DISTINCT table_name FROM generation")
            for (table,) in held.fetchall():
                now = measured(connection, table)
                connection.execute(
                    "UPDATE generation SET row_count = ?, checksum = ? "
                    "WHERE table_name = ?",
                    [now.rows, now.checksum, table],
                )
        _compacted(building, fresh)
        _sync(fresh)
        fresh.replace(path)
        _sync(path.parent)
    finally:
        _discard(building)
        _discard(fresh)


def _compacted(path: Path, fresh: Path) -> None:
    """Write what a file says in another, which holds nothing of what it said before."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{_literal(path)}' AS former (READ_ONLY)")
        connection.execute(f"ATTACH '{_literal(fresh)}' AS fresh")
        connection.execute("COPY FROM DATABASE former TO fresh")


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")


def _keep_books(
    connection: duckdb.DuckDBPyConnection, birth: _Birth, former: Mapping[str, Sum]
) -> None:
    """List the suspects, and write in `generation` what each table holds now."""
    recompute(connection)
    connection.execute("DELETE FROM generation")
    rows = [
        (birth.name, birth.parent, birth.at, table, now.rows, now.checksum)
        for table, now in summed(connection, former).items()
    ]
    marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
    connection.execute(
        f"INSERT INTO generation VALUES {marks}", [*itertools.chain(*rows)]
    )


def _discrepancies(reader: duckdb.DuckDBPyConnection, name: str) -> list[Finding]:
    """Return where a generation is not what its books say."""
    absent = missing(reader)
    if absent:
        facts = {"name": name, "missing": ", ".join(absent)}
        return [Finding("warehouse.schema_incomplete", facts)]
    found = []
    for table, books in recorded(reader).items():
        now = measured(reader, table)
        facts = {"name": name, "table": table}
        if now.rows != books.rows:
            numbers = {"recorded": str(books.rows), "counted": str(now.rows)}
            found.append(Finding("warehouse.count_differs", facts | numbers))
        elif same_engine(books.checksum) and now.checksum != books.checksum:
            found.append(Finding("warehouse.content_differs", facts))
    repeated = {table: _repeated(reader, table) for table in TABLES}
    return found + [
        Finding(
            "warehouse.key_repeated",
            {"name": name, "table": table, "count": str(count)},
        )
        for table, count in repeated.items()
        if count
    ]


def _repeated(reader: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return how many rows share their key with one before them."""
    keys = ", ".join(f'"{name}"' for name in TABLES[table].keys)
    return int(
        reader.execute(
            f"SELECT coalesce(sum(rows - 1), 0) FROM (SELECT count(*) AS rows "
            f'FROM "{table}" GROUP BY {keys} HAVING count(*) > 1)'
        ).fetchall()[0][0]
    )


def _check(path: Path) -> None:
    """Open a new file as its readers will; it stays open for them.

    Raises:
        BrokenGenerationError: If it cannot be read or is not complete.
    """
    try:
        with _readers.cursor(path, pinned=False) as reader:
            absent = missing(reader)
            reader.execute("SELECT count(*) FROM generation").fetchall()
    except (duckdb.Error, UnreadableGenerationError) as error:
        raise BrokenGenerationError(_BROKEN, why=error) from error
    if absent:
        raise BrokenGenerationError(_ABSENT, tables=", ".join(absent))


def _number(name: str | None) -> int:
    found = _NAME.fullmatch(name or "")
    return int(found[1]) if found else 0


@contextlib.contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Hold a lock file that the system releases when its process dies.

    Raises:
        WriterBusyError: If another holds it for longer than `wait` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with path.open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    seconds = round(wait)
                    raise WriterBusyError(
                        _BUSY, folder=path.parent, seconds=seconds
                    ) from None
                time.sleep(0.02)
        yield


def _write_atomically(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the former text or the new one."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Push a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard(path: Path) -> None:
    """Remove a file with the log and the spill folder the engine keeps beside it."""
    for beside in (path, path.with_name(path.name + ".wal")):
        beside.unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)
