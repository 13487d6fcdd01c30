"""Read a source: what changed since last time becomes one generation, or nothing does.

Pieces are read to the end first, then published at once with the history they make and
the deletions they tell; the state reached is kept after that. A run that dies anywhere
leaves the former state, and reading the same rows again changes nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from jalon.connectors.contract import (
    SWEEP_GUARD,
    Account,
    Choices,
    File,
    Finding,
    Gone,
    Reached,
    Rows,
    Said,
    Source,
    State,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.files.reading import Progress
from jalon.connectors.landing import Cells, Landing, ids_file
from jalon.connectors.shelf import source_of
from jalon.records.sources import ConnectedSource
from jalon.usecases.acting import SYSTEM
from jalon.usecases.import_file import Given, import_file
from jalon.usecases.join_people import follow_people
from jalon.warehouse import history
from jalon.warehouse.generations import Generations
from jalon.warehouse.leaving import removed, swept
from jalon.warehouse.usage import count_events
from jalon.workspace.folder import Workspace
from jalon.workspace.scratch import scratch
from jalon.workspace.vault import unsealed

HISTORY = "stage_changes"
BUILDING = ".building"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reading brought; `generation` is empty where nothing was new."""

    state: State
    generation: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    said: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How to read: at which moment, with a sweep or not, past its guard or not."""

    at: datetime.datetime
    clock: Callable[[], datetime.datetime]
    sweep: bool = False
    force: bool = False
    progress: Progress = lambda *_: None


def account_of(workspace: Workspace, record: ConnectedSource) -> Account:
    """Return the account of a record, its secrets open.

    Raises:
        KeyLostError: If the key that sealed the secrets is not there.
    """
    return Account(
        name=record.name,
        settings=record.settings | unsealed(workspace, record.secrets),
        choices=Choices(stages=record.stages, fields=record.fields),
        timezone=workspace.settings.timezone,
        currency=workspace.settings.currency,
    )


def place_of(workspace: Workspace, name: str) -> Path:
    """Return the folder of a source: its payloads, and the lock of who reads it."""
    return workspace.warehouse / "landing" / name


def read_source(workspace: Workspace, record: ConnectedSource, asked: Asked) -> Outcome:
    """Read what changed, publish it, and return what it brought and the state reached.

    The caller holds the source's lock, and keeps the state.

    Raises:
        SourceError: If the source cannot be read; nothing is changed.
        TooManyGoneError: If a sweep would remove too much; nothing is changed.
        ImportRefusedError: If its mapping does not fit; nothing is changed.
    """
    source, account = source_of(record.kind), account_of(workspace, record)
    place = place_of(workspace, record.name)
    _forget_unfinished(place)
    building = place / f"{asked.at.astimezone(datetime.UTC):%Y%m%dT%H%M%S%f}{BUILDING}"
    try:
        with scratch(workspace) as room:
            pulled = _pulled(source, account, record.state, asked, room, building)
            outcome = _published(workspace, record, source, account, asked, pulled)
        if building.is_dir():
            building.rename(building.with_name(building.name.removesuffix(BUILDING)))
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return outcome


@dataclass(slots=True)
class _Pulled:
    """All that a source yielded, as files."""

    state: State
    files: list[File] = field(default_factory=list)
    gone: dict[str, Path] = field(default_factory=dict)
    living: dict[str, Path] = field(default_factory=dict)
    said: list[Finding] = field(default_factory=list)
    read: int = 0


def _pulled(  # noqa: C901, PLR0912 - one arm a kind of piece
    source: Source,
    account: Account,
    state: State,
    asked: Asked,
    room: Path,
    building: Path,
) -> _Pulled:
    found, landing = _Pulled(state), Landing(building)
    cells: dict[str, Cells] = {}
    gone: dict[str, set[str]] = {}
    own = room / "own"
    own.mkdir()
    with contextlib.ExitStack() as closing:
        pieces = source.refresh(account, state, at=asked.at, room=own)
        for piece in pieces:
            match piece:
                case Rows():
                    landing.keep(piece.stream, piece.payloads)
                    if piece.stream not in cells:
                        cells[piece.stream] = Cells(piece.stream, room)
                        closing.callback(cells[piece.stream].close)
                    _flatten(piece, source, account, cells[piece.stream])
                    found.read += len(piece.payloads)
                    asked.progress("fetching", piece.stream, 0.0)
                case File():
                    found.files.append(piece)
                    asked.progress("fetching", piece.name or piece.stream, 0.0)
                case Gone():
                    gone.setdefault(piece.table, set()).update(piece.ids)
                case Reached():
                    found.state = piece.state
                case Said():
                    found.said.append(piece.finding)
    found.files += [
        File(one.stream, one.written()) for one in cells.values() if one.rows
    ]
    for table, ids in gone.items():
        found.gone[table] = ids_file(room / f"gone_{table}", sorted(ids))
    if asked.sweep:
        _list_living(source, account, asked, room, found)
    return found


def _flatten(piece: Rows, source: Source, account: Account, cells: Cells) -> None:
    flat = (source.flat(piece.stream, one, account) for one in piece.payloads)
    cells.add(one for one in flat if one is not None)


def _list_living(
    source: Source, account: Account, asked: Asked, room: Path, found: _Pulled
) -> None:
    ids: dict[str, set[str]] = {}
    for piece in source.living(account, at=asked.at):
        ids.setdefault(piece.table, set()).update(piece.ids)
    for table, those in ids.items():
        found.living[table] = ids_file(room / f"living_{table}", sorted(those))


@dataclass(slots=True)
class _Alongside:
    """What changes besides the rows: the history first, then what is gone."""

    name: str
    at: datetime.datetime
    since: datetime.datetime | None
    pulled: _Pulled
    force: bool
    counts: dict[str, int] = field(default_factory=dict)
    tables: frozenset[str] = frozenset({HISTORY})

    def before(
        self, connection: duckdb.DuckDBPyConnection, staged: Mapping[str, Path]
    ) -> int:
        """Write the history and remove what is gone; return how many rows changed."""
        counts = {"history": 0, "removed": 0}
        if HISTORY in staged:
            counts["history"] += history.append(connection, staged=str(staged[HISTORY]))
        if "deals" in staged:
            counts["history"] += history.infer(
                connection,
                deals=str(staged["deals"]),
                at=self.at,
                since=self.since,
                source=f"{self.name}/refresh",
            )
        for table, ids in self.pulled.gone.items():
            counts["removed"] += removed(connection, table=table, ids=ids)
        for table, ids in self.pulled.living.items():
            counts["removed"] += swept(
                connection,
                table=table,
                living=ids,
                source=self.name,
                guard=SWEEP_GUARD,
                force=self.force,
            )
        self.counts = counts
        return sum(counts.values())

    def after(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Count who kept the CRM up to date, from the rows as they are now."""
        count_events(connection, source=self.name, at=self.at, since=self.since)


