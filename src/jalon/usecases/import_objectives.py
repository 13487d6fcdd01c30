"""Import objectives from a TOML, CSV or XLSX file: all the faults, all the good rows.

The same file twice changes nothing. Rows are numbered as a person sees them: the line
of a spreadsheet (the header is 1), the rank of a block in TOML.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.objectives import fields
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.focus import Overload
from jalon.domain.objectives.merging import merged
from jalon.domain.objectives.objective import Objective, is_flow
from jalon.domain.objectives.owners import Owner, Owners, owners, resolve
from jalon.domain.objectives.reading import read
from jalon.domain.objectives.sums import SumCheck, sum_check
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.actions import without_plan
from jalon.queries.evaluations import uncarried
from jalon.queries.focus import overloads
from jalon.queries.owners import owner_names
from jalon.records import objective_rows
from jalon.usecases.acting import Actor
from jalon.usecases.set_objective import set_objectives
from jalon.workspace import damage
from jalon.workspace.folder import Workspace

_NO_SUCH_FILE = (
    "{file}: no such file; expected a .toml, .csv or .xlsx file, e.g. objectives.toml."
)
_OTHER_ENDING = (
    "{file}: this ending is unknown; "
    "expected a .toml, .csv or .xlsx file, e.g. objectives.toml."
)
_UNREADABLE = (
    "{file}: cannot be read; expected a .toml, .csv or .xlsx file, "
    "e.g. objectives.toml."
)
_BROKEN_LINE = (
    "{file}: line {line} is not TOML; expected e.g. "
    '[[objective]] then id = "Q3-revenue".'
)
_NO_BLOCKS = "{file}: expected [[objective]] blocks, found none."
_OTHER_BLOCKS = "{file}: expected [[objective]] blocks and nothing else, found {names}."
ENCODINGS = ("utf-8-sig", "cp1252")


class UnreadableFileError(Refusal):
    """The file as a whole cannot be read."""

    def __init__(self, path: Path, sentence: str, /, **parameters: object) -> None:
        super().__init__(sentence, file=path, **parameters)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault and where it stands."""

    file: str
    row: int
    id: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A parent whose children ask together for more, or for less."""

    parent: str
    check: SumCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectivesReport:
    """What an import did: ids by what happened to them, and everything found."""

    read: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retargeted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    faults: tuple[RowFault, ...] = ()
    unknown_owners: tuple[str, ...] = ()
    imbalances: tuple[Imbalance, ...] = ()
    overloads: tuple[Overload, ...] = ()
    without_plan: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathering:
    """What the rows of one file gave so far."""

    file: str
    known: dict[str, Objective]
    ids: set[str]
    new: dict[str, Objective] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    recurring: frozenset[str] = frozenset()

    def parent_of(self, one: Objective) -> str:
        """Return the parent; an occurrence's is the occurrence of the same month."""
        same_month = f"{one.parent}-{one.period.first:%Y-%m}"
        known = one.parent in self.recurring or same_month in self.known
        return same_month if one.series and one.parent and known else one.parent

    def note(self, row: int, name: str, faults: Sequence[Fault]) -> None:
        """List the faults of a row."""
        self.faults += [RowFault(self.file, row, name, fault) for fault in faults]


def import_objectives(
    workspace: Workspace,
    path: Path,
    *,
    on: datetime.date,
    at: datetime.datetime,
    actor: Actor,
) -> ObjectivesReport:
    """Import a file and return what was done and every fault found.

    Raises:
        UnreadableFileError: If it is none of the formats, or cannot be opened.
    """
    rows = rows_of(path)
    catalogue = kpi_values.catalogue(workspace)
    named = _owners(workspace, on=on)
    ids = {fields.text(row, "id") for _, row in rows}
    gathering = _Gathering(path.name, objective_rows.load(), ids)
    gathering.recurring = frozenset(
        fields.text(row, "id") for _, row in rows if fields.given(row, "every")
    )
    for number, row in rows:
        _gather(gathering, number, row, catalogue=catalogue, named=named, on=on)
    written = set_objectives(
        workspace, tuple(gathering.new.values()), actor=actor, on=on, at=at
    )
    present = objective_rows.load(gathering.rows)
    for name in uncarried(workspace, list(present.values()), on=on):
        where = "; ".join(present[name].where)
        fault = Fault("where", "fault.not_carried", where, present[name].kpi)
        gathering.note(gathering.rows[name], name, [fault])
    report = _report(gathering, written, catalogue, read=len(rows))
    return replace(
        report,
        overloads=_overloads(list(present.values())),
        without_plan=tuple(one.id for one in without_plan(present.values(), on=on)),
    )


