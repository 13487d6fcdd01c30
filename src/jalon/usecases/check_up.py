"""Check a workspace: what is well, what is not, what is only worth knowing.

Each check is a code of `doctor.*` with its facts; a finding has a code `….do` beside it
that says what to do.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from ctypes.util import find_library
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext

from jalon.usecases.create_workspace import issues, prepare_database
from jalon.warehouse.engines.chosen import engine_of
from jalon.warehouse.engines.port import EngineError
from jalon.warehouse.generations import Generations
from jalon.warehouse.quality import counted
from jalon.workspace.folder import Workspace

SOUND_SQLITE = (3, 51, 3)  # https://sqlite.org/wal.html, "the WAL-reset bug"
_GIB = 1024**3
_ROOM = 3  # generations that must still fit: the copy, its spill, and one to spare


class State(StrEnum):
    """What a check says; only a finding asks for something to be done."""

    OK = "ok"
    FINDING = "finding"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its code below `doctor.`, and the facts of its sentence."""

    code: str
    state: State
    facts: dict[str, str] = field(default_factory=dict)


def check_up(workspace: Workspace) -> tuple[Check, ...]:
    """Return every check of a workspace, in the order of a visit."""
    parts: tuple[Callable[[Workspace], Iterator[Check]], ...] = (
        _folder,
        _settings,
        _warehouse,
        _engine,
        _database,
        _sqlite,
        _disk,
        _printing,
    )
    return tuple(check for part in parts for check in part(workspace))


def repair(workspace: Workspace) -> None:
    """Do what needs no decision: migrate the database, remove a killed import's rest.

    Raises:
        WriterBusyError: If an import is running.
    """
    if workspace.folder.is_dir():
        prepare_database()
        _generations(workspace).sweep()


def _folder(workspace: Workspace) -> Iterator[Check]:
    facts = {"folder": str(workspace.folder)}
    if not workspace.folder.is_dir():
        yield Check("folder.missing", State.FINDING, facts)
    elif not os.access(workspace.folder, os.W_OK):
        yield Check("folder.read_only", State.FINDING, facts)
    else:
        yield Check("folder", State.OK, facts)


def _settings(workspace: Workspace) -> Iterator[Check]:
    file = str(workspace.folder / "jalon.toml")
    found = issues(workspace.settings)
    for issue in found:
        yield Check(
            "settings.bad", State.FINDING, {"file": file, "issue": issue.told(gettext)}
        )
    if not (workspace.folder / "jalon.toml").exists():
        yield Check("settings.missing", State.NOTE, {"file": file})
    elif not found:
        yield Check("settings", State.OK, {"company": workspace.settings.company})


def _warehouse(workspace: Workspace) -> Iterator[Check]:
    generations = _generations(workspace)
    current = generations.current()
    if current is None:
        yield Check("warehouse.empty", State.NOTE)
        return
    found = generations.verify()
    for finding in found:
        yield Check(finding.code, State.FINDING, finding.facts)
    if found:
        return
    reader = generations.reader()
    rows = reader.execute("SELECT sum(row_count) FROM generation").fetchall()[0][0]
    facts = {
        "name": current,
        "rows": str(rows),
        "kept": str(len(generations.names())),
        "pinned": str(len(generations.pins())),
    }
    yield Check("warehouse", State.OK, facts)
    suspects = counted(reader)
    if suspects:
        named = ", ".join(f"{code} {count}" for code, count in suspects.items())
        total = str(sum(suspects.values()))
        yield Check("suspects", State.NOTE, {"count": total, "codes": named})


def _engine(workspace: Workspace) -> Iterator[Check]:
    try:
        engine = engine_of(workspace.settings.engine)
        facts = {"engine": engine.name, "version": engine.version()}
    except EngineError as error:
        yield Check("engine.silent", State.FINDING, {"why": error.told(gettext)})
        return
    yield Check("engine", State.OK, facts)


def _database(workspace: Workspace) -> Iterator[Check]:
    from django.db import DEFAULT_DB_ALIAS, connections  # noqa: PLC0415 -- needs settings
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from django.db.utils import Error  # noqa: PLC0415

    if not os.environ.get("DATABASE_URL") and not workspace.database.exists():
        yield Check(
            "database.missing", State.FINDING, {"file": str(workspace.database)}
        )
        return
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        facts = {"error": " ".join(str(error).split())}
        yield Check("database.unreachable", State.FINDING, facts)
        return
    if plan:
        named = ", ".join(
            f"{migration.app_label} {migration.name}" for migration, _ in plan
        )
        facts = {"count": str(len(plan)), "names": named}
        yield Check("database.behind", State.FINDING, facts)
    else:
        yield Check("database", State.OK)


def _sqlite(workspace: Workspace) -> Iterator[Check]:
    if os.environ.get("DATABASE_URL"):
        return
    facts = {"version": sqlite3.sqlite_version, "file": str(workspace.database)}
    sound = sqlite3.sqlite_version_info >= SOUND_SQLITE
    yield Check(
        "sqlite" if sound else "sqlite.old", State.OK if sound else State.NOTE, facts
    )
    if not workspace.database.exists():
        return
    try:
        mode, state = _examined(workspace)
    except sqlite3.Error as error:
        facts["error"] = str(error)
        yield Check("sqlite.unreadable", State.FINDING, facts)
        return
    if mode != "wal":
        yield Check("sqlite.no_wal", State.FINDING, facts | {"mode": mode})
    if state != "ok":
        yield Check("sqlite.damaged", State.FINDING, facts | {"error": state})


def _examined(workspace: Workspace) -> tuple[str, str]:
    """Return the journal mode of the file and what its own quick check says."""
    address = f"{workspace.database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        state = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return str(mode), str(state)


def _disk(workspace: Workspace) -> Iterator[Check]:
    if not workspace.folder.is_dir():
        return
    generations = _generations(workspace)
    path = generations.path(generations.current() or "none")
    size = path.stat().st_size if path.exists() else 0
    free = shutil.disk_usage(workspace.folder).free
    needed = max(_GIB, _ROOM * size)
    facts = {"free": f"{free / _GIB:.1f}", "needed": f"{needed / _GIB:.1f}"}
    short = free < needed
    yield Check(
        "disk.short" if short else "disk", State.FINDING if short else State.OK, facts
    )


def _printing(workspace: Workspace) -> Iterator[Check]:  # noqa: ARG001 -- one shape
    found = find_library("pango-1.0")
    yield Check(
        "pango" if found else "pango.missing", State.OK if found else State.NOTE
    )


def _generations(workspace: Workspace) -> Generations:
    return Generations(workspace.warehouse, keep=workspace.settings.keep_generations)
