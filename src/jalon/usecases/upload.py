"""Files given from the pages: received, recognised, corrected, imported.

Bytes are kept under numbers in the workspace's `uploads/<key>/`; a file's name is only
a word. Recognising and importing are done by a worker (`work`), which may be killed:
whoever starts it again goes on from the same state, since an import is all or nothing.
"""

from __future__ import annotations

import datetime
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from jalon.connectors.files import looking
from jalon.connectors.files.correcting import KEEP, Correction, corrected
from jalon.connectors.files.mapping import FileMapping, SourceShape, TableMapping
from jalon.connectors.files.recognise import recognised_as
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sources import KINDS
from jalon.domain.facts.tables import TABLES
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.uploads import Upload, UploadState
from jalon.usecases.acting import SYSTEM, Actor, authorise, note
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_file import (
    Given,
    as_document,
    import_file,
    look_at,
    remember,
)
from jalon.usecases.join_people import follow_people
from jalon.workspace import worker
from jalon.workspace.folder import Workspace

__all__ = ["KEEP", "Correction", "Corrections", "Incoming", "UnableToUploadError"]

MOST_BYTES = 1024**3
MOST_FILES = 40
KEPT_DAYS = 7
LONGEST_NAME = 150
ENDINGS = (*KINDS, ".zip", ".gz")
_NOTHING = noop("No file was given. Choose one or several files, e.g. deals.csv.")
_TOO_MANY = noop(
    "{count} files were given. Expected at most {most} at a time, or a zip of them."
)
_TOO_BIG = noop(
    "These files are too big: {size} MB. Expected at most {most} MB at a time; "
    "split them, or use the command line: jalon import FILE"
)
_EMPTY = noop("{name} is empty. Expected a line of headers and rows under it.")
_UNKNOWN = noop("{name} is of no known kind. Expected one of: {kinds}.")
_ALREADY = noop("This upload is already under way or done. Open it again to see where.")
_NO_TABLE = noop("Nothing is chosen to import. Say what at least one table holds.")


class UnableToUploadError(Refusal):
    """What was given cannot be taken, or cannot be done now: why, and what can."""


class Incoming(Protocol):
    """A file arriving: its name, its size and its bytes, piece by piece."""

    @property
    def name(self) -> str | None:
        """Return what the sender calls it."""

    @property
    def size(self) -> int | None:
        """Return how many bytes it has."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield its bytes."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person changed: what tables are, and the columns of each.

    `into` gives the canonical table of each table of the mapping, by its rank ("" not
    to import it); `of_sheets` that of sheets recognised as nothing, by their rank.
    """

    into: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[int, Correction] = field(default_factory=dict)
    of_sheets: Mapping[int, str] = field(default_factory=dict)


def receive(
    workspace: Workspace,
    files: Sequence[Incoming],
    *,
    actor: Actor,
    at: datetime.datetime,
    first_run: bool = False,
) -> str:
    """Keep the files given and return the key of the upload, ready to be recognised.

    Raises:
        ForbiddenError: If the actor may not import data.
        UnableToUploadError: If there is no file, too much, or an unknown kind.
    """
    authorise(actor, Act.IMPORT_DATA)
    _check(files)
    _sweep(workspace, at=at)
    key = secrets.token_hex(8)
    folder = workspace.uploads / key
    folder.mkdir(parents=True)
    kept = []
    for place, (file, name) in enumerate(zip(files, _names(files), strict=True)):
        with (folder / str(place)).open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        kept.append({"place": str(place), "name": name, "bytes": file.size})
    with transaction.atomic():
        Upload.objects.create(
            key=key, at=at, by=actor.name, first_run=first_run, files=kept
        )
        names = [one["name"] for one in kept]
        note(actor, "upload", "data", key, at=at, after=names)
    return key


def correct(
    key: str, corrections: Corrections, *, actor: Actor, at: datetime.datetime
) -> None:
    """Change the mapping of an upload that is being checked.

    Raises:
        ForbiddenError: If the actor may not import data.
        UnableToUploadError: If it is not being checked any more.
    """
    authorise(actor, Act.IMPORT_DATA)
    with transaction.atomic():
        upload = _checked(key)
        before = upload.mapping
        upload.mapping = _corrected(upload, corrections)
        upload.save(update_fields=["mapping", "found"])
        if upload.mapping != before:
            note(actor, "map", "data", key, at=at, after=upload.mapping)


