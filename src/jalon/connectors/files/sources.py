"""What was given to import, made plain: files of a known kind, out of folders and zips.

Names are relative to what was given, with "/" between folders; a zip's members are
extracted under a scratch folder, by number, so that no name in it can lead outside.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from jalon.connectors.files.refusal import ImportRefusedError
from jalon.workspace import damage

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
MOST_BYTES = 16 * 1024**3
SMALL = 256 * 1024**2
MOST_RATIO = 150
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PIECE = 1024 * 1024


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: the name people know it by, where its bytes are, its kind."""

    name: str
    path: Path
    kind: str
    origin: Path

    @property
    def folder(self) -> Path:
        """Return the folder where a joined file may lie."""
        return self.origin if self.origin.is_dir() else self.origin.parent


@dataclass(frozen=True, slots=True)
class Given:
    """A file known by a name that is not where its bytes are: an upload."""

    path: Path
    name: str

    def __str__(self) -> str:
        return self.name


def expanded(paths: Iterable[Path | Given], scratch: Path) -> tuple[SourceFile, ...]:
    """Return the readable files among files, folders and zips, in order of name.

    Raises:
        ImportRefusedError: If a path is missing, empty, of an unknown kind, or a zip
            that leads outside its folder or swells without measure.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    found = [one for path in paths for one in _of_path(path, scratch)]
    if not found:
        given = ", ".join(str(path) for path in paths)
        raise ImportRefusedError("nothing_to_read", path=given)
    return tuple(found)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files, in hexadecimal."""
    digest = hashlib.sha256()
    parts = sorted(path.rglob("*")) if path.is_dir() else [path]
    for part in (one for one in parts if one.is_file()):
        with part.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()


def _of_path(given: Path | Given, scratch: Path) -> Iterator[SourceFile]:
    if isinstance(given, Given):
        yield from _of_single(given, scratch)
        return
    path = given
    if not path.exists():
        raise ImportRefusedError("missing", path=str(path))
    if path.is_dir():
        for one in sorted(path.rglob("*")):
            name = one.relative_to(path).as_posix()
            if one.is_file() and _known(name) and one.stat().st_size:
                yield from _of_file(one, name, path, scratch)
        return
    yield from _of_single(Given(path, path.name), scratch, shown=str(path))


def _of_single(given: Given, scratch: Path, *, shown: str = "") -> Iterator[SourceFile]:
    """Yield the files of one file; `shown` is how refusals name it."""
    shown = shown or given.name
    if not given.path.stat().st_size:
        raise ImportRefusedError("empty", path=shown)
    if not _known(given.name) and not _looks_known(given):
        kinds = ", ".join(sorted({*KINDS, ".zip", ".gz"}))
        raise ImportRefusedError("unknown_kind", path=shown, kinds=kinds)
    yield from _of_file(given.path, given.name, given.path, scratch)


def _known(name: str) -> bool:
    suffix = PurePosixPath(name.lower().removesuffix(".gz")).suffix
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in name.split("/"))
    return not hidden and (suffix in KINDS or suffix == ".zip")


def _looks_known(given: Given) -> bool:
    """Return whether a file without a known suffix is text, or known by its start."""
    with given.path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith((b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xfe\xff", OLD_EXCEL)):
        return True
    return PurePosixPath(given.name).suffix == "" and b"\x00" not in start


def _of_file(
    path: Path, name: str, origin: Path, scratch: Path
) -> Iterator[SourceFile]:
    with path.open("rb") as stream:
        start = stream.read(4)
    lower = name.lower()
    if start.startswith(b"\x1f\x8b"):
        inner = name[:-3] if lower.endswith(".gz") else name
        path = _gunzipped(path, scratch, name)
        lower = inner.lower()
    if lower.endswith(".zip"):
        yield from _of_zip(path, origin, scratch, name)
        return
    kind = KINDS.get(PurePosixPath(lower).suffix, "csv")
    if start.startswith(b"PK\x03\x04"):
        kind = "xlsx"
        _refuse_bomb(path, name)
    elif start.startswith(b"PAR1"):
        kind = "parquet"
    elif start.startswith(OLD_EXCEL):
        raise ImportRefusedError("old_excel", path=name)
    yield SourceFile(name, path, kind, origin)


def _gunzipped(path: Path, scratch: Path, name: str) -> Path:
    target = scratch / f"gz{len(list(scratch.iterdir()))}"
    limit = max(SMALL, path.stat().st_size * MOST_RATIO)
    try:
        with gzip.open(path, "rb") as stream, target.open("wb") as out:
            _copied(stream, out, min(limit, MOST_BYTES), name)
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefusedError("damaged", path=name, why=str(error)) from error
    if not target.stat().st_size:
        raise ImportRefusedError("empty", path=name)
    return target


def _of_zip(path: Path, origin: Path, scratch: Path, name: str) -> Iterator[SourceFile]:
    _refuse_bomb(path, name)
    room = scratch / f"zip{len(list(scratch.iterdir()))}"
    room.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            for place, member in enumerate(sorted(members, key=lambda m: m.filename)):
                if _known(member.filename) and member.file_size:
                    target = room / f"{place}"
                    with archive.open(member) as stream, target.open("wb") as out:
                        _copied(stream, out, member.file_size, name)
                    if not member.filename.lower().endswith(".zip"):
                        yield from _of_file(target, member.filename, origin, scratch)
    except damage.ZIP as error:
        raise ImportRefusedError("damaged", path=name, why=str(error)) from error


def _refuse_bomb(path: Path, name: str) -> None:
    """Refuse an archive that leads outside or swells too much, before reading it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except damage.ZIP as error:
        raise ImportRefusedError("damaged", path=name, why=str(error)) from error
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or member.filename.startswith(("/", "\\")) or _drive(parts):
            raise ImportRefusedError("zip_path", path=name, name=member.filename)
    total = sum(member.file_size for member in members)
    if total > max(SMALL, min(MOST_BYTES, path.stat().st_size * MOST_RATIO)):
        raise ImportRefusedError("zip_bomb", path=name, size=f"{total / 1e9:.1f}")


def _drive(parts: tuple[str, ...]) -> bool:
    return bool(parts) and parts[0].endswith(":")


def _copied(stream: Readable, out: IO[bytes], limit: int, name: str) -> None:
    done = 0
    while piece := stream.read(_PIECE):
        done += len(piece)
        if done > limit:
            raise ImportRefusedError("zip_bomb", path=name, size=f"{done / 1e9:.1f}")
        out.write(piece)