def _published(
    workspace: Workspace,
    record: ConnectedSource,
    source: Source,
    account: Account,
    asked: Asked,
    pulled: _Pulled,
) -> Outcome:
    zone = ZoneInfo(workspace.settings.timezone)
    local = asked.at.astimezone(zone).replace(tzinfo=None)
    since = record.read_at
    alongside = _Alongside(
        name=record.name,
        at=local,
        since=since.astimezone(zone).replace(tzinfo=None) if since else None,
        pulled=pulled,
        force=asked.force,
    )
    said = tuple(pulled.said)
    if not pulled.files:
        name = _published_alone(workspace, alongside, local)
        counts = {"read": pulled.read, **alongside.counts}
        return Outcome(pulled.state, name, counts, said)
    report = import_file(
        workspace,
        [_given(record.name, one) for one in pulled.files],
        mapping=_mapping(source, account, pulled.files),
        at=local,
        progress=asked.progress,
        alongside=alongside,
    )
    follow_people(workspace, report.joins, actor=SYSTEM, at=asked.at)
    counts = {
        "read": max(report.read, pulled.read),
        "accepted": report.accepted,
        "rejected": report.rejected,
        "duplicate": report.duplicate,
    }
    return Outcome(pulled.state, report.generation, counts | alongside.counts, said)


def _published_alone(
    workspace: Workspace, alongside: _Alongside, at: datetime.datetime
) -> str:
    """Publish deletions that come without any row; return the generation, if any."""
    if not alongside.pulled.gone and not alongside.pulled.living:
        return ""
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    before = generations.current()
    if before is None:
        return ""
    name = generations.publish(partial(_without_rows, alongside), at=at)
    return name if name != before else ""


def _without_rows(alongside: _Alongside, connection: duckdb.DuckDBPyConnection) -> bool:
    changed = alongside.before(connection, {}) > 0
    if changed:
        alongside.after(connection)
    return changed


def _given(name: str, file: File) -> Given:
    """Return a stream's file under the name its rows will carry."""
    return Given(file.path, f"{name}/{file.name or file.stream + '.parquet'}")


def _mapping(source: Source, account: Account, files: list[File]) -> FileMapping | None:
    """Return the mapping of the streams there are; None where they are recognised."""
    return source.mapping(account) if any(one.mapped for one in files) else None


def _forget_unfinished(place: Path) -> None:
    """Remove the payloads of a run that was killed."""
    for path in place.glob(f"*{BUILDING}"):
        shutil.rmtree(path, ignore_errors=True)
