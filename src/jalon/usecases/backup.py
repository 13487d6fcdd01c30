"""Save a whole workspace in one file while it is in use, and bring it back elsewhere.

The database is read as of one moment, then the generations of the warehouse it may
speak of: the current one and the pinned ones. On PostgreSQL the records travel as a
SQLite file, so that one archive serves both databases.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from jalon.domain.refusals import Refusal
from jalon.records import copying
from jalon.usecases.create_workspace import places
from jalon.warehouse.generations import Finding, Generations
from jalon.workspace import archive, vault
from jalon.workspace.archive import Manifest, Writing
from jalon.workspace.folder import Workspace, opened

DATABASE = "jalon.sqlite3"
SESSION_KEY = "secret.key"  # made as soon as settings are read in a folder
KEYS = (SESSION_KEY, vault.FILE)
_ELSEWHERE = ("warehouse", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
_LOCKS = (".lock", ".new", ".building", ".pid")
_EXISTS = (
    "{file} is there already. Expected the name of a new file, "
    "e.g. jalon-2026-11-23.zip, or --replace."
)
_NOT_EMPTY = (
    "{folder} is not empty. Expected a new folder, or --replace: "
    "what is there is kept beside it under another name."
)
_FULL_DATABASE = (
    "The database of DATABASE_URL already holds records. Expected an empty one: "
    "nothing was written."
)
_LOST = (
    "{folder}: the snapshot {name} of the backup is not sound ({code}). "
    "Nothing was written."
)


class FileInTheWayError(Refusal):
    """A file or folder stands where the new one is to be."""


class UnsoundBackupError(Refusal):
    """What was restored is not what its books say."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace brought back; `former` is where what stood there was put."""

    manifest: Manifest
    folder: Path
    former: Path | None


def backup(
    workspace: Workspace,
    file: Path,
    *,
    at: datetime,
    keys: bool = True,
    replace: bool = False,
) -> Manifest:
    """Write an archive of the workspace; the file has its name once it is whole.

    Raises:
        FileInTheWayError: If the file exists and is not to be replaced.
    """
    if file.exists() and not replace:
        raise FileInTheWayError(_EXISTS, file=file)
    aside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".jalon-") as scratch:
            writing = Writing(aside)
            _save_database(writing, Path(scratch) / DATABASE)
            snapshot = _save_warehouse(workspace, writing)
            _save_files(workspace, writing, keys=keys)
            manifest = writing.close(
                company=workspace.settings.company,
                made=at.isoformat(timespec="seconds"),
                version=version("jalon"),
                snapshot=snapshot,
            )
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def restore(
    file: Path, folder: Path, *, at: datetime, replace: bool = False
) -> Restored:
    """Unpack an archive into a folder, checked whole before the folder has its name.

    With `DATABASE_URL` the records go to that database, which must be empty.

    Raises:
        BadArchiveError: If the file is no backup or is damaged.
        FileInTheWayError: If the folder or the database holds something.
        UnsoundBackupError: If the warehouse is not what its books say.
    """
    manifest = archive.described(file)
    occupied = folder.exists() and any(
        path.name != SESSION_KEY for path in folder.iterdir()
    )
    if occupied and not replace:
        raise FileInTheWayError(_NOT_EMPTY, folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _aside(folder) as building:
        archive.unpack(file, manifest, building)
        _complete(building)
        _must_be_sound(building)
        _bring_database(building / DATABASE)
        former = _put_by(folder, at) if occupied else None
        archive.discard(folder)
        building.rename(folder)
    return Restored(manifest, folder, former)


def _save_database(writing: Writing, copy: Path) -> None:
    live = copying.sqlite_file()
    if live:
        _copy_sqlite(live, copy)
    else:
        with copying.beside(copy) as aside:
            copying.bring_up_to_date(aside)
            copying.copy_records("default", aside)
    with copy.open("rb") as source:
        writing.add(DATABASE, source)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file that others may be writing to, as of one moment."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, timeout=20)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _save_warehouse(workspace: Workspace, writing: Writing) -> str:
    generations = Generations(workspace.warehouse)
    with generations.held() as held:
        for name, source in held.files.items():
            writing.add(f"warehouse/{name}", source)
    return held.current


def _save_files(workspace: Workspace, writing: Writing, *, keys: bool) -> None:
    left_out = _ELSEWHERE if keys else (*_ELSEWHERE, *KEYS)
    for path in archive.files_of(workspace.folder, left_out):
        if path.suffix in _LOCKS:
            continue
        with contextlib.suppress(FileNotFoundError), path.open("rb") as source:
            writing.add(path.relative_to(workspace.folder).as_posix(), source)
    elsewhere = vault.key_file(workspace)
    if keys and elsewhere.parent != workspace.folder and elsewhere.exists():
        with elsewhere.open("rb") as source:
            writing.add(vault.FILE, source)


@contextlib.contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside another, removed if the work does not end."""
    building = Path(
        tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.restoring-")
    )
    try:
        yield building
    finally:
        archive.discard(building)


def _complete(folder: Path) -> None:
    """Make the folders an archive does not hold, and close the keys to others."""
    workspace = opened(folder)
    for place in places(workspace):
        place.mkdir(exist_ok=True)
    for name in (*KEYS, DATABASE):
        if (folder / name).exists():
            (folder / name).chmod(archive.OWNER_ONLY)


def _must_be_sound(folder: Path) -> None:
    found: list[Finding] = Generations(opened(folder).warehouse).verify()
    serious = [one for one in found if one.code != "warehouse.empty"]
    if serious:
        raise UnsoundBackupError(
            _LOST,
            folder=folder.name,
            name=serious[0].facts.get("name", "?"),
            code=serious[0].code,
        )


def _bring_database(file: Path) -> None:
    """Bring the records to today's shape: in their file, or in `DATABASE_URL`."""
    with copying.beside(file) as aside:
        copying.bring_up_to_date(aside)
        if copying.sqlite_file():
            return
        copying.bring_up_to_date()
        if copying.holds_rows():
            raise FileInTheWayError(_FULL_DATABASE)
        copying.copy_records(aside, "default")
    file.unlink()


def _put_by(folder: Path, at: datetime) -> Path:
    former = folder.with_name(f"{folder.name}.before-{at:%Y%m%d-%H%M%S}")
    return folder.rename(former)