def begin(key: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Say that an upload is to be imported as its mapping tells; its worker notes it.

    Raises:
        ForbiddenError: If the actor may not import data.
        UnableToUploadError: If it is not being checked, or nothing is chosen.
    """
    authorise(actor, Act.IMPORT_DATA)
    with transaction.atomic():
        upload = _checked(key)
        if not upload.mapping.strip():
            raise UnableToUploadError(_NO_TABLE)
        upload.state, upload.started_at = UploadState.IMPORTING, at
        upload.save(update_fields=["state", "started_at"])


def discard(
    workspace: Workspace, key: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Forget an upload that was not imported, and its files.

    Raises:
        ForbiddenError: If the actor may not import data.
        UnableToUploadError: If somebody works on it, or it is imported.
    """
    authorise(actor, Act.IMPORT_DATA)
    folder = workspace.uploads / key
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(key=key)
        if upload.state == UploadState.IMPORTED or worker.is_held(folder):
            raise UnableToUploadError(_ALREADY)
        upload.delete()
        note(actor, "discard", "data", key, at=at)
    shutil.rmtree(folder, ignore_errors=True)


def work(
    workspace: Workspace, key: str, *, on: datetime.date, at: datetime.datetime
) -> None:
    """Recognise or import an upload, as its state says; told for a worker.

    Refusals are kept with the upload; `at` is in the company's time.
    """
    upload = Upload.objects.get(key=key)
    folder = workspace.uploads / key
    steps = {
        UploadState.RECOGNISING.value: _recognise,
        UploadState.IMPORTING.value: _import,
    }
    step = steps.get(upload.state)
    if step is None:
        return
    worker.tell(folder, worker.Progress())
    try:
        step(workspace, upload, at)
    except ImportRefusedError as error:
        told = {"code": error.code, "parameters": error.parameters}
        _refuse(upload, told, at=at)
    except Refusal as error:
        told = {"sentence": error.sentence, "parameters": _plain(error)}
        _refuse(upload, told, at=at)
    if upload.state == UploadState.IMPORTED:
        evaluate(workspace, on=on)
        _forget_files(workspace, upload)


def work_through(
    workspace: Workspace, key: str, *, on: datetime.date, at: datetime.datetime
) -> None:
    """Recognise an upload and import it at once, where nothing is left to ask."""
    work(workspace, key, on=on, at=at)
    upload = Upload.objects.get(key=key)
    if upload.state == UploadState.RECOGNISED and upload.mapping.strip():
        begin(key, actor=SYSTEM, at=at)
        work(workspace, key, on=on, at=at)


def give_up(key: str, *, at: datetime.datetime) -> None:
    """Say that the worker fell on something nobody foresaw; the log says more."""
    upload = Upload.objects.get(key=key)
    _refuse(upload, {"code": "broken", "parameters": {}}, at=at)


def _recognise(workspace: Workspace, upload: Upload, at: datetime.datetime) -> None:
    folder = workspace.uploads / upload.key
    look = look_at(workspace, _given(folder, upload), progress=_teller(folder))
    upload.found = looking.as_document(look)
    upload.mapping = looking.mapping_text(look)
    upload.state, upload.ended_at = UploadState.RECOGNISED, at.astimezone(datetime.UTC)
    upload.save()


def _import(workspace: Workspace, upload: Upload, at: datetime.datetime) -> None:
    folder = workspace.uploads / upload.key
    mapping = looking.mapping_of(upload.mapping)
    local = at.astimezone(ZoneInfo(workspace.settings.timezone)).replace(tzinfo=None)
    report = import_file(
        workspace,
        _given(folder, upload),
        mapping=mapping,
        at=local,
        progress=_teller(folder),
    )
    uploader = Actor(SYSTEM.viewer, upload.by)
    follow_people(workspace, report.joins, actor=uploader, at=at)
    _remember(workspace, upload, mapping)
    upload.report = as_document(report)
    upload.state, upload.ended_at = UploadState.IMPORTED, at.astimezone(datetime.UTC)
    with transaction.atomic():
        upload.save()
        note(
            uploader,
            "import",
            "data",
            report.import_id,
            at=at,
            after=report.generation,
            files=[one["name"] for one in upload.files],
            accepted=report.accepted,
            rejected=report.rejected,
        )


def _teller(folder: Path) -> Any:  # noqa: ANN401 - a Progress of connectors
    def tell(step: str, name: str, share: float) -> None:
        worker.tell(folder, worker.Progress(step, name, share))

    return tell


def _given(folder: Path, upload: Upload) -> list[Given]:
    return [Given(folder / one["place"], one["name"]) for one in upload.files]


def _remember(workspace: Workspace, upload: Upload, mapping: FileMapping) -> None:
    """Save what each table of the files was read as, for the next file of its shape."""
    for sheet in _sheets(upload):
        tables = _tables_of(sheet, mapping.tables)
        if tables:
            chosen = FileMapping(tables)
            remember(workspace, chosen, file=sheet["file"], headers=sheet["headers"])


def _tables_of(
    sheet: Mapping[str, Any], tables: Iterable[TableMapping]
) -> tuple[TableMapping, ...]:
    place = (sheet["file"], sheet["sheet"])
    return tuple(one for one in tables if (one.file, one.sheet) == place)


def _refuse(
    upload: Upload, told: Mapping[str, object], *, at: datetime.datetime
) -> None:
    upload.refusal = dict(told)
    upload.state, upload.ended_at = UploadState.REFUSED, at.astimezone(datetime.UTC)
    upload.save()


def _plain(error: Refusal) -> dict[str, str]:
    return {name: str(value) for name, value in error.parameters.items()}


def _sheets(upload: Upload) -> list[dict[str, Any]]:
    found: dict[str, Any] = upload.found or {}
    sheets: list[dict[str, Any]] = found.get("sheets", [])
    return sheets


def _checked(key: str) -> Upload:
    upload = Upload.objects.select_for_update().get(key=key)
    if upload.state != UploadState.RECOGNISED:
        raise UnableToUploadError(_ALREADY)
    return upload


def _corrected(upload: Upload, corrections: Corrections) -> str:
    """Return the mapping file after corrections; guesses made anew are kept."""
    sheets = _sheets(upload)
    places = {(one["file"], one["sheet"]): one for one in sheets}
    tables: list[TableMapping] = []
    for rank, table in enumerate(looking.mapping_of(upload.mapping).tables):
        sheet = places[table.file, table.sheet]
        into = corrections.into.get(rank, table.into)
        if into == table.into:
            told = corrections.columns.get(rank, Correction())
            tables.append(corrected(table, looking.shape_of(sheet), told))
        elif into in TABLES:
            tables.append(_guessed_anew(sheet, into))
    for rank, into in corrections.of_sheets.items():
        if into in TABLES and 0 <= rank < len(sheets):
            tables.append(_guessed_anew(sheets[rank], into))
    return looking.text_of(tables)


def _guessed_anew(sheet: dict[str, Any], into: str) -> TableMapping:
    """Return what a sheet gives the table a person says it is; its guesses change."""
    shape: SourceShape = looking.shape_of(sheet)
    found = recognised_as(shape, into)
    kept = [one for one in sheet["guesses"] if one["table"] != into]
    sheet["guesses"] = kept + [looking.guess_document(one) for one in found.guesses]
    (table,) = found.tables
    return replace(table, file=sheet["file"], sheet=sheet["sheet"])


def _check(files: Sequence[Incoming]) -> None:
    if not files:
        raise UnableToUploadError(_NOTHING)
    if len(files) > MOST_FILES:
        raise UnableToUploadError(_TOO_MANY, count=len(files), most=MOST_FILES)
    size = sum(file.size or 0 for file in files)
    if size > MOST_BYTES:
        raise too_big(size)
    for file in files:
        name = clean_name(file.name or "")
        if not file.size:
            raise UnableToUploadError(_EMPTY, name=name)
        if not name.lower().endswith(ENDINGS):
            kinds = ", ".join(sorted(ENDINGS))
            raise UnableToUploadError(_UNKNOWN, name=name, kinds=kinds)


def too_big(size: int) -> UnableToUploadError:
    """Return the refusal of so many bytes."""
    mega = 1024**2
    return UnableToUploadError(
        _TOO_BIG, size=f"{size / mega:.0f}", most=MOST_BYTES // mega
    )


def clean_name(name: str) -> str:
    """Return a file's name as a word: its last part, without control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(
        one for one in unicodedata.normalize("NFC", last) if one.isprintable()
    )
    plain = plain.strip(". ") or "file"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:20]}"


def _names(files: Sequence[Incoming]) -> list[str]:
    """Return a name of its own for each file."""
    found: list[str] = []
    for file in files:
        name = clean_name(file.name or "")
        stem, dot, ending = name.rpartition(".")
        rank = 2
        while name in found:
            name = f"{stem} ({rank}){dot}{ending}"
            rank += 1
        found.append(name)
    return found


def _forget_files(workspace: Workspace, upload: Upload) -> None:
    for one in upload.files:
        (workspace.uploads / upload.key / one["place"]).unlink(missing_ok=True)


def _sweep(workspace: Workspace, *, at: datetime.datetime) -> None:
    """Forget uploads that nobody imported within a week."""
    old = Upload.objects.filter(at__lt=at - datetime.timedelta(days=KEPT_DAYS))
    for upload in old.exclude(state=UploadState.IMPORTED).order_by("key"):
        folder = workspace.uploads / upload.key
        if not worker.is_held(folder):
            upload.delete()
            shutil.rmtree(folder, ignore_errors=True)