def rows_of(path: Path) -> list[tuple[int, Row]]:
    """Return the numbered rows of an objectives file.

    Raises:
        UnreadableFileError: If it is none of the formats, or cannot be opened.
    """
    readers = {".toml": _toml_rows, ".csv": _csv_rows, ".xlsx": _xlsx_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(path, _OTHER_ENDING)
    try:
        return list(reader(path))
    except FileNotFoundError as error:
        raise UnreadableFileError(path, _NO_SUCH_FILE) from error
    except damage.TABLE as error:
        raise UnreadableFileError(path, _UNREADABLE) from error


def _toml_rows(path: Path) -> Iterator[tuple[int, Row]]:
    text = path.read_text("utf-8-sig")
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise UnreadableFileError(path, _BROKEN_LINE, line=line) from error
    blocks = found.get("objective")
    if not isinstance(blocks, list) or set(found) != {"objective"}:
        extra = sorted(set(found) - {"objective"})
        sentence = _OTHER_BLOCKS if extra else _NO_BLOCKS
        raise UnreadableFileError(path, sentence, names=", ".join(extra))
    yield from enumerate(blocks, start=1)


def _csv_rows(path: Path) -> Iterator[tuple[int, Row]]:
    text = _decoded(path.read_bytes())
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        cells = {(k or "?").strip().lower(): v for k, v in row.items()}
        if any(cells.values()):
            yield reader.line_num, cells


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(ENCODINGS[-1])


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Row]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        head = [str(cell or "?").strip().lower() for cell in next(lines, ())]
        for number, line in enumerate(lines, start=2):
            if any(cell is not None for cell in line):
                yield number, dict(zip(head, map(_cell, line), strict=False))
    finally:
        book.close()


def _cell(value: Any) -> object:  # noqa: ANN401 - a spreadsheet's cell
    return Decimal(str(value)) if isinstance(value, float) else value


def _owners(workspace: Workspace, *, on: datetime.date) -> Owners:
    named = owner_names(workspace, on=on).items()
    return owners(named, company=workspace.settings.company)


def _gather(
    gathering: _Gathering,
    number: int,
    row: Row,
    *,
    catalogue: Catalogue,
    named: Owners,
    on: datetime.date,
) -> None:
    reading = read(row, kpis=catalogue)
    faults = [*reading.faults, *_own_parent(row)]
    owner = resolve(fields.text(row, "owner"), named) if row.get("owner") else None
    if isinstance(owner, Fault):
        faults.append(owner)
    if faults or not isinstance(owner, Owner):
        gathering.note(number, fields.text(row, "id"), faults)
        return
    if not owner.known:
        gathering.unknown.add(owner.owner)
    written = {name for name in row if fields.given(row, name)}
    for objective in reading.objectives:
        parent = gathering.parent_of(objective)
        found = replace(objective, owner=owner.owner, parent=parent)
        _take(gathering, number, found, written=written, on=on)
    gathering.note(number, fields.text(row, "id"), _lost_parent(gathering, row))


def _own_parent(row: Row) -> list[Fault]:
    parent = fields.text(row, "parent")
    own = parent and parent == fields.text(row, "id")
    return [Fault("parent", "fault.own_parent", parent)] if own else []


def _lost_parent(gathering: _Gathering, row: Row) -> list[Fault]:
    """Return the finding that nobody has the parent's id; the row is kept as it is."""
    parent = fields.text(row, "parent")
    if not parent or parent in gathering.ids or parent in gathering.known:
        return []
    return [Fault("parent", "fault.parent", parent, _near(parent, gathering))]


def _near(parent: str, gathering: _Gathering) -> str:
    known = sorted({*gathering.ids, *gathering.known} - {""})
    start = parent[:3].lower()
    return next((k for k in known if k.lower().startswith(start)), "T3-ca")


def _take(
    gathering: _Gathering,
    number: int,
    objective: Objective,
    *,
    written: set[str],
    on: datetime.date,
) -> None:
    name = objective.id
    if name in gathering.new:
        if gathering.new[name] != objective:
            gathering.note(number, name, [Fault("id", "fault.twice", name)])
        return
    gathering.rows[name] = number
    former = gathering.known.get(name)
    found = merged(former, objective, written=written, on=on) if former else objective
    if isinstance(found, Fault):
        gathering.note(number, name, [found])
    elif found == former:
        gathering.unchanged.append(name)
    else:
        gathering.new[name] = found


def _report(
    gathering: _Gathering,
    written: Sequence[Objective],
    catalogue: Catalogue,
    *,
    read: int,
) -> ObjectivesReport:
    known = gathering.known
    former = {one.id: known[one.id] for one in written if one.id in known}
    aimed = {
        one.id
        for one in written
        if one.id in former and len(one.revisions) > len(former[one.id].revisions)
    }
    everything = {**known, **{one.id: one for one in written}}
    return ObjectivesReport(
        read=read,
        added=tuple(one.id for one in written if one.id not in former),
        changed=tuple(name for name in former if name not in aimed),
        retargeted=tuple(name for name in former if name in aimed),
        unchanged=tuple(gathering.unchanged),
        faults=tuple(gathering.faults),
        unknown_owners=tuple(sorted(gathering.unknown)),
        imbalances=_imbalances(everything, catalogue),
    )


def _overloads(objectives: Sequence[Objective]) -> tuple[Overload, ...]:
    """Return, for each owner with too much, the fullest of what the guard says."""
    found: dict[str, Overload] = {}
    for _name, one in overloads(objectives):
        if one.owner not in found or found[one.owner].count < one.count:
            found[one.owner] = one
    return tuple(found[owner] for owner in sorted(found))


def _imbalances(
    objectives: dict[str, Objective], catalogue: Catalogue
) -> tuple[Imbalance, ...]:
    children: dict[str, list[Objective]] = {}
    for one in objectives.values():
        children.setdefault(one.parent, []).append(one)
    found = []
    for name, family in children.items():
        parent = objectives.get(name)
        if parent is None or parent.kpi not in catalogue:
            continue
        check = sum_check(parent, family, flow=is_flow(catalogue[parent.kpi]))
        if check is not None and check.difference:
            found.append(Imbalance(name, check))
    return tuple(found)
