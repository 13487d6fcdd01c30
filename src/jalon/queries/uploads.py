"""Where an upload stands: at work, to be checked column by column, done, refused.

Nothing is read from the files here: what they hold was written down when they were
recognised. An upload that should be at work while nobody is was interrupted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalon.connectors.files import looking
from jalon.connectors.files.correcting import KEEP
from jalon.connectors.files.mapping import TableMapping
from jalon.domain.facts.tables import TABLES, Column
from jalon.records.uploads import Upload, UploadState
from jalon.workspace import worker
from jalon.workspace.folder import Workspace

SHOWN = 4
INTERRUPTED = "interrupted"
AT_WORK = frozenset({UploadState.RECOGNISING.value, UploadState.IMPORTING.value})


@dataclass(frozen=True, slots=True)
class Why:
    """How sure a guess is, from 0 to 1, and why: a code of `guess.*`."""

    confidence: float
    reason: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file and what it means; `rank` names it in a form."""

    rank: int
    text: str
    meaning: str
    known: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One canonical column: the header that fills it, or what else does.

    `said` is the formula or the constant where no header does; `keep` the choice that
    leaves it so.
    """

    name: str
    key: bool
    header: str = ""
    said: str = ""
    kind: str = ""
    samples: tuple[str, ...] = ()
    why: Why | None = None
    words: tuple[Word, ...] = ()
    allowed: tuple[str, ...] = ()
    keep: str = KEEP

    @property
    def filled(self) -> bool:
        """Return whether something fills the column."""
        return bool(self.header or self.said)


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a sheet gives one canonical table; `rank` is its place in the mapping."""

    rank: int
    into: str
    drawn: bool
    columns: tuple[Choice, ...]
    joined: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """Return the columns that something fills, and the keys."""
        return tuple(one for one in self.columns if one.filled)

    @property
    def others(self) -> tuple[Choice, ...]:
        """Return the columns that nothing fills."""
        return tuple(one for one in self.columns if not one.filled)


@dataclass(frozen=True, slots=True)
class Left:
    """A column of the file that no table uses, with some of its values."""

    header: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """One table of the files, and what is made of it."""

    rank: int
    label: str
    rows: int
    headers: tuple[str, ...]
    tables: tuple[TableChoice, ...]
    left: tuple[Left, ...]
    vendor: str
    remembered: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal: a code of `import.refused.*` with its parameters, or a sentence."""

    code: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as its page shows it; `state` may be "interrupted"."""

    key: str
    at: datetime.datetime
    by: str
    state: str
    doing: str
    first_run: bool
    files: tuple[str, ...]
    progress: worker.Progress
    sheets: tuple[SheetView, ...] = ()
    unreadable: tuple[Fault, ...] = ()
    refusal: Fault | None = None
    report: Mapping[str, Any] | None = None

    @property
    def at_work(self) -> bool:
        """Return whether a worker is on it."""
        return self.state in AT_WORK

    @property
    def rows(self) -> int:
        """Return the rows that would be read."""
        return sum(one.rows for one in self.sheets if one.tables)


def upload(workspace: Workspace, key: str) -> UploadView | None:
    """Return an upload, None where there is none of that key."""
    found = Upload.objects.filter(key=key).first()
    return None if found is None else _view(workspace, found)


def waiting(workspace: Workspace, *, most: int = 5) -> tuple[UploadView, ...]:
    """Return the uploads that nobody finished, the latest first."""
    found = Upload.objects.exclude(
        state__in=[UploadState.IMPORTED, UploadState.REFUSED]
    ).order_by("-at")[:most]
    return tuple(_view(workspace, one) for one in found)


def of_first_run(workspace: Workspace) -> UploadView | None:
    """Return the latest upload of the first run."""
    found = Upload.objects.filter(first_run=True).order_by("-at").first()
    return None if found is None else _view(workspace, found)


def _view(workspace: Workspace, found: Upload) -> UploadView:
    folder = workspace.uploads / found.key
    state = found.state
    if state in AT_WORK and not worker.is_held(folder):
        found.refresh_from_db()  # it may have ended between the two looks
        state = INTERRUPTED if found.state in AT_WORK else found.state
    document: dict[str, Any] = found.found or {}
    checking = state == UploadState.RECOGNISED
    return UploadView(
        key=found.key,
        at=found.at,
        by=found.by,
        state=state,
        doing=found.state,
        first_run=found.first_run,
        files=tuple(one["name"] for one in found.files),
        progress=worker.told(folder),
        sheets=_sheets(document, found.mapping) if checking else (),
        unreadable=tuple(
            Fault(one["code"], one["parameters"], file=one["file"])
            for one in document.get("unreadable", [])
        ),
        refusal=_fault(found.refusal),
        report=found.report,
    )


def _fault(told: Mapping[str, Any] | None) -> Fault | None:
    if told is None:
        return None
    return Fault(
        told.get("code", ""), told.get("parameters", {}), told.get("sentence", "")
    )


def _sheets(document: Mapping[str, Any], text: str) -> tuple[SheetView, ...]:
    tables = looking.mapping_of(text).tables
    return tuple(
        _sheet(rank, sheet, tables) for rank, sheet in enumerate(document["sheets"])
    )


def _sheet(
    rank: int, sheet: Mapping[str, Any], tables: Sequence[TableMapping]
) -> SheetView:
    place = (sheet["file"], sheet["sheet"])
    own = [
        (number, one)
        for number, one in enumerate(tables)
        if (one.file, one.sheet) == place
    ]
    label = f"{sheet['file']} · {sheet['sheet']}" if sheet["sheet"] else sheet["file"]
    return SheetView(
        rank=rank,
        label=label,
        rows=sheet["rows"],
        headers=tuple(sheet["headers"]),
        tables=tuple(_table(number, one, sheet) for number, one in own),
        left=_left(sheet, [one for _, one in own]),
        vendor=sheet["vendor"],
        remembered=sheet["remembered"],
    )


def _left(sheet: Mapping[str, Any], tables: Iterable[TableMapping]) -> tuple[Left, ...]:
    """Return the columns of a sheet that no table of it uses."""
    found = list(tables)
    used = {header for one in found for header in one.columns.values()}
    formulas = " ".join(text for one in found for text in one.computed.values())
    return tuple(
        Left(header, tuple(sheet["samples"].get(header, ())[:SHOWN]))
        for header in sheet["headers"]
        if header not in used and header not in formulas
    )


def _table(rank: int, table: TableMapping, sheet: Mapping[str, Any]) -> TableChoice:
    guesses = [one for one in sheet["guesses"] if one["table"] == table.into]
    return TableChoice(
        rank=rank,
        into=table.into,
        drawn=table.distinct,
        columns=tuple(
            _choice(column, table, sheet, guesses)
            for column in TABLES[table.into].columns
        ),
        joined=tuple(join.file for join in table.joins),
    )


def _choice(
    column: Column,
    table: TableMapping,
    sheet: Mapping[str, Any],
    guesses: Sequence[Mapping[str, Any]],
) -> Choice:
    name = column.name
    header = table.columns.get(name, "")
    formula = table.computed.get(name, "")
    constant = table.constants.get(name, "")
    source = header or formula or constant
    kind = "column" if header else "computed" if formula else "constant"
    return Choice(
        name=name,
        key=column.key,
        header=header,
        said=formula or constant if not header else "",
        kind=kind if source else "",
        samples=tuple(sheet["samples"].get(header, ())[:SHOWN]),
        why=_why(name, source, guesses),
        words=_words(column, table, guesses),
        allowed=column.allowed,
    )


def _why(name: str, source: str, guesses: Sequence[Mapping[str, Any]]) -> Why | None:
    """Return why a column was guessed so; None once a person changed it."""
    for one in guesses:
        told = one["column"] == name and one["source"] == source
        if told and "value" not in one["parameters"]:
            return Why(one["confidence"], one["reason"], one["parameters"])
    return None


def _words(
    column: Column, table: TableMapping, guesses: Sequence[Mapping[str, Any]]
) -> tuple[Word, ...]:
    if not column.allowed:
        return ()
    unknown = {
        one["parameters"].get("value")
        for one in guesses
        if one["column"] == column.name and one["reason"] == "unknown_value"
    }
    words = table.values.get(column.name, {})
    return tuple(
        Word(rank, text, meaning, text not in unknown)
        for rank, (text, meaning) in enumerate(words.items())
    )
